"""The ledger as customers read it: every line that explains something, with the reason where no points were given."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from customers.people import customer as customers
from rewards.ledger import due_points, earning_limits, explanations, ledger
from rewards.ledger.actions import Action
from rewards.ranks import notifications
from rewards.ranks.nightly_review import ROSE
from rewards.ranks.rules import Rank
from rewards.ranks.tables import RankNews

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    shop.use({"points": {"comments_a_day": 1}})
    with localtime.fixed(NOON):
        yield
    shop.use({})


def read(customer_id: int) -> list[tuple[str, int, str]]:
    return [(each.reason, each.points, each.why) for each in explanations.recent(customer_id, 10)]


def test_each_line_says_what_it_gave_or_why_not() -> None:
    with write_transaction():
        hanako = customers.get_or_create_by_line_user("U" + "1" * 32).id
        ledger.earn(hanako, Action.COMMENT, 10, "comment:1")
        ledger.earn(hanako, Action.COMMENT, 10, "comment:2")
        ledger.earn(hanako, Action.SURVEY_ANSWER, 0, "answer:1")
        ledger.earn(hanako, Action.PURCHASE, 0, "order:1")
        ledger.refuse(hanako, Action.PURCHASE, "order:2", earning_limits.ORDER_REVERSED)
        held_until = localtime.today() + timedelta(days=14)
        for number in (3, 4):
            ledger.earn(hanako, Action.PURCHASE, 50, f"order:{number}", held_until=held_until)
        ledger.reverse("order:4", "cancel:4")

    assert read(hanako) == [
        ("お買い上げの取り消し", -50, "これからお渡しする分から差し引きました"),
        ("お買い上げ", 50, "4月15日から使えます"),
        ("お買い上げ", 0, "ご注文が取り消しになったため、つきませんでした"),
        ("お買い上げ", 0, "100円ごとにつくため、今回はつきませんでした"),
        ("ひとこと", 0, "1日1回までのため、今回はつきませんでした"),
        ("ひとこと", 10, ""),
    ]
    shop.use({"points": {"purchase_per_100_yen": 0}})
    assert ("お買い上げ", 0, "100円ごとにつくため、今回はつきませんでした") not in read(hanako)

    with localtime.fixed(NOON + timedelta(days=14)), write_transaction():
        assert due_points.release(hanako) == 1
    assert read(hanako)[:2] == [
        ("お買い上げ", 50, ""),
        ("お買い上げの取り消し", -50, "これからお渡しする分から差し引きました"),
    ]


def test_a_rise_that_is_put_off_is_news_again_tomorrow_and_not_before() -> None:
    with write_transaction():
        hanako = customers.get_or_create_by_line_user("U" + "1" * 32).id
        RankNews.create(customer=hanako, kind=ROSE, rank=Rank.ACTIVE, made_on=localtime.today())
        (news,) = notifications.take(10)
        notifications.postpone_rise(hanako, news.rank)
        assert notifications.take(10) == []
    with localtime.fixed(NOON + timedelta(days=1)), write_transaction():
        (again,) = notifications.take(10)
    assert again.rank == news.rank
    assert again.event_id != news.event_id
