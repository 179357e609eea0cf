"""The survey's figures from a small table of histories, counted by hand; comments found and tagged."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from bot import conversations, localtime
from bot.config import shop
from bot.db.database import write_transaction
from customers.orders import purchases
from customers.orders.order import Item, Order
from customers.people.customer import Customer
from customers.values import windows
from customers.values.windows import Window
from support.bad_moments import low_scores
from support.bad_moments.low_scores import FirstResponse
from support.tickets import tickets
from surveys.comments import tags, verbatims
from surveys.comments.verbatims import Sought
from surveys.figures import survey_figures
from surveys.figures.closed_loop import Recovery, Response
from surveys.nps import answers, invitations
from surveys.nps.net_promoter_score import Nps
from surveys.nps.segments import Segment

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)
WINDOW = Window(date(2026, 1, 1), date(2026, 4, 1))
_numbers = count(1)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    shop.use({})
    with localtime.fixed(NOW):
        yield


def story(
    score: int | None,
    *,
    days_ago: int = 0,
    sku: str = "",
    first_bought: date | None = None,
    comment: str = "",
    cause: str = "",
) -> int:
    """A customer who was asked, and perhaps answered; the answer's id, 0 without one."""
    number = next(_numbers)
    with localtime.fixed(NOW - timedelta(days=days_ago)), write_transaction():
        customer = Customer.create(
            line_user_id=f"U{number}", display_name=f"客{number}", first_seen_at=localtime.now()
        )
        if sku:
            items = (Item(sku=sku, name=f"{sku}の名前"), Item(sku=sku, name=f"{sku}の名前"))
            order = Order(
                source="csv",
                order_number=str(number),
                ordered_at=localtime.now(),
                ordered_on=localtime.today(),
                total_yen=1_000,
                line_user_id=customer.line_user_id,
                items=items,
            )
            cause = f"purchase:{purchases.record(order).purchase.id}"
        if first_bought:
            Customer.update(first_purchased_on=first_bought).where(Customer.id == customer.id).execute()
        invitation_id = invitations.invite(customer.id, cause or f"staff:{number}")
        if score is None:
            return 0
        recorded = answers.record_score(customer.id, invitation_id, score)
        assert recorded
        if comment:
            answers.add_comment(customer.id, recorded.answer_id, comment)
        return recorded.answer_id


def test_by_product_an_order_with_two_lines_of_it_counts_once() -> None:
    for score, sku in ((10, "A"), (9, "A"), (3, "A"), (8, "B"), (10, "")):
        story(score, sku=sku)

    assert survey_figures.nps_by_product(WINDOW, most=10) == [
        ("A", "Aの名前", Nps(2, 0, 1)),
        ("B", "Bの名前", Nps(0, 1, 0)),
    ]
    assert len(survey_figures.nps_by_product(WINDOW, most=1)) == 1


def test_by_cohort_of_first_purchase() -> None:
    for score, first_bought in (
        (10, date(2025, 12, 31)),
        (0, date(2025, 12, 1)),
        (9, date(2026, 2, 3)),
        (7, None),
    ):
        story(score, first_bought=first_bought)

    assert survey_figures.nps_by_cohort(WINDOW) == [
        (None, Nps(0, 1, 0)),
        (date(2025, 12, 1), Nps(1, 0, 1)),
        (date(2026, 2, 1), Nps(1, 0, 0)),
    ]


HISTORY = (
    # The customer, the day before today on which they answered, and the score.
    ("a", 100, 10),
    ("a", 50, 3),
    ("a", 1, 8),
    ("b", 95, 2),
    ("b", 10, 9),
    ("c", 20, 0),
    ("d", -1, 0),  # tomorrow's is not in any window that ends today
)


@pytest.mark.parametrize(
    ("window", "of_all", "of_latest"),
    [
        (windows.year(date(2026, 4, 1)), Nps(2, 1, 3), Nps(1, 1, 1)),
        (windows.days(date(2026, 4, 1), 90), Nps(1, 1, 2), Nps(1, 1, 1)),
        (windows.days(date(2026, 1, 1), 90), Nps(1, 0, 1), Nps(1, 0, 1)),  # as of then, a was a promoter
        (windows.days(date(2026, 3, 20), 90), Nps(1, 0, 3), Nps(0, 0, 3)),
        (windows.days(date(2025, 6, 1), 90), Nps(0, 0, 0), Nps(0, 0, 0)),
    ],
)
def test_all_answers_beside_the_latest_of_each_person(window: Window, of_all: Nps, of_latest: Nps) -> None:
    people: dict[str, int] = {}
    with write_transaction():
        for name, _, _ in HISTORY:
            if name not in people:
                people[name] = Customer.create(line_user_id=name, first_seen_at=localtime.now()).id
    for number, (name, days_ago, score) in enumerate(HISTORY):
        with localtime.fixed(NOW - timedelta(days=days_ago)), write_transaction():
            invitation = invitations.invite(people[name], f"drip:{number}")
            assert answers.record_score(people[name], invitation, score)

    assert survey_figures.nps(window) == of_all
    assert survey_figures.nps_of_latest(window) == of_latest
    counts = [survey_figures.answerers_of(each, window).count() for each in reversed(Segment)]
    assert sorted(counts) == sorted(
        (of_latest.promoter_count, of_latest.passive_count, of_latest.detractor_count)
    )
    assert survey_figures.answerers(window).count() == of_latest.answer_count


