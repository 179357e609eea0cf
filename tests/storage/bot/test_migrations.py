"""Databases of earlier releases are upgraded with their data."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import peewee
import pytest
from playhouse.migrations import Runner

from bot.config import settings as bot_settings
from bot.db import database
from bot.line.delivery import NO_DOUBT, Doubt
from bot.queue import leases
from customers.orders import purchases
from customers.people.active_days import CustomerDay
from customers.people.customer import Customer
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import Flow, FlowVersion
from rewards.ledger import ledger, reconciliation
from rewards.ledger.entries import LedgerEntry
from support.faq import entries
from support.faq.tables import FaqEntry
from tests.conftest import administer

MakeOld = Callable[[str], None]
A_YEAR_AGO = "2025-03-01 03:00:00"
UNNAMED = {"display_name": "", "picture_url": "", "language": "", "first_seen_at": A_YEAR_AGO}


@pytest.fixture
def made_at(
    any_database: peewee.Database, request: pytest.FixtureRequest, tmp_path: Path, settings: Any
) -> Iterator[MakeOld]:
    """Makes an empty database as of that migration, and binds the tables to it."""
    name = f"goen_old_{tmp_path.name.encode().hex()[-30:]}"
    server: str | None = None
    if isinstance(any_database, peewee.PostgresqlDatabase):
        server = request.getfixturevalue("postgres_server")
        administer(server, f'CREATE DATABASE "{name}"')
        url = urlsplit(server)._replace(path=f"/{name}").geturl()
    else:
        url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    usual = database.database.obj
    bot_settings.use(settings.model_copy(update={"database_url": url}))

    def make(migration: str) -> None:
        Runner(database.connect(url), str(database.MIGRATIONS)).up(migration)

    yield make
    database.close()
    database.database.initialize(usual)
    if server is not None:
        administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def insert(table: str, **values: Any) -> None:
    names, marks = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
    database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", *values.values())


def a_customer(customer_id: int) -> None:
    key = f"U{customer_id}"
    insert("conversation", id=customer_id, key=key, line_user_id=key)
    insert(
        "customer",
        id=customer_id,
        conversation_id=customer_id,
        line_user_id=key,
        display_name="",
        picture_url="",
        language="",
        first_seen_at=A_YEAR_AGO,
        purchase_count=0,
        sales_yen=0,
    )


def an_entry(entry_id: int, customer_id: int, kind: str, points: int, reverses_id: int | None = None) -> None:
    insert(
        "ledger_entry",
        id=entry_id,
        customer_id=customer_id,
        kind=kind,
        action="purchase",
        points=points,
        cause=f"entry:{entry_id}",
        rule_version="1",
        occurred_at=A_YEAR_AGO,
        occurred_on=A_YEAR_AGO[:10],
        note="",
        reverses_id=reverses_id,
    )


def test_entries_from_before_there_were_lots_come_to_have_them(made_at: MakeOld) -> None:
    """1 spends and keeps a rest; 2 spends everything; 3's order was reversed after spending: a debt, since paid;
    4 is still in debt; 5 was refused; 6's entry was reversed although an older one exists."""
    made_at("0007_media")
    for customer_id in range(1, 7):
        a_customer(customer_id)
    history = (
        (1, 1, "earn", 100),
        (2, 1, "earn", 50),
        (3, 1, "burn", -120),
        (4, 2, "earn", 30),
        (5, 2, "burn", -30),
        (6, 3, "earn", 80),
        (7, 3, "burn", -60),
        (8, 3, "reverse", -80, 6),
        (9, 3, "earn", 100),
        (10, 4, "earn", 40),
        (11, 4, "burn", -40),
        (12, 4, "reverse", -40, 10),
        (13, 5, "refused", 0),
        (14, 6, "earn", 10),
        (15, 6, "earn", 20),
        (16, 6, "reverse", -20, 15),
    )
    for entry in history:
        an_entry(*entry)

    database.migrate()

    result = reconciliation.reconcile()
    assert result.faults == ()
    assert (result.entry_count, result.points) == (16, 30 + 0 + 40 - 40 + 0 + 10)
    assert [ledger.balance(customer_id) for customer_id in range(1, 7)] == [30, 0, 40, -40, 0, 10]
    used = database.execute(
        "SELECT entry_id, lot_id, points FROM lot_use ORDER BY entry_id, lot_id"
    ).fetchall()
    assert [tuple(row) for row in used] == [
        (3, 1, 100),
        (3, 2, 20),
        (5, 4, 30),
        (7, 6, 60),
        (8, 6, 20),
        (8, 9, 60),
        (11, 10, 40),
        (16, 15, 20),
    ]
    expiring = database.execute(
        "SELECT customer_id FROM points_account WHERE expires_on IS NOT NULL"
    ).fetchall()
    assert sorted(row[0] for row in expiring) == [1, 3, 6]
    assert LedgerEntry.select().where(LedgerEntry.held != 0).count() == 0


