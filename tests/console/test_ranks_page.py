"""The owner's page of ranks and points: its numbers are those of the lists and of the ledger."""

import re
from datetime import date, timedelta
from typing import Any

from bot import localtime
from bot.db.database import write_transaction
from console.figures import cache
from console.ranks import figures
from customers.people.customer import Customer
from customers.values import windows
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ranks.rules import Rank
from rewards.ranks.tables import CustomerRank, RankChange
from tests.console import chats
from tests.console.conftest import SignIn, get, post

PAGE = "/console/ranks"


def ranked(name: str, *ranks: Rank, cause: str = "acted", days_ago: int = 0) -> Customer:
    """A customer who had these ranks one after the other, the last since so many days; the others a year before."""
    who = chats.customer(name)
    axes: dict[str, Any] = {"money": 10, "behaviour": 20, "relationship": 0, "rule_version": "1"}
    before = None
    for place, rank in enumerate(ranks, 1):
        at = localtime.now() - timedelta(days=days_ago if place == len(ranks) else 300)
        made = {"before": before, "after": rank, "changed_at": at}
        RankChange.create(customer=who, cause=cause if before else "joined", **made, **axes)
        before = rank
    CustomerRank.create(customer=who, rank=ranks[-1], since=at, reviewed_at=at, **axes)
    return who


def a_shop() -> Customer:
    ranked("続ける 花子", Rank.BASIC, Rank.ACTIVE)
    ranked("昇る 太郎", Rank.ACTIVE, Rank.AMBASSADOR, cause="night:2026-06-15")
    ranked("下がる 健", Rank.PREMIUM, Rank.ACTIVE, cause="night:2026-06-01")
    who = ranked("新しい 結衣", Rank.BASIC)
    with write_transaction():
        ledger.earn(who.id, Action.PURCHASE, 1_200, "order:1")
        ledger.burn(who.id, 200, "coupon:1")
        ledger.earn(who.id, Action.PURCHASE, 70, "order:2", held_until=localtime.today() + timedelta(days=14))
    return who


def test_ranks_are_counted_now_and_at_the_ends_of_months(sign_in: SignIn) -> None:
    a_shop()
    client = sign_in("owner")
    page = get(client, PAGE).text
    for rank, count in ((Rank.BASIC, 1), (Rank.ACTIVE, 2), (Rank.PREMIUM, 0), (Rank.AMBASSADOR, 1)):
        name = f"rank-{rank.name.lower()}"
        assert f'/console/figures/{name}">{count}人' in page
        listed = get(client, f"{PAGE}/people?rank={int(rank)}").text
        assert listed.count('<tr><th scope="row">') == count
    last_month = windows.first_of_month(localtime.today()) - timedelta(days=1)
    assert "下がる 健" in get(client, f"{PAGE}/people?rank=3&on={last_month}").text
    assert "下がる 健" not in get(client, f"{PAGE}/people?rank=3").text


def test_who_rose_and_who_fell_is_listed_with_the_cause(sign_in: SignIn) -> None:
    a_shop()
    client = sign_in("owner")
    page = get(client, PAGE).text
    assert re.search(r"direction=rose[^>]*><strong>2人", page)
    assert re.search(r"direction=fell[^>]*><strong>1人", page)
    rose = get(client, f"{PAGE}/changes?direction=rose").text
    assert "お買い物や回答などの行動で" in rose
    assert "毎日の見直しで" in rose
    risen = get(client, f"{PAGE}/changes?direction=rose&before=1&into=2").text
    assert "続ける 花子" in risen
    assert "昇る 太郎" not in risen
    fell = get(client, f"{PAGE}/changes?direction=fell").text
    assert "下がる 健" in fell
    assert "見直しの日に" in fell
    assert get(client, f"{PAGE}/changes?direction=sideways").status_code == 404


def test_points_are_those_of_the_ledger(sign_in: SignIn) -> None:
    who = a_shop()
    client = sign_in("owner")
    page = get(client, PAGE).text
    assert 'points-liability-yen">¥1,000</a><span class="unit">1,000ポイント・1人' in page
    assert re.search(r'points-pending">70</a>', page)
    assert "+1,200" in page
    assert "-200" in page
    entries = get(client, f"{PAGE}/entries?kind=earn&file=csv").text.splitlines()[1:]
    assert sum(int(line.split(",")[-1]) for line in entries) == 1_200
    last_on = localtime.today() + timedelta(days=365)
    expiring = get(client, f"{PAGE}/points?from={last_on}&to={last_on}").text
    assert "新しい 結衣" in expiring
    assert re.search(rf"/{who.id}[^>]*>1,000</a>", expiring)
    counted = figures.of_shop()
    assert counted
    assert sum(each.points for each in counted.expiring) == counted.liability.outstanding == 1_000
    for bad in ("points?from=x", "entries?kind=nothing", "people?rank=9", "people"):
        assert get(client, f"{PAGE}/{bad}").status_code == 404


def test_a_class_of_an_axis_and_a_distance_open_their_people(sign_in: SignIn) -> None:
    a_shop()
    client = sign_in("owner")
    assert get(client, f"{PAGE}/people?axis=behaviour&low=1&high=20").text.count('<tr><th scope="row">') == 4
    near = get(client, f"{PAGE}/people?rank=1&low=1&high=10").text
    assert "新しい 結衣" in near, "20 of the 25 that Active asks for"
    assert near.count('<tr><th scope="row">') == 1


def test_points_by_month_are_overdue_ahead_later_or_never() -> None:
    today = date(2026, 6, 15)
    left = {today - timedelta(days=1): 5, today: 7, today + timedelta(days=900): 11, None: 13}
    found = figures.expiring(left, today)
    assert (found[0].is_overdue, found[0].points) == (True, 5)
    assert found[1].points == 7
    assert (found[-2].is_later, found[-2].points) == (True, 11)
    assert (found[-1].window, found[-1].points) == (None, 13)
    assert sum(each.points for each in found) == 36


def test_the_page_is_the_owners_in_both_languages_and_cached_for_a_large_shop(
    sign_in: SignIn, monkeypatch: Any
) -> None:
    assert get(sign_in("staff"), PAGE).status_code == 403
    client = sign_in("owner")
    assert get(client, PAGE).status_code == 200, "an empty shop"
    a_shop()
    post(client, "/console/language/en", page="/console/ranks")
    assert "Ambassador" in get(client, PAGE).text
    monkeypatch.setattr(cache, "LARGE", 0)
    with cache._counting:
        assert "first time" in get(client, PAGE).text
    figures.refresh()
    assert "Ambassador" in get(client, PAGE).text
