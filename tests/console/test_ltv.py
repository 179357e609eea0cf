"""The owner's page of sales and LTV, its lists, and the costs that the owner enters."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot import localtime
from bot.db.database import write_transaction
from console.figures import cache
from console.figures.definitions import ltv as definitions
from console.ltv import counted
from console.shell.audit import AuditEntry
from customers.costs import acquisition_costs
from customers.costs.versions import Costs
from customers.figures import buyers
from customers.orders import purchases
from customers.orders.tables import Purchase, PurchaseItem
from surveys.nps.answers import SurveyAnswer
from surveys.nps.invitations import SurveyInvitation
from tests.console import chats
from tests.console.conftest import SignIn, get, post

OLD, NEW = 80, 30


@pytest.fixture
def owner(sign_in: SignIn) -> FlaskClient:
    return sign_in("owner")


@pytest.fixture
def shop(owner: FlaskClient) -> None:
    """Eighty customers who bought 400 days ago: half again 30 days later and today; thirty who bought first 100 days
    ago; for ¥9,000 each time. The first seventy are promoters by an answer of yesterday."""
    today = localtime.today()
    people = [chats.customer(f"客 {number}子") for number in range(OLD + NEW)]
    with write_transaction():
        for number, who in enumerate(people):
            days = (100,) if number >= OLD else (400, 370, 0) if number % 2 else (400,)
            for days_ago in days:
                on = today - timedelta(days=days_ago)
                order = Purchase.create(
                    source="t", order_number=f"N-{number}-{days_ago}", customer=who, ordered_on=on,
                    ordered_at=localtime.start_of(on), total_yen=9_000, recorded_at=localtime.start_of(on),
                )  # fmt: skip
                PurchaseItem.create(purchase=order, sku="TEA", name="お茶")
            purchases.refresh(who)
            if number < 70:
                at = localtime.now() - timedelta(days=1)
                asked = SurveyInvitation.create(customer=who, cause=f"t:{number}", asked_at=at)
                SurveyAnswer.create(
                    invitation=asked, customer=who, score=9, segment="promoter", answered_at=at,
                    answered_on=localtime.local_date(at),
                )  # fmt: skip


def enter(client: FlaskClient, **form: Any) -> Any:
    return post(client, "/console/ltv/costs", page="/console/ltv", **form)


def test_only_the_owner_may_open_it(sign_in: SignIn) -> None:
    staff = sign_in("staff")
    for place in ("ltv", "ltv/people?list=class&place=1", "ltv/people.csv?list=class&place=1"):
        assert get(staff, f"/console/{place}").status_code == 403
    assert enter(staff, from_month="2026-11", cpo_yen="1", margin_percent="1").status_code == 403


def test_an_empty_shop_says_so(owner: FlaskClient) -> None:
    page = get(owner, "/console/ltv").text
    assert "まだ少なすぎます（0）" in page
    assert "CPOと粗利率がまだ入力されていないので" in page
    assert "まだ、2回目の購入はありません。" in page


def test_the_page_says_what_the_definitions_count(owner: FlaskClient, shop: None) -> None:
    page, today = get(owner, "/console/ltv").text, localtime.today()
    counted = {each.name: each.count(today) for each in definitions.DEFINITIONS}
    assert counted["ltv-matured"].value == (9_000 + 18_000) / 2
    assert (counted["second-purchase-rate"].part, counted["second-purchase-rate"].count) == (40, OLD)
    assert counted["continuation-rate"].value == 40 / 110
    assert counted["sales-year"].value == 70 * 9_000
    assert counted["year-retention"].value == 0.5
    assert "¥13,500" in page and "50.0%" in page and "¥630,000" in page
    for name in counted:
        assert f"/console/figures/{name}" in page, f"{name} is on the page with its definition"


def test_a_large_shops_figures_come_from_the_clock_and_are_the_same(
    shop: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = counted.current()
    assert now is not None and not now.is_cached
    monkeypatch.setattr(cache, "is_large", lambda: True)
    counted.refresh()
    cached = counted.current()
    assert cached is not None and cached.is_cached
    assert replace(cached, counted_at=now.counted_at, is_cached=False) == now


def test_every_figure_has_the_people_it_counts(shop: None) -> None:
    today = localtime.today()
    by_name = {each.name: each for each in definitions.DEFINITIONS}

    def people(name: str) -> int:
        found = by_name[name].people
        assert found is not None
        return int(found(today).count())

    assert people("ltv") == 70
    assert people("ltv-matured") == OLD
    assert people("continuation-rate") == by_name["continuation-rate"].count(today).part == 40
    assert people("second-purchase-rate") == by_name["second-purchase-rate"].count(today).part == 40
    assert people("year-retention") == 40
    assert people("ltv-promoters") == by_name["ltv-promoters"].count(today).count == 35
    assert people("ltv-silent") == by_name["ltv-silent"].count(today).count == 35
    assert people("share-18000-and-3") == by_name["share-18000-and-3"].count(today).part == 0


def test_every_number_of_the_page_leads_to_a_list(owner: FlaskClient, shop: None) -> None:
    page = get(owner, "/console/ltv").text + get(owner, "/console/ltv?cells=second").text
    lists = set(re.findall(r'href="(/console/ltv/people\?[^"]+)"', page))
    kinds = {each for address in lists for each in re.findall(r"list=(\w+)", address)}
    assert kinds == {"class", "step", "segment", "cohort", "product"}
    for each in lists:
        assert get(owner, each.replace("&amp;", "&")).status_code == 200
    counts = re.findall(r'href="/console/ltv/people(\?[^"]+)">([0-9]+)人</a>', page)
    assert len(counts) >= 6
    for address, count in counts:
        lines = get(owner, "/console/ltv/people.csv" + address.replace("&amp;", "&")).text.splitlines()
        assert len(lines) == int(count) + 1, "the list holds as many as the cell says"


def test_a_list_has_a_page_and_a_file(owner: FlaskClient, shop: None) -> None:
    address = "list=step&place=1&back=0"
    page = get(owner, f"/console/ltv/people?{address}").text
    assert "1回目のあと、まだ次のご購入のない方" in page and page.count('<th scope="row">') == 50
    lines = get(owner, f"/console/ltv/people.csv?{address}").text.splitlines()
    assert len(lines) == 71 and lines[0].startswith("\ufeffお客様番号")


@pytest.mark.parametrize("few_lines", [0, 20_000])
def test_the_gaps_of_a_product_lead_to_who_bought_it_again(
    owner: FlaskClient, shop: None, few_lines: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buyers, "FEW_LINES", few_lines)
    lines = get(owner, "/console/ltv/people.csv?list=product&sku=TEA").text.splitlines()
    assert len(lines) == 1 + OLD // 2, (
        "those who bought again today; who bought once, or last over a year ago, did not"
    )
    assert "この12か月に「TEA」をまた買った方" in get(owner, "/console/ltv/people?list=product&sku=TEA").text
    assert len(get(owner, "/console/ltv/people.csv?list=product&sku=NONE").text.splitlines()) == 1


@pytest.mark.parametrize(
    "address",
    [
        *("", "list=everything", "list=class&place=9", "list=class&place=-1", "list=step&place=11"),
        *(
            "list=segment&name=nobody",
            "list=cohort&month=2026-13&since=0",
            "list=cohort&month=1999-01&since=0",
        ),
        "list=cohort&month=9999-12&since=0",
        "list=product",
        "list=product&sku=" + "X" * 65,
    ],
)
def test_an_unknown_list_is_not_found(owner: FlaskClient, address: str) -> None:
    assert get(owner, f"/console/ltv/people?{address}").status_code == 404
    assert get(owner, f"/console/ltv/people.csv?{address}").status_code == 404


def test_costs_are_entered_used_and_undone(owner: FlaskClient, shop: None) -> None:
    month = localtime.today().strftime("%Y-%m")
    form = {"from_month": month, "cpo_yen": "４，５００円", "margin_percent": "60"}
    assert enter(owner, **form).status_code == 303
    page = get(owner, "/console/ltv").text
    assert "平均のお客様は、はじめてのご購入から1か月目（30日目まで）にCPOを回収します。" in page
    assert "CPO ¥4,500" in page and "3.00倍" in page
    assert acquisition_costs.costs_on(localtime.today()) == Costs(4_500, 600)
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.kind, '"cpo_yen": 4500' in entry.details) == ("enter_cost", True)
    assert enter(owner, **(form | {"cpo_yen": "90000"})).status_code == 303
    assert "まだ回収していません。" in get(owner, "/console/ltv").text
    newest = acquisition_costs.versions()[0]
    assert post(owner, f"/console/ltv/costs/{newest.id}/undo", page="/console/ltv").status_code == 303
    assert acquisition_costs.costs_on(localtime.today()) == Costs(4_500, 600)
    assert len(acquisition_costs.versions()) == 3, "an undo is a version of its own"
    post(owner, f"/console/ltv/costs/{newest.id}/undo", page="/console/ltv")
    assert len(acquisition_costs.versions()) == 3, "what is not in force any more is not undone again"
    assert post(owner, "/console/ltv/costs/999/undo", page="/console/ltv").status_code == 404


def test_the_same_entry_twice_is_one_version(owner: FlaskClient) -> None:
    for _ in range(2):
        assert enter(owner, from_month="2026-04", cpo_yen="3000", margin_percent="55.5").status_code == 303
    assert len(acquisition_costs.versions()) == 1


@pytest.mark.parametrize(
    ("field", "written", "sentence"),
    [
        ("from_month", "", "までの月を入れてください"),
        ("from_month", "2026-13", "までの月を入れてください"),
        ("from_month", "1999-12", "2000年1月から"),
        ("from_month", "2099-01", "までの月を入れてください"),
        ("cpo_yen", "0", "1円から10,000,000円までの数字"),
        ("cpo_yen", "-5", "例：4500"),
        ("cpo_yen", "99999999999999", "例：4500"),
        ("cpo_yen", "4500.5", "例：4500"),
        ("margin_percent", "0", "例：62.5"),
        ("margin_percent", "100.1", "例：62.5"),
        ("margin_percent", "あ", "例：62.5"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(
    owner: FlaskClient, field: str, written: str, sentence: str
) -> None:
    form = {"from_month": "2026-11", "cpo_yen": "3210", "margin_percent": "44.4", field: written}
    answer = enter(owner, **form)
    assert answer.status_code == 422 and sentence in answer.text
    for name, value in form.items():
        assert f'name="{name}"' in answer.text and f'value="{value}"' in answer.text
    assert acquisition_costs.versions() == []