def test_what_the_inbox_remembers_becomes_days(made_at: MakeOld) -> None:
    made_at("0011_coupons")
    for customer_id in (1, 2):
        a_customer(customer_id)
    stored_days = (
        ("message", "2026-03-01 14:59:00", "line", 1),  # 23:59 on the first, in Tokyo
        ("postback", "2026-03-01 15:01:00", "line", 1),
        ("message", "2026-03-02 03:00:00", "line", 1),
        ("follow", "2026-03-05 03:00:00", "line", 1),
        ("order.recorded", "2026-03-06 03:00:00", "order.recorded", 1),
        ("follow", "2026-03-01 03:00:00", "line", 2),
    )
    for number, (kind, at, source, conversation_id) in enumerate(stored_days):
        insert(
            "inbox_event",
            event_id=f"event:{number}",
            conversation_id=conversation_id,
            source=source,
            body=f'{{"type": "{kind}", "message": {{}}}}',
            occurred_at=at,
            received_at=at,
            state="done",
            attempt_count=0,
        )
    insert(
        "inbox_event",
        event_id="standby",
        conversation_id=2,
        source="line",
        body='{"type": "message", "mode": "standby"}',
        occurred_at=A_YEAR_AGO,
        received_at=A_YEAR_AGO,
        state="done",
        attempt_count=0,
    )

    database.migrate()

    stored = CustomerDay.select().order_by(CustomerDay.day)
    assert [(row.customer_id, row.kind, row.day) for row in stored] == [
        (1, "w", date(2026, 3, 1)),
        (1, "w", date(2026, 3, 2)),
    ]
    assert [each.last_wrote_on for each in Customer.select().order_by(Customer.id)] == [
        date(2026, 3, 2),
        None,
    ]


def test_0027_lets_the_shipped_answer_say_the_shops_hours_and_leaves_what_staff_wrote(
    made_at: MakeOld,
) -> None:
    made_at("0022_deliveries")
    old = (
        "このトークの自動のご案内は、いつでもお使いいただけます。"
        "スタッフへのご用件は「スタッフと話す」で夜でもお預かりして、営業時間に順番にお返事しますね。"
    )
    for number, answer in ((1, old), (2, "朝から晩までどうぞ")):
        written: dict[str, Any] = {
            "question": f"質問{number}",
            "paraphrases": "",
            "answer": answer,
            "card": "",
        }
        written |= {"tags": "", "product": "", "changed_at": A_YEAR_AGO}
        counts = ("asked_count", "solved_count", "unsolved_count", "escalated_count", "failed_count")
        none = dict.fromkeys(counts, 0)
        insert("faq_entry", id=number, revision=1, created_at=A_YEAR_AGO, **none, **written)
        insert("faq_version", entry_id=number, revision=1, withdrawn=False, **written)

    database.migrate()

    changed, left = FaqEntry.get_by_id(1), FaqEntry.get_by_id(2)
    assert (changed.revision, changed.answer) == (
        2,
        "{hours} このトークの自動のご案内は、いつでもお使いいただけます。",
    )
    assert (left.revision, left.answer) == (1, "朝から晩までどうぞ")
    assert [(row.revision, row.answer) for row in entries.versions(1)] == [(2, changed.answer), (1, old)]
    assert entries.versions(1)[0].changed_at == changed.changed_at


