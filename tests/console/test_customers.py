"""The customers' pages: found by what staff know, everything about one of them, the list and its files."""

import csv
import io
import json
import re
import zipfile
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import localtime
from bot.db.database import database, write_transaction
from bot.queue.inbox import InboxEvent
from bot.routing import event_kinds
from console.customers import sheet_columns, sheet_facts, sheet_files
from console.shell.audit import AuditEntry
from customers.orders import buyers
from customers.orders.purchases import Purchase, PurchaseItem
from customers.orders.tables import CANCELLED
from customers.people import customer as customers
from customers.people import customer_names, customer_tags
from customers.people.customer import Customer
from journeys.audience import saved_audiences
from journeys.audience.definition import Audience
from journeys.enrolments import requests
from tests import orders
from tests.console import chats
from tests.console.conftest import enter, get, post


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    return enter(app, "staff")


@pytest.fixture
def owner(app: Flask) -> FlaskClient:
    return enter(app, "owner")


@pytest.fixture
def misaki(app: Flask) -> Customer:
    return chats.customer("佐藤 美咲")


def ordered(who: Customer, at: datetime, yen: int = 3_000) -> Purchase:
    with write_transaction():
        return orders.ordered(who, at, yen)


def names_in(page: str) -> set[str]:
    """Whom a page links to."""
    return set(re.findall(r'<a href="/console/customers/\d+">([^<]+)</a>', page))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("美咲", {"佐藤 美咲"}),
        ("佐藤美咲", {"佐藤 美咲"}),
        ("ﾊﾅｺ", {"山田 はなこ"}),
        ("A-1001", {"佐藤 美咲"}),
        ("Ａ-1001", {"佐藤 美咲"}),
        ("M-77", {"山田 はなこ"}),
        ("U" + "7" * 32, {"佐藤 美咲"}),
        ("常連", {"山田 はなこ"}),
        ("いません", set()),
    ],
)
def test_one_field_finds_by_name_numbers_and_tag(staff: FlaskClient, query: str, found: set[str]) -> None:
    first = chats.customer("佐藤 美咲", "U" + "7" * 32)
    second = chats.customer("山田 はなこ")
    order = ordered(first, localtime.now())
    Purchase.update(order_number="A-1001").where(Purchase.id == order.id).execute()
    with write_transaction():
        buyer = buyers.get_or_create("M-77", None, None)
        assert buyer is not None
        buyers.Buyer.update(customer=second).where(buyers.Buyer.id == buyer.id).execute()
        customer_tags.add(second.id, "常連")
    page = get(staff, f"/console/customers?q={quote(query)}").text
    assert names_in(page) == found


def test_an_order_of_nobody_on_line_is_named(staff: FlaskClient, misaki: Customer) -> None:
    order = ordered(misaki, localtime.now())
    Purchase.update(customer=None, order_number="B-1").where(Purchase.id == order.id).execute()
    assert "まだつながっていません" in get(staff, "/console/customers?q=B-1").text


def test_all_are_listed_and_counted_with_how_many_can_be_written_to(
    staff: FlaskClient, misaki: Customer
) -> None:
    blocked = chats.customer("高橋 桜")
    with write_transaction():
        customers.block(blocked)
    page = get(staff, "/console/customers").text
    assert names_in(page) == {"佐藤 美咲", "高橋 桜"}
    assert '<strong class="big">2</strong>' in page
    assert "お知らせを送れる方は1人です" in page


def test_a_filter_narrows_the_list_is_saved_and_goes_on_to_a_campaign(
    owner: FlaskClient, misaki: Customer
) -> None:
    chats.customer("高橋 桜")
    chats.bought(misaki, 3, 9_000, localtime.today())
    page = get(owner, "/console/customers?audience.min_orders=2").text
    assert names_in(page) == {"佐藤 美咲"}
    assert "お買い物2回以上" in page
    assert "/console/campaigns/new?audience.min_orders=2" in page
    assert names_in(get(owner, "/console/customers?q=佐藤&audience.min_orders=4").text) == set()
    assert names_in(get(owner, "/console/customers?q=佐藤&audience.min_orders=3").text) == {"佐藤 美咲"}
    answer = post(
        owner,
        "/console/customers/save",
        filter='{"min_orders": 2}',
        audience_name="2回以上",
        page="/console/customers",
    )
    [saved] = saved_audiences.saved()
    assert answer.location.endswith(f"/console/customers?saved={saved.id}")
    assert saved_audiences.audience_of(saved) == Audience.model_validate({"min_orders": 2})
    assert names_in(get(owner, f"/console/customers?saved={saved.id}").text) == {"佐藤 美咲"}


