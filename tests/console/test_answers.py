"""The pages of customers' answers: figures with enough answers; comments searched, tagged, marked as read."""

import csv
import html
import io
import re
from datetime import timedelta

import pytest

from bot import localtime
from bot.db.database import write_transaction
from console.figures import answers, cache
from support.tickets import tickets
from support.tickets.tickets import Ticket
from surveys.comments import tags, verbatims
from surveys.comments.verbatims import Sought
from surveys.nps import invitations
from surveys.nps.answers import SurveyAnswer, record_score
from surveys.nps.net_promoter_score import Nps
from tests.console import chats, figures_of_a_year
from tests.console.conftest import SignIn, get, post

PAGE = "/console/answers"


def words_on(page: str) -> list[str]:
    return re.findall(r"<blockquote[^>]*>([^<]*)</blockquote>", page)


def answer_of(comment: str) -> int:
    return int(SurveyAnswer.get(SurveyAnswer.comment == comment).id)


def a_few_answers() -> None:
    chats.scored(chats.customer("佐藤 美咲"), 8, "香りが選べたら10点です", days_ago=2)
    chats.scored(chats.customer("山本 健太"), 3, "届くまでに10日かかりました", days_ago=40)
    chats.scored(chats.customer("森 葵"), 10, "", days_ago=1)


def test_an_empty_shop_has_both_pages(sign_in: SignIn) -> None:
    staff = sign_in("staff")
    assert "まだひとことは届いていません" in get(staff, PAGE).text
    page = get(staff, f"{PAGE}/figures").text
    assert "回答0件 判断するにはまだ少なすぎます" in page
    assert "お返事を待ったお客様は、まだいません" in page


def test_the_newest_words_come_first_with_what_they_suggest(sign_in: SignIn) -> None:
    a_few_answers()
    page = get(sign_in("staff"), PAGE).text
    assert words_on(page) == ["香りが選べたら10点です", "届くまでに10日かかりました"]
    assert "＋香り" in page
    assert "＋配送" in page
    assert re.search(r"未読 2</a>", page)
    assert re.search(r'<b><a href="/console/customers/\d+">', page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=10日", ["届くまでに10日かかりました"]),
        ("words=10　香り", ["香りが選べたら10点です"]),
        ("segment=passive", ["香りが選べたら10点です"]),
        ("segment=promoter", []),
        ("tag=香り", ["香りが選べたら10点です"]),
        ("unread=1", ["届くまでに10日かかりました"]),
        (
            "segment=anyone&month=then&cursor=there",
            ["香りが選べたら10点です", "届くまでに10日かかりました"],
        ),
        ("sku=HD-101", []),
    ],
)
def test_each_filter_is_an_address(sign_in: SignIn, query: str, found: list[str]) -> None:
    a_few_answers()
    scented = answer_of("香りが選べたら10点です")
    with write_transaction():
        tags.put(scented, "香り")
        verbatims.mark_read(scented, 1)
    assert words_on(get(sign_in("staff"), f"{PAGE}?{query}").text) == found


def test_a_month_is_an_address(sign_in: SignIn) -> None:
    a_few_answers()
    month = (localtime.today() - timedelta(days=40)).strftime("%Y-%m")
    page = get(sign_in("staff"), f"{PAGE}?month={month}").text
    assert "届くまでに10日かかりました" in words_on(page)


def test_words_of_customers_are_no_part_of_the_page(sign_in: SignIn) -> None:
    chats.scored(chats.customer("<b>"), 8, "<script>alert(1)</script>")
    page = get(sign_in("staff"), f"{PAGE}?words=%3Cscript%3E&tag=%22%3E%3Cb%3E").text
    assert "<script>alert" not in page
    assert '"><b>' not in page


def test_the_list_goes_on(sign_in: SignIn) -> None:
    who = chats.customer("よく書く方")
    for number in range(35):
        chats.scored(who, 8, f"ひとこと{number:02}")
    staff = sign_in("staff")
    page = get(staff, f"{PAGE}?words=ひとこと").text
    further = re.search(r'class="paging"><a class="btn" href="([^"]+)"', page)
    assert further
    rest = get(staff, further[1].replace("&amp;", "&")).text
    assert (len(words_on(page)), len(words_on(rest))) == (30, 5)
    assert not set(words_on(page)) & set(words_on(rest))