def test_rows_claimed_by_an_older_worker_are_taken_over_in_doubt(made_at: MakeOld) -> None:
    made_at("0022_deliveries")
    insert("conversation", id=1, key="U1", line_user_id="U1")
    for number, (state, leased_until, unsure_since) in enumerate(
        (
            ("due", "2026-03-01 03:00:20", None),
            ("due", None, None),
            ("due", "2026-03-01 03:00:20", A_YEAR_AGO),
            ("sent", "2026-03-01 03:00:20", None),
        )
    ):
        insert(
            "outbox_message",
            conversation_id=1,
            kind="reply",
            messages="[]",
            cause=str(number),
            reply_token="token",
            retry_key=str(number),
            state=state,
            attempt_count=0,
            in_doubt=False,
            leased_until=leased_until,
            unsure_since=unsure_since,
            created_at="2026-03-01 03:00:00",
        )

    database.migrate()

    with database.write_transaction():
        rows = leases.take_over("the new worker")
    noon = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
    assert [(row.cause, row.doubt) for row in rows] == [
        ("0", Doubt(reply_unsure=True, push_unsure_since=noon)),
        ("1", NO_DOUBT),
        ("2", Doubt(reply_unsure=True, push_unsure_since=noon.replace(year=2025))),
    ]


def test_0034_lets_flows_of_before_say_that_they_write_to_all(made_at: MakeOld) -> None:
    made_at("0033_message_insight")
    flow = {
        "key": "after",
        "name": "あとから",
        "trigger": {"on": "order"},
        "step": [{"key": "a", "text": "b"}],
    }
    given = {1: flow, 2: flow | {"holdout_percent": 20}}
    for number, definition in given.items():
        text = json.dumps(definition, ensure_ascii=False)
        insert(
            "flow",
            id=number,
            key=f"flow-{number}",
            name="あとから",
            state="on",
            trigger_on="order",
            draft=text if number == 1 else None,
            changed_at=A_YEAR_AGO,
            created_at=A_YEAR_AGO,
        )
        insert("flow_version", flow_id=number, number=1, definition=text, published_at=A_YEAR_AGO)

    database.migrate()

    first, second = (FlowVersion.get(FlowVersion.flow == number) for number in (1, 2))
    assert FlowDefinition.model_validate_json(first.definition).holdout_percent == 0
    assert FlowDefinition.model_validate_json(Flow.get_by_id(1).draft or "").holdout_percent == 0
    assert FlowDefinition.model_validate_json(second.definition).holdout_percent == 20
    assert Flow.get_by_id(2).draft is None
    assert FlowDefinition.model_validate(flow).holdout_percent is None  # a flow of today holds out a share


def test_0042_counts_free_orders_as_no_purchases(made_at: MakeOld) -> None:
    """Customers with an order of ¥0 are computed again; those without one stay as they were."""
    made_at("0041_profiles_and_saved_audiences")
    orders = {
        1: [("paid", 3000, 0, "2026-01-05"), ("paid", 0, 0, "2026-02-01"), ("paid", 2000, 500, "2026-01-20")],
        2: [("paid", 0, 0, "2026-02-01")],
        3: [("paid", 1000, 0, "2026-03-01"), ("cancelled", 0, 0, "2026-03-05")],
    }
    for customer_id, placed in orders.items():
        insert("customer", id=customer_id, **UNNAMED, purchase_count=9, sales_yen=9)
        for number, (state, total, refunded, day) in enumerate(placed):
            insert(
                "purchase",
                source="api",
                order_number=f"{customer_id}-{number}",
                customer_id=customer_id,
                ordered_at=f"{day} 03:00:00",
                ordered_on=day,
                total_yen=total,
                refunded_yen=refunded,
                state=state,
                recorded_at=f"{day} 03:00:00",
            )

    database.migrate()

    columns = (
        Customer.purchase_count,
        Customer.sales_yen,
        Customer.first_purchased_on,
        Customer.last_purchased_on,
    )
    assert list(Customer.select(*columns).order_by(Customer.id).tuples()) == [
        (2, 4500, date(2026, 1, 5), date(2026, 1, 20)),
        (0, 0, None, None),
        (9, 9, None, None),
    ]
    with database.write_transaction():
        for customer in Customer.select().where(Customer.id < 3):
            before = (customer.purchase_count, customer.sales_yen, customer.last_purchased_on)
            refreshed = purchases.refresh(customer)
            assert (refreshed.purchase_count, refreshed.sales_yen, refreshed.last_purchased_on) == before