def test_errors_of_a_filter_are_named(staff: FlaskClient, misaki: Customer) -> None:
    page = get(staff, "/console/customers?audience.min_orders=viele").text
    assert "数字で入れてください。" in page
    assert names_in(page) == set()
    assert (
        "タグ「ない」のついたお客さまはいません。" in get(staff, "/console/customers?audience.tags=ない").text
    )


def test_the_list_goes_on_by_customer(staff: FlaskClient) -> None:
    for number in range(30):
        chats.customer(f"客{number:02d}")
    page = get(staff, "/console/customers").text
    assert len(names_in(page)) == 25
    [following] = re.findall(r'href="(/console/customers\?after=\d+)"', page)
    assert names_in(get(staff, following).text) == {f"客{number}" for number in range(25, 30)}


def test_the_page_of_a_customer_shows_what_they_bought(staff: FlaskClient, misaki: Customer) -> None:
    tea = ordered(misaki, localtime.now() - timedelta(days=40), 5_400)
    gone = ordered(misaki, localtime.now() - timedelta(days=2), 9_900)
    PurchaseItem.create(purchase=tea, sku="TEA", name="緑茶", quantity=2, unit_yen=2_700)
    Purchase.update(refunded_yen=400).where(Purchase.id == tea.id).execute()
    Purchase.update(state=CANCELLED).where(Purchase.id == gone.id).execute()
    page = get(staff, f"/console/customers/{misaki.id}").text
    for said in ("佐藤 美咲", "緑茶 ×2", "¥5,000", "返金 ¥400", "取り消し済み", "40日前", "ベーシック"):
        assert said in page, said