def test_a_question_counts_as_answered_by_the_end_of_the_window() -> None:
    """Asked of two people in March, one of them twice; one answer on 2 April."""
    with localtime.fixed(datetime(2026, 3, 30, 3, tzinfo=UTC)), write_transaction():
        first, second = (
            Customer.create(line_user_id=name, first_seen_at=localtime.now()).id for name in ("a", "b")
        )
        invitations.invite(first, "drip:1")
        invitations.invite(second, "drip:2")
        invitation = invitations.invite(second, "drip:3")
    with localtime.fixed(datetime(2026, 4, 2, 3, tzinfo=UTC)), write_transaction():
        assert answers.record_score(second, invitation, 9)
    assert survey_figures.response(WINDOW) == Response(3, 2, 0)
    assert survey_figures.response(windows.year(date(2026, 4, 2))) == Response(3, 2, 1)
    assert {each for (each,) in survey_figures.asked(WINDOW).tuples()} == {first, second}


def test_only_answers_of_the_days_asked_about_count() -> None:
    story(10, days_ago=91, sku="A", first_bought=date(2025, 1, 1))

    assert survey_figures.nps_by_product(WINDOW, most=10) == []
    assert survey_figures.nps_by_cohort(WINDOW) == []


def test_the_response_rate_counts_each_invited_once_and_nobody_who_asked_for_it() -> None:
    story(9)
    story(None)
    story(None, cause="purchase:900001")
    story(3, cause="word:x")
    with write_transaction():
        invitations.remind(2)

    assert survey_figures.response(WINDOW) == Response(asked_count=3, customer_count=3, answered_count=1)


def test_who_came_round_after_the_ticket_was_resolved() -> None:
    for number, score in enumerate((9, 7, 2, None)):
        story(score, cause=f"ticket:{number}")
    story(10)

    assert survey_figures.recovery(WINDOW) == Recovery(asked_count=4, answered_count=3, recovered_count=2)


def test_tickets_of_low_scores_say_when_they_began_were_answered_and_resolved() -> None:
    story(2)
    story(2)
    unhappy, other = Customer.select().order_by(Customer.id)
    with write_transaction():
        chats = [conversations.ensure(f"U-{each.id}") for each in (unhappy, other)]
        low = tickets.open_ticket(unhappy.id, chats[0], cause=tickets.DETRACTOR, cause_key="1").ticket
        tickets.open_ticket(other.id, chats[1], cause=tickets.ASKED, cause_key="2")
        with localtime.fixed(NOW + timedelta(hours=2)):
            tickets.record_staff_answer(low.id, 7)
        with_staff = set(low_scores.customers_with_staff().tuples())
        with localtime.fixed(NOW + timedelta(hours=3)):
            tickets.resolve(low.id, 7)

    assert with_staff == {(unhappy.id,), (other.id,)}
    promised_at = datetime(2026, 4, 6, 6, tzinfo=UTC)
    """24 hours of staff's time from Wednesday noon: 5, 7 and 7 to Friday evening, 5 more on Monday to 15:00."""
    """From noon to two o'clock is staff's time. As of one o'clock nobody had answered."""
    answered = FirstResponse(NOW, NOW + timedelta(hours=2), promised_at, timedelta(hours=2))
    assert low_scores.first_responses(NOW, NOW + timedelta(days=1)) == [answered]
    assert low_scores.first_responses(NOW, NOW + timedelta(hours=1)) == [
        FirstResponse(NOW, None, promised_at, None)
    ]
    assert low_scores.resolved_since(NOW) == [(unhappy.id, low.id, NOW + timedelta(hours=3))]
    assert low_scores.resolved_at(low.id) == NOW + timedelta(hours=3)
    assert low_scores.resolved_since(NOW + timedelta(hours=4)) == []


# Comments


def comments(sought: Sought, cursor: str | None = None, length: int = 10) -> list[str]:
    return [each.comment for each in verbatims.search(sought, cursor, length).found]


