"""The owner's page of referrals: its numbers are those of the lists behind them."""

import re
from typing import Any

from flask.testing import FlaskClient

from bot import localtime
from bot.db.database import write_transaction
from console.figures import cache
from customers.orders.purchases import Purchase
from customers.people.customer import Customer
from customers.values import windows
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.referrals.tables import Referral, ReferralCode
from tests.console import chats
from tests.console.conftest import SignIn, get

PAGE = "/console/referrals"


def brought(referrer: Customer, name: str, state: str, *, last_month: bool = False, yen: int = 0) -> Customer:
    """A friend in that state, who bought for so much; where both have their points, 200 each."""
    friend = chats.customer(name)
    at = localtime.now()
    if last_month:
        at = localtime.start_of(windows.first_of_month(localtime.today(), 1))
    has_bought = state in ("bought", "rewarded")
    row = Referral.create(
        referrer=referrer,
        referee=friend,
        code=f"C{referrer.id}",
        state=state,
        joined_at=at,
        bought_at=at if has_bought else None,
        rewarded_at=at if state == "rewarded" else None,
        held_at=at if state == "held" else None,
        decided_at=at if state == "rejected" else None,
    )
    if yen:
        bought(friend, f"F{friend.id}", yen)
    if state == "rewarded":
        with write_transaction():
            ledger.earn(referrer.id, Action.REFERRAL, 200, f"referral:{row.id}:referrer")
            ledger.earn(friend.id, Action.REFERRED, 200, f"referral:{row.id}:referee")
    return friend


def bought(who: Customer, number: str, yen: int) -> None:
    now = localtime.now()
    values: dict[str, Any] = {"source": "test", "ordered_at": now, "ordered_on": localtime.today()}
    Purchase.create(customer=who, order_number=number, total_yen=yen, recorded_at=now, **values)


def a_shop() -> dict[str, Customer]:
    """花子 brought four friends, one of whom brought another; 太郎 one who only joined."""
    hanako, taro = chats.customer("花子"), chats.customer("太郎")
    for who in (hanako, taro):
        code = {"code": f"C{who.id}", "made_at": localtime.now(), "invited_count": 3}
        ReferralCode.create(customer=who, **code)
    ken = brought(hanako, "健", "rewarded", yen=5_000)
    brought(hanako, "結衣", "bought", yen=3_000)
    brought(hanako, "誠", "held")
    brought(hanako, "美咲", "rejected", last_month=True)
    brought(taro, "大輔", "joined")
    brought(ken, "さくら", "rewarded", yen=1_000)
    return {"花子": hanako, "健": ken, "太郎": taro}


def numbers_of(page: str, heading: str) -> list[int]:
    """The numbers in the row of the page's own table with that heading, which is after the chart's."""
    *_, row = re.findall(rf'<th scope="row">{heading}</th>(.*?)</tr>', page)
    return [int(each.replace(",", "")) for each in re.findall(r">([\d,]+)人<", row)]


def test_each_step_counts_people_and_its_list_holds_as_many(sign_in: SignIn) -> None:
    a_shop()
    client = sign_in("owner")
    page = get(client, PAGE).text
    expected = {
        "紹介の案内を受け取った人": ("invited", [2, 0, 2]),
        "参加したお友達": ("joined", [5, 1, 6]),
        "購入したお友達": ("bought", [3, 0, 3]),
        "お礼まで届いた": ("rewarded", [2, 0, 2]),
        "確認待ち": ("held", [1, 0, 1]),
        "お断り": ("rejected", [0, 1, 1]),
    }
    for heading, (step, counts) in expected.items():
        assert numbers_of(page, heading) == counts
        for name, count in zip(("month", "last-month", "all"), counts, strict=True):
            listed = get(client, f"{PAGE}/people?step={step}&period={name}").text
            assert listed.count('<tr><th scope="row">') == count
        ever = counts[-1]
        figure = get(client, f"/console/figures/referral-{step}").text
        assert f"{ever}人" in figure
    assert "合計6回" in page