def test_orders_go_on_page_by_page(staff: FlaskClient, misaki: Customer) -> None:
    numbers = [ordered(misaki, localtime.now() - timedelta(days=day // 2)).order_number for day in range(45)]
    seen: list[str] = []
    address = f"/console/customers/{misaki.id}"
    while address:
        page = get(staff, address).text
        seen += re.findall(r'注文番号"><code>([^<]+)</code>', page)
        further = re.findall(r'href="([^"]+orders=[^"]+)"', page)
        address = further[0] if further else ""
    assert len(seen) == 45
    assert sorted(seen) == sorted(numbers)


def test_staff_set_tags_and_write_notes_and_both_are_recorded(staff: FlaskClient, misaki: Customer) -> None:
    address = f"/console/customers/{misaki.id}"
    post(staff, f"{address}/tags", new_tag="#常連", page=address)
    post(staff, f"{address}/notes", note="お茶はぬるめがお好き", page=address)
    page = get(staff, address).text
    assert "常連" in page
    assert "お茶はぬるめがお好き" in page
    post(staff, f"{address}/tags/remove", old_tag="常連", page=address)
    assert customer_tags.of_customer(misaki.id) == set()
    kinds = [each.kind for each in AuditEntry.select().order_by(AuditEntry.id)]
    assert kinds[-3:] == ["tag_customer", "note_customer", "untag_customer"]
    assert "ぬるめ" not in "".join(each.details for each in AuditEntry.select())


def test_a_tag_that_staff_set_is_passed_on_to_the_flows_once(staff: FlaskClient, misaki: Customer) -> None:
    address = f"/console/customers/{misaki.id}"
    for _ in range(2):
        post(staff, f"{address}/tags", new_tag="常連", page=address)
    (event,) = InboxEvent.select().where(InboxEvent.source == event_kinds.FLOW_OCCURRED)
    assert requests.occurrence_of(json.loads(event.body)).tag == "常連"


def test_nobody_has_the_page_of_nobody(staff: FlaskClient) -> None:
    assert get(staff, "/console/customers/4711").status_code == 404


def rows_of(answer: str) -> list[dict[str, str]]:
    """The rows of a CSV by their titles."""
    assert answer.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(answer.removeprefix("\ufeff"))))


def test_the_sheet_has_one_row_a_customer(owner: FlaskClient, misaki: Customer) -> None:
    chats.customer("=1+1")
    for days, yen in ((400, 3_000), (60, 4_000), (40, 5_001)):
        ordered(misaki, localtime.now() - timedelta(days=days), yen)
    answer = get(owner, "/console/customers/sheet.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=customer-sheet-")
    first, second = rows_of(answer.text)
    expected = {
        "LINEの名前": "佐藤 美咲",
        "お買い上げの回数": "3",
        "お買い上げの回数（12か月）": "2",
        "お買い上げの合計（円）": "12001",
        "LTV（12か月のお買い上げ、円）": "9001",
        "1回あたりの金額（円）": "4000",
        "最後のお買い上げからの日数": "40",
        "お買い上げの間隔の中央値（日）": "180.0",
        "R": "R2",
        "F": "F3",
        "M": "M3",
        "お知らせを送れる": "はい",
    }
    assert {name: first[name] for name in expected} == expected
    assert second["LINEの名前"] == "'=1+1"
    assert list(first) == [each.title for each in sheet_columns.COLUMNS]
    assert AuditEntry.select().order_by(AuditEntry.id.desc()).get().kind == "customer_sheet_csv"


def test_files_hold_whom_the_list_holds(owner: FlaskClient, misaki: Customer) -> None:
    chats.customer("高橋 桜")
    chats.bought(misaki, 3, 9_000, localtime.today())
    for name in ("sheet.csv", "list.csv"):
        for asked in ("q=佐藤", "audience.min_orders=2", "q=佐藤&audience.min_orders=2"):
            rows = rows_of(get(owner, f"/console/customers/{name}?{asked}").text)
            assert [row["LINEの名前"] for row in rows] == ["佐藤 美咲"], (name, asked)
    assert len(rows_of(get(owner, "/console/customers/list.csv").text)) == 2


def test_excel_gets_text_as_text_and_a_sheet_of_definitions(owner: FlaskClient, misaki: Customer) -> None:
    chats.customer("=HYPERLINK(1)")
    answer = get(owner, "/console/customers/sheet.xlsx")
    assert answer.mimetype == sheet_files.XLSX
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        customers_sheet, definitions = (book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2))
    assert "=HYPERLINK(1)" in customers_sheet
    assert "<f>" not in customers_sheet
    assert "<hyperlink" not in customers_sheet
    assert customers_sheet.count("<row ") == 3
    assert "R1: 0-30" in definitions


def test_a_list_too_long_for_excel_is_refused_in_plain_words(
    owner: FlaskClient, misaki: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_files, "MOST_ROWS", 0)
    answer = get(owner, "/console/customers/sheet.xlsx")
    assert answer.status_code == 303
    assert "CSVをお使いください" in get(owner, answer.location).text


def test_files_are_the_owners(staff: FlaskClient, misaki: Customer) -> None:
    for name in ("list.csv", "sheet.csv", "sheet.xlsx"):
        assert get(staff, f"/console/customers/{name}").status_code == 403
    assert "sheet.csv" not in get(staff, "/console/customers").text


def test_the_sheet_costs_as_many_statements_for_many_as_for_few(
    owner: FlaskClient, misaki: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []
    run = database.obj.execute_sql

    def counting(*values: object, **more: object) -> object:
        counts.append(1)
        return run(*values, **more)

    monkeypatch.setattr(database.obj, "execute_sql", counting)
    few = len(list(sheet_facts.of_customers([misaki.id], localtime.today())))
    for_few = len(counts)
    monkeypatch.undo()
    others = [chats.customer(f"客{number}").id for number in range(20)]
    counts.clear()
    monkeypatch.setattr(database.obj, "execute_sql", counting)
    many = len(list(sheet_facts.of_customers([misaki.id, *others], localtime.today())))
    assert (few, many, len(counts)) == (1, 21, for_few)


def test_search_of_chats_names_customers_too(staff: FlaskClient, misaki: Customer) -> None:
    assert names_in(get(staff, "/console/search?q=美咲").text) == {"佐藤 美咲"}
    assert not customer_names.has_stale()