def a_few_words() -> dict[str, int]:
    return {
        comment: story(score, days_ago=days, sku=sku, comment=comment)
        for comment, score, days, sku in (
            ("届くのが 遅かった", 2, 40, "A"),
            ("香りが選べたら", 8, 10, "B"),
            ("100%満足です", 10, 5, "A"),
            ("遅い返事でした", 6, 1, ""),
        )
    }


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        (Sought(), ["遅い返事でした", "100%満足です", "香りが選べたら", "届くのが 遅かった"]),
        (Sought(words="遅"), ["遅い返事でした", "届くのが 遅かった"]),
        (Sought(words="ガ選ﾍﾞ"), ["香りが選べたら"]),
        (Sought(words="遅 届く"), ["届くのが 遅かった"]),
        (Sought(words="0%"), ["100%満足です"]),
        (Sought(words="%"), ["100%満足です"]),
        (Sought(segment=Segment.PASSIVE), ["香りが選べたら"]),
        (Sought(month=date(2026, 2, 1)), ["届くのが 遅かった"]),
        (Sought(sku="A"), ["100%満足です", "届くのが 遅かった"]),
        (Sought(sku="A", words="遅"), ["届くのが 遅かった"]),
        (Sought(sku="Z"), []),
        (Sought(tag="配送"), ["届くのが 遅かった"]),
        (Sought(tag="配送", segment=Segment.PROMOTER), []),
        (Sought(only_unread=True), ["100%満足です", "香りが選べたら", "届くのが 遅かった"]),
    ],
)
def test_comments_are_found(sought: Sought, found: list[str]) -> None:
    ids = a_few_words()
    story(9)
    with write_transaction():
        tags.put(ids["届くのが 遅かった"], "配送")
        verbatims.mark_read(ids["遅い返事でした"], 7)

    assert comments(sought) == found


def test_a_comment_says_what_was_bought() -> None:
    a_few_words()

    (found,) = verbatims.search(Sought(segment=Segment.PASSIVE), None, 10).found

    assert (found.score, found.products) == (8, ("Bの名前",))
    assert verbatims.find(found.answer_id) == found
    assert verbatims.find(4711) is None


@pytest.mark.parametrize("sought", [Sought(), Sought(words="こと")])
def test_pages_follow_each_other_without_gap(sought: Sought) -> None:
    for number in range(7):
        story(8, days_ago=number // 3, comment=f"ひとこと{number}")
    seen, cursor, pages = [], None, 0
    while True:
        page = verbatims.search(sought, cursor, 3)
        seen += [each.comment for each in page.found]
        cursor, pages = page.cursor, pages + 1
        if cursor is None:
            break

    assert (len(seen), len(set(seen)), pages) == (7, 7, 3)


def test_what_one_page_cannot_scan_is_scanned_from_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verbatims, "SCAN_LIMIT", 3)
    for number in range(8):
        story(8, days_ago=number, comment="さがす言葉" if number == 6 else "ほかの言葉")

    first = verbatims.search(Sought(words="さがす"), None, 5)
    second = verbatims.search(Sought(words="さがす"), first.cursor, 5)
    third = verbatims.search(Sought(words="さがす"), second.cursor, 5)

    assert [(len(each.found), each.is_cut) for each in (first, second, third)] == [
        (0, True),
        (0, True),
        (1, False),
    ]


def test_a_cursor_that_nobody_made_starts_over() -> None:
    a_few_words()

    assert len(comments(Sought(), "somewhere")) == 4


def test_an_answer_has_a_tag_once_and_is_read_once() -> None:
    answer = story(8, comment="香りが選べたら")
    with write_transaction():
        assert tags.put(answer, "香り")
        assert not tags.put(answer, "香り")
        assert tags.put(answer, "要望")
        assert tags.of_answers([answer, 4711]) == {answer: ["香り", "要望"]}
        assert tags.counted() == [("要望", 1), ("香り", 1)]
        assert tags.take(answer, "香り")
        assert not tags.take(answer, "香り")
        assert verbatims.unread_count(10) == 1
        assert verbatims.mark_read(answer, 7)
        assert not verbatims.mark_read(answer, 8)
        assert verbatims.unread_count(10) == 0


def test_words_put_right_are_to_be_read_anew() -> None:
    answer = story(8, comment="香りがない")
    customer_id = verbatims.search(Sought(), None, 1).found[0].customer_id
    with write_transaction():
        verbatims.mark_read(answer, 7)
        answers.add_comment(customer_id, answer, "香りが選べたら")

    assert comments(Sought(only_unread=True)) == ["香りが選べたら"]