def test_a_search_that_one_scan_cannot_end_leads_on(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbatims, "SCAN_LIMIT", 1)
    a_few_answers()
    page = get(sign_in("staff"), f"{PAGE}?words=10日").text
    assert "まだ見つかっていません" in page
    assert "もっと古いひとことを探す" in page


def test_staff_tag_an_answer_and_come_back_to_where_they_were(sign_in: SignIn) -> None:
    a_few_answers()
    number = answer_of("香りが選べたら10点です")
    staff = sign_in("staff")
    answer = post(staff, f"{PAGE}/{number}/tags", page=PAGE, put="　香り ", at="segment=passive&evil=1")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{PAGE}?segment=passive#answer-{number}"
    page = get(staff, f"{PAGE}?segment=passive").text
    assert "タグ「香り」を外す" in page
    assert "＋香り" not in page, "suggested no more"
    assert "既読" in page, "who tags has read"
    post(staff, f"{PAGE}/{number}/tags", page=PAGE, take="香り")
    assert tags.of_answers([number]) == {}


def test_htmx_gets_the_one_answer_back(sign_in: SignIn) -> None:
    a_few_answers()
    number = answer_of("届くまでに10日かかりました")
    part = post(sign_in("staff"), f"{PAGE}/{number}/read", page=PAGE, htmx=True).text
    assert part.strip().startswith("<li")
    assert "既読にする" not in part
    assert words_on(part) == ["届くまでに10日かかりました"]
    row = SurveyAnswer.get_by_id(number)
    assert row.read_by_id is not None


@pytest.mark.parametrize("tag", ["", "　", "あ" * 31])
def test_what_can_be_no_tag_is_refused_with_a_word(sign_in: SignIn, tag: str) -> None:
    a_few_answers()
    staff = sign_in("staff")
    post(staff, f"{PAGE}/{answer_of('香りが選べたら10点です')}/tags", page=PAGE, put=tag)
    assert "タグは、1文字から30文字" in get(staff, PAGE).text
    assert tags.counted() == []


def test_answers_that_are_not_there(sign_in: SignIn) -> None:
    a_few_answers()
    staff = sign_in("staff")
    assert post(staff, f"{PAGE}/4711/read", page=PAGE).status_code == 404
    assert post(staff, f"{PAGE}/4711/tags", page=PAGE, put="香り").status_code == 404


def test_the_figures_stand_with_their_intervals(sign_in: SignIn) -> None:
    """40 answers: 20 promoters, 12 passives, 8 detractors. NPS +30; as adjusted 12/43 ± 1.96·√((29.5/43−0.0779)/43)."""
    for score in [10] * 20 + [8] * 12 + [2] * 8:
        chats.scored(chats.customer("客"), score)
    page = get(sign_in("staff"), f"{PAGE}/figures").text
    assert '<p class="big">+30</p>' in page
    assert "+5から+51 · 回答40件" in page
    assert "40人にたずねた40件のうち40件に回答" in page
    assert re.search(
        r"ご購入のない方</th><td class=\"number\"><strong>\+30</strong></td><td class=\"number quiet\">\+5から\+51",
        page,
    )
    assert "/console/answers/list" not in page, "the list is the owner's"


def test_a_year_by_month_product_and_first_purchase(sign_in: SignIn) -> None:
    figures_of_a_year.build(300)
    page = get(sign_in("staff"), f"{PAGE}/figures").text
    assert "はちみつ石けん" in page
    assert "会員ランクごとのNPSは出していません" in page
    assert "まだ少なすぎます" in page, "some months have too few"
    of_shop = answers.of_shop()
    assert of_shop
    counted = [sum(nps.answer_count for nps in some) for some in parts_of(of_shop)]
    assert counted == [of_shop.nps.answer_count] * 3


def parts_of(figures: answers.AnswerFigures) -> list[list[Nps]]:
    """All bought one product, and first at some time: each part adds up to the whole."""
    return [
        [nps for _, nps in figures.months],
        [product.nps for product in figures.products],
        [*(nps for _, nps in figures.cohorts), figures.earlier, figures.without_purchase],
    ]


