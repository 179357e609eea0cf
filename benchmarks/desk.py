"""Measures the console's desk under load: `python -m benchmarks.desk URL`. The database at URL must be empty.

Server time for each queue, for a deep page of one, for one chat, for the search and for the polling request of an
open page. Usually with 10,000 unresolved tickets (and as many resolved) and 1,000,000 lines of transcript; a large
shop is `--customers 1000000 --tickets 5000 --resolved 295000`.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path
from statistics import median

from flask.testing import FlaskClient

from app import create_app
from benchmarks.large_shop import dialect, insert
from benchmarks.measure import environment, table
from benchmarks.owner import get, sign_in
from bot import localtime
from bot.config import settings
from bot.db import database
from bot.db.database import write_transaction
from customers.people import customer_names
from support.faq import entries
from support.tickets import queues
from support.tickets.tickets import Ticket

REPEATS = 15
LONG_CHAT, HISTORY = 4999, 2500
"""The customer whose chat is long, and how many lines both sides wrote there beside the usual ones."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("url")
    options.add_argument("--tickets", type=int, default=10_000)
    options.add_argument("--resolved", type=int, help="as many as unresolved ones, unless given")
    options.add_argument("--customers", type=int, help="one for each unresolved ticket, unless given")
    options.add_argument("--lines", type=int, default=1_000_000)
    options.add_argument("--filled", action="store_true", help="measure a desk that an earlier run filled")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings.load(environment(given.url, "http://127.0.0.1:9", Path(folder))))
        database.migrate()
        if not given.filled:
            resolved_count = given.resolved or given.tickets
            fill_people(given.customers or given.tickets)
            fill(given.tickets, resolved_count, given.lines // given.tickets // 2)
        measure(app.test_client())


def fill_people(count: int) -> None:
    """Customers with their names in the search, and an order for every third."""
    say = dialect(localtime.today())
    numbers = f"WITH {'' if database.is_postgres() else 'RECURSIVE '}{say.numbers}"
    statements = [
        f"INSERT INTO conversation (id, key, line_user_id) {numbers} SELECT n, 'U' || n, 'U' || n FROM numbers",
        "INSERT INTO customer (id, conversation_id, line_user_id, display_name, picture_url, language, "
        "followed_at, registered_at, first_seen_at, last_seen_at, purchase_count, sales_yen) "
        f"{numbers} SELECT n, n, 'U' || n, 'お客様 ' || n, '', 'ja', {say.at('9')}, {say.at('9')}, {say.at('9')}, "
        f"{say.at('1')}, 0, 0 FROM numbers",
        "INSERT INTO purchase (source, order_number, customer_id, ordered_at, ordered_on, total_yen, refunded_yen, "
        f"state, recorded_at, credited_at) {numbers} SELECT 'benchmark', 'A-' || n, n, {say.at('n % 90')}, "
        f"{say.on('n % 90')}, 3000, 0, 'paid', {say.at('n % 90')}, {say.at('n % 90')} FROM numbers WHERE n % 3 = 0",
    ]
    insert(1, count, statements)
    for _ in customer_names.fold_stale():
        pass


def fill(ticket_count: int, resolved_count: int, lines_each_way: int) -> None:
    """A customer for each unresolved ticket, with earlier resolved tickets and a transcript of both sides; the
    customer of LONG_CHAT wrote HISTORY lines more."""
    began, say = time.perf_counter(), dialect(localtime.today())
    numbers = f"WITH {'' if database.is_postgres() else 'RECURSIVE '}{say.numbers}"
    asked = json.dumps({"type": "message", "message": {"type": "text", "id": "1", "text": "まだ届きません"}})
    said = json.dumps([{"type": "text", "text": "確認いたします。"}], ensure_ascii=False)
    columns = "customer_id, conversation_id, state, cause, cause_key, note, opened_at, since_at, assignee_id"
    statements = [
        f"INSERT INTO ticket ({columns}, first_response_at, resolved_at) {numbers} SELECT n, n, 'resolved', 'asked', "
        f"'old:' || n, '', {say.at('n % 300')}, {say.at('n % 300')}, 1, {say.at('n % 300')}, {say.at('n % 300')} "
        "FROM numbers",
        f"INSERT INTO ticket ({columns}, first_response_at, due_at, answer_due_at, severity, snoozed_until) {numbers} "
        "SELECT n, n, "
        "CASE WHEN n % 3 = 0 THEN 'open' ELSE 'waiting' END, 'asked', 'new:' || n, '', "
        f"{say.at('n % 30')}, {say.at('n % 30')}, CASE WHEN n % 4 = 0 THEN NULL ELSE n % 4 END, "
        f"CASE WHEN n % 3 = 0 THEN {say.at('n % 30')} END, {say.at('n % 30')}, "
        f"{say.at('n % 30 - 15')}, "
        "CASE WHEN n % 50 = 0 THEN 3 WHEN n % 10 = 1 THEN 2 WHEN n % 10 < 4 THEN 1 ELSE 0 END, "
        f"CASE WHEN n % 10 = 7 THEN {say.at('1')} END FROM numbers",
        f"INSERT INTO ticket_tag (ticket_id, tag) {numbers} "
        "SELECT id, CASE WHEN id % 2 = 0 THEN '返品' ELSE '配送' END FROM ticket "
        "JOIN numbers ON ticket.cause_key = 'new:' || n",
        f"INSERT INTO ticket_tag (ticket_id, tag) {numbers} SELECT id, 'まれ' FROM ticket "
        "JOIN numbers ON ticket.cause_key = 'new:' || n WHERE n % 1000 = 0",
        f"INSERT INTO ticket_mention (ticket_id, staff_id, mentioned_at) {numbers} SELECT id, 1, {say.at('n % 30')} "
        "FROM ticket JOIN numbers ON ticket.cause_key = 'new:' || n WHERE n % 20 = 0",
    ]
    with write_transaction():
        for number, sql in enumerate(statements):
            database.execute(sql, 1, ticket_count if number else resolved_count)
        database.execute(
            "INSERT INTO ticket_tag (ticket_id, tag) SELECT id, CASE WHEN id % 2 = 0 THEN '返品' ELSE '配送' END "
            "FROM ticket WHERE state = 'resolved' AND id % 3 > 0"
        )
    moments = say.at("(n + k) % 300")
    counted = say.numbers.replace("numbers (n)", "lines (k)")
    each = f"{numbers}, {counted.replace('n + 1 FROM numbers WHERE n', 'k + 1 FROM lines WHERE k')}"
    chunks = [
        (first, min(first + 999, ticket_count), 1, lines_each_way) for first in range(1, ticket_count, 1000)
    ]
    for values in (*chunks, (LONG_CHAT, LONG_CHAT, lines_each_way + 1, lines_each_way + HISTORY)):
        with write_transaction():
            database.execute(
                "INSERT INTO inbox_event (event_id, conversation_id, source, body, occurred_at, received_at, state, "
                f"attempt_count) {each} SELECT n || '-' || k, n, 'line', '{asked}', {moments}, {moments}, 'done', 0 "
                "FROM numbers CROSS JOIN lines",
                *values,
            )
            database.execute(
                "INSERT INTO outbox_message (conversation_id, kind, messages, cause, retry_key, state, attempt_count, "
                f"in_doubt, created_at, sent_at) {each} SELECT n, 'reply', '{said}', n || '-' || k, '', 'sent', 1, "
                f"{'FALSE' if database.is_postgres() else '0'}, {moments}, {moments} FROM numbers CROSS JOIN lines",
                *values,
            )
    database.execute("ANALYZE")
    with write_transaction():
        entries.seed_if_empty()
    print(f"filled in {time.perf_counter() - began:,.0f} s", flush=True)


def measure(client: FlaskClient) -> None:
    """Milliseconds of the server for each page, as medians. On a busy machine, the second column (CPU time of
    this process) is nearer to what a quiet machine would need; on SQLite it includes the database."""
    if not Ticket.select().exists():
        raise SystemExit("The desk is empty: run without --filled.")
    owner = sign_in(client)
    deep = None
    for _ in range(100):
        deep = queues.page(queues.ALL, owner.id, cursor=deep, limit=40).next_cursor
    places = {name: f"/console/tickets?view={name}" for name in queues.QUEUES}
    places["all, page 101"] = f"{places[queues.ALL]}&cursor={deep}"
    places["all, by a tag"] = f"{places[queues.ALL]}&tag=返品"
    places["resolved, by a tag"] = f"{places[queues.RESOLVED]}&tag=返品"
    places["all, by a tag of few"] = f"{places[queues.ALL]}&tag=まれ"
    places["resolved, by a tag of few"] = f"{places[queues.RESOLVED]}&tag=まれ"
    places["search for a name"] = "/console/search?q=お客様 4321"
    places["search for an order"] = "/console/search?q=A-4998"
    places["search for words"] = "/console/search?q=届きません"
    places["the badge"] = "/console/notifications/new?after=0"
    places["a chat with a long history"] = (
        f"/console/tickets/{Ticket.get(Ticket.cause_key == f'new:{LONG_CHAT}').id}"
    )
    places["one chat"] = f"/console/tickets/{Ticket.get(Ticket.cause_key == 'new:5000').id}"
    places["has the list changed?"] = "/console/tickets/queue?view=all"
    rows = [["page", "ms", "ms of this process's own work"]]
    for name, address in places.items():
        times = [time_page(client, address) for _ in range(REPEATS)]
        rows.append([name, *(f"{median(each):.0f}" for each in zip(*times, strict=True))])
    table("The desk", rows)


def time_page(client: FlaskClient, address: str) -> tuple[float, float]:
    """Milliseconds of one request: wall-clock time, and CPU time of this process."""
    began, worked = time.perf_counter(), time.process_time()
    get(client, address)
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


if __name__ == "__main__":
    main()