def test_the_leaderboard_has_points_and_friends_sales_and_the_tree_is_two_deep(sign_in: SignIn) -> None:
    people = a_shop()
    client = sign_in("owner")
    page = get(client, PAGE).text
    rows = re.findall(r'<tr><th scope="row"><a href="([^"]+)">(花子|健|太郎)</a></th>(.*?)</tr>', page)
    assert [name for _, name, _ in rows] == ["花子", "健"]
    assert "2人" in rows[0][2]
    assert "¥8,000" in rows[0][2]
    assert ">200<" in rows[0][2]
    tree = page[page.index('<ul class="tree">') :]
    assert tree.index("花子") < tree.index("健") < tree.index("さくら")
    assert "お友達4人" in tree
    friends = get(client, f"{PAGE}/friends/{people['花子'].id}").text
    assert all(name in friends for name in ("健", "結衣", "誠", "美咲"))
    assert get(client, f"{PAGE}/friends/999999").status_code == 404


def test_every_list_is_a_file_too(sign_in: SignIn) -> None:
    people = a_shop()
    Customer.update(display_name='=HYPERLINK("x")').where(Customer.id == people["健"].id).execute()
    client = sign_in("owner")
    for path in ("people?step=joined", "leaders", f"friends/{people['花子'].id}", "paid?period=month"):
        joint = "&" if "?" in path else "?"
        answer = get(client, f"{PAGE}/{path}{joint}file=csv")
        assert answer.mimetype == "text/csv"
        lines = answer.text.removeprefix("\ufeff").splitlines()
        assert lines[0].startswith(("お客様,", "お友達,"))
        assert len(lines) > 1
        assert "\n=HYPERLINK" not in answer.text
    paid = get(client, f"{PAGE}/paid?file=csv").text.splitlines()[1:]
    assert sum(int(line.split(",")[-1]) for line in paid) == 800
    assert "800" in get(client, PAGE).text


def test_referrers_ltv_is_shown_from_thirty_buyers_on(sign_in: SignIn) -> None:
    client = sign_in("owner")
    a_shop()
    assert "まだくらべられません" in get(client, PAGE).text
    for number in range(30):
        referrer, other = chats.customer(f"紹介{number}"), chats.customer(f"ほか{number}")
        brought(referrer, f"友{number}", "bought")
        bought(referrer, f"R{number}", 10_000 + 2_000 * (number % 3))
        bought(other, f"O{number}", 5_000 + 2_000 * (number % 3))
    page = get(client, PAGE).text
    ratio = re.search(r'referrer-ltv-ratio">([\d.]+)倍</a><span class="unit">([\d.]+)倍–([\d.]+)倍', page)
    assert ratio
    assert float(ratio[2]) < float(ratio[1]) < float(ratio[3])
    assert "示すものではありません" in page
    assert "目安は約2倍" in page


def test_days_can_be_chosen_and_bad_ones_are_ignored(sign_in: SignIn) -> None:
    a_shop()
    client = sign_in("owner")
    last_year = get(client, f"{PAGE}?from=2020-01-01&to=2020-12-31").text
    assert "この期間に購入につながった紹介はありません" in last_year
    for bad in ("?from=x&to=y", "?from=2026-12-31&to=2026-01-01", "?period=never", "/leaders?after=x-y"):
        assert get(client, PAGE + bad).status_code == 200
    assert get(client, f"{PAGE}/people?step=unknown").status_code == 404


def test_the_pages_are_the_owners(sign_in: SignIn) -> None:
    staff: FlaskClient = sign_in("staff")
    for path in ("", "/people?step=joined", "/leaders", "/paid"):
        assert get(staff, PAGE + path).status_code == 403


def test_an_empty_shop_and_a_large_one_have_a_page_in_both_languages(
    sign_in: SignIn, monkeypatch: Any
) -> None:
    client = sign_in("owner")
    assert "まだ数字がありません" in get(client, PAGE).text or get(client, PAGE).status_code == 200
    monkeypatch.setattr(cache, "LARGE", 0)
    a_shop()
    with cache._counting:
        assert "はじめての集計" in get(client, PAGE).text