def test_reply_times_to_detractors_and_whose_score_rose(sign_in: SignIn) -> None:
    """Opened two weeks ago at noon, a weekday, before there were promised reply times: answered after three hours of
    plain and of staff's time; never answered. One of the two gave a better score later."""
    opened_at = (localtime.now() - timedelta(days=14)).replace(hour=3, minute=0, second=0, microsecond=0)
    opened_at -= timedelta(days=max(0, localtime.local_date(opened_at).weekday() - 4))
    for name, heard in (("聞いてもらえた", True), ("待っている", False)):
        made = chats.ticket(chats.customer(name), tickets.DETRACTOR)
        response = {"first_response_at": opened_at + timedelta(hours=2, minutes=47)} if heard else {}
        Ticket.update(opened_at=opened_at, due_at=None, **response).where(Ticket.id == made.id).execute()
        with write_transaction():
            again = invitations.invite(made.customer_id, f"ticket:{made.id}")
            record_score(made.customer_id, again, 9 if heard else 2)
    page = get(sign_in("staff"), f"{PAGE}/figures").text
    assert re.search(r"営業時間で</span> 2時間47分", page)
    assert "お返事した1件のまんなかの値" in page
    assert "2件のうち1件が期限内" in page
    assert "もう一度たずねた2件のうち1件が7点以上" in page


def test_each_number_leads_to_its_answers_and_their_file(sign_in: SignIn) -> None:
    figures_of_a_year.build(300)
    owner = sign_in("owner")
    of_shop = answers.of_shop()
    assert of_shop
    page = get(owner, f"{PAGE}/figures").text
    cells = re.findall(r'href="(/console/answers/list[^"]*)">(\d+)</a>', page)
    assert len(cells) == 4 * (len(of_shop.months) + len(of_shop.products) + len(of_shop.cohorts) + 2)
    for address, number in cells[:: len(cells) // 12]:
        path, query = html.unescape(address).split("?")
        lines = list(csv.reader(io.StringIO(get(owner, f"{path}.csv?{query}").text)))
        assert len(lines) == int(number) + 1, address
    whole = get(owner, f"{PAGE}/list").text
    assert whole.count('data-label="点数"') == 50
    rest = html.unescape(re.findall(r'href="([^"]*after=[^"]*)"', whole)[0])
    assert get(owner, rest).status_code == 200
    ids = [re.findall(r"#(\d+)</span>", text) for text in (whole, get(owner, rest).text)]
    assert not set(ids[0]) & set(ids[1]), "each answered once"


@pytest.mark.parametrize(
    "query",
    ["since=never&until=2026-13-01", "after=x", "after=2026-01-01.-5", "segment=anyone", "first_from=x"],
)
def test_a_list_of_nonsense_is_the_list_of_the_year(sign_in: SignIn, query: str) -> None:
    a_few_answers()
    page = get(sign_in("owner"), f"{PAGE}/list?{query}").text
    assert page.count('data-label="点数"') == 3


def test_a_list_has_the_segment_and_the_days_of_its_address(sign_in: SignIn) -> None:
    a_few_answers()
    owner, today = sign_in("owner"), localtime.today()
    assert "山本 健太" in get(owner, f"{PAGE}/list?segment=detractor").text
    late = get(owner, f"{PAGE}/list?since={today - timedelta(days=2)}&until={today}").text
    assert "山本 健太" not in late and "森 葵" in late
    assert get(sign_in("staff"), f"{PAGE}/list").status_code == 403


def test_a_large_shops_figures_are_cached(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    figures_of_a_year.build(60)
    counted = answers.of_shop()
    assert counted
    monkeypatch.setattr(cache, "LARGE", 0)
    answers.refresh()
    shown = answers.of_shop()
    assert shown
    assert shown.is_cached
    assert parts_of(shown) == parts_of(counted)
    assert "集計" in get(sign_in("staff"), PAGE).text


def test_strangers_see_nothing(sign_in: SignIn, stranger: object) -> None:
    a_few_answers()
    answer = get(stranger, PAGE)  # type: ignore[arg-type]
    assert answer.status_code == 303
    assert verbatims.search(Sought(), None, 5).found
