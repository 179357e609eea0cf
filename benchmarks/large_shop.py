"""Fills a database with a large invented shop by SQL alone: customers, orders, ledger entries, answers.

Everything is derived from a customer's id, so that every run makes the same shop. On average a customer has
three orders, ten ledger entries, six active days and one answer, over the last 700 days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot import localtime
from bot.db import database
from bot.db.database import write_transaction

CUSTOMERS_AT_ONCE = 20_000
DAYS = 700
STATEMENTS_OF_ORDERS = 5
"""So many of the statements make people and their orders."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the two databases write differently."""

    numbers: str
    """A table expression `numbers (n)` from ? to ?."""
    day: str
    """A date so many days ago; `{days}` is the number."""
    moment: str

    def on(self, days: str) -> str:
        return self.day.format(days=days)

    def at(self, days: str) -> str:
        return self.moment.format(days=days)


def dialect(today: date) -> Dialect:
    """The dialect of the connected database."""
    if database.is_postgres():
        return Dialect(
            "numbers (n) AS (SELECT generate_series(CAST(? AS BIGINT), CAST(? AS BIGINT)))",
            f"(DATE '{today}' - CAST({{days}} AS INTEGER))",
            f"(TIMESTAMP '{today} 03:00:00' - CAST({{days}} AS INTEGER) * INTERVAL '1 day')",
        )
    return Dialect(
        "numbers (n) AS (SELECT CAST(? AS INTEGER) UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)",
        f"date('{today}', '-' || ({{days}}) || ' days')",
        f"datetime('{today} 03:00:00', '-' || ({{days}}) || ' days')",
    )


def fill(first: int, last: int) -> None:
    """Insert customers `first` to `last` with all their rows."""
    insert(first, last, _statements(dialect(localtime.today())))


def fill_orders(first: int, last: int) -> None:
    """Insert customers `first` to `last` with nothing but their conversations and orders."""
    insert(first, last, _statements(dialect(localtime.today()))[:STATEMENTS_OF_ORDERS])


def insert(first: int, last: int, statements: Sequence[str]) -> None:
    """Run the statements for customers `first` to `last`, in chunks; each has two values for each `numbers`."""
    unsafe = None
    if not database.is_postgres():
        unsafe = database.database.obj
        unsafe.execute_sql("PRAGMA synchronous = OFF")  # invented data need not survive a power cut
        unsafe.execute_sql("PRAGMA cache_size = -400000")
    for begin in range(first, last + 1, CUSTOMERS_AT_ONCE):
        end = min(begin + CUSTOMERS_AT_ONCE - 1, last)
        with write_transaction():
            for sql in statements:
                database.execute(sql, *([begin, end] * (sql.count("?") // 2)))
    if unsafe is not None:
        unsafe.execute_sql("PRAGMA synchronous = FULL")
        unsafe.execute_sql("PRAGMA cache_size = -8000")
    if database.is_postgres():
        for table in ("conversation", "customer"):
            database.execute(f"SELECT setval('{table}_id_seq', {last})")
    database.execute("ANALYZE")


_KEY = "'U' || SUBSTR('00000000000000000000000000000000' || n, -32)"
_KEY_POSTGRES = "'U' || LPAD(CAST(n AS TEXT), 32, '0')"
_ORDERS = "CASE WHEN n % 10 < 5 THEN 1 WHEN n % 10 < 8 THEN 3 WHEN n % 10 = 8 THEN 6 ELSE 10 END"
_PRODUCT = "((n + k * 7) % 40)"
_WORDS = (
    "CASE WHEN n % 3 <> 0 THEN '' WHEN n % 30000 = 0 THEN '前から気になっていたリップクリームです' "
    "WHEN n % 4 = 0 THEN '香りがやさしくて毎日楽しみです' WHEN n % 4 = 1 THEN '届くまでに10日かかりました' "
    "ELSE 'よかったけど、送料がちょっと気になりました。もう少し量が多いとうれしいです' END"
)
_TEN = "ten (k) AS (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10))"


def _chance(*salts: str) -> str:
    """An SQL expression of a pseudo-random number, 0 to 9972."""
    return f"(({' + '.join(salts)}) % 9973)"


def _statements(say: Dialect) -> list[str]:
    key = _KEY_POSTGRES if database.is_postgres() else _KEY
    begin = "WITH RECURSIVE " if not database.is_postgres() else "WITH "
    numbers = begin + say.numbers
    both = f"{numbers}, {_TEN}"
    joined, bought = _chance("n * 7919", "13") + f" % {DAYS}", _chance("n * 4243", "k * 1009") + f" % {DAYS}"
    deed, did = _chance("n * 6037", "k * 2311") + " % 20", _chance("n * 5471", "k * 3203") + f" % {DAYS}"
    answered = _chance("n * 3571", "k * 811") + f" % {DAYS}"
    wrote = _chance("n * 6421", "k * 1907") + f" % {DAYS}"
    score = f"({_chance('n * 2903', 'k * 401')} % 11)"
    return [
        f"INSERT INTO conversation (id, key, line_user_id) {numbers} SELECT n, {key}, {key} FROM numbers",
        "INSERT INTO customer (id, conversation_id, line_user_id, display_name, picture_url, language, "
        "followed_at, registered_at, first_seen_at, last_seen_at, purchase_count, sales_yen) "
        f"{numbers} SELECT n, n, {key}, 'お客様 ' || n, '', 'ja', {say.at(joined)}, {say.at(joined)}, "
        f"{say.at(joined)}, {say.at('n % 30')}, 0, 0 FROM numbers",
        "INSERT INTO purchase (source, order_number, customer_id, ordered_at, ordered_on, total_yen, "
        "refunded_yen, state, recorded_at, credited_at) "
        f"{both} SELECT 'benchmark', n || '-' || k, n, {say.at(bought)}, {say.on(bought)}, "
        f"1000 + {_chance('n * 89', 'k * 977')}, 0, CASE WHEN n % 50 = 0 THEN 'cancelled' ELSE 'paid' END, "
        f"{say.at(bought)}, {say.at(bought)} FROM numbers JOIN ten ON k <= {_ORDERS}",
        "INSERT INTO purchase_item (purchase_id, sku, name, quantity) "
        f"{both} SELECT p.id, 'P-' || {_PRODUCT}, '商品 ' || {_PRODUCT}, 1 FROM numbers JOIN ten ON k <= {_ORDERS} "
        "JOIN purchase p ON p.order_number = n || '-' || k",
        "UPDATE customer SET purchase_count = b.c, sales_yen = b.y, first_purchased_on = b.f, "
        "last_purchased_on = b.l FROM (SELECT customer_id, COUNT(*) AS c, SUM(total_yen) AS y, "
        "MIN(ordered_on) AS f, MAX(ordered_on) AS l FROM purchase WHERE customer_id BETWEEN ? AND ? "
        "AND state = 'paid' GROUP BY customer_id) AS b WHERE customer.id = b.customer_id",
        "INSERT INTO ledger_entry (customer_id, kind, action, points, cause, rule_version, occurred_at, "
        f"occurred_on, note) {both} SELECT n, CASE WHEN {deed} > 14 THEN 'burn' ELSE 'earn' END, "
        f"CASE WHEN {deed} > 14 THEN 'staff' WHEN {deed} = 14 THEN 'registration' WHEN {deed} = 13 THEN 'referral' "
        f"WHEN {deed} = 12 THEN 'testimonial' WHEN {deed} = 11 THEN 'comment' "
        f"WHEN {deed} > 8 THEN 'survey-answer' ELSE 'purchase' END, "
        f"CASE WHEN {deed} > 14 THEN -5 ELSE 20 END, 'benchmark:' || n || ':' || k, 'benchmark', "
        f"{say.at(did)}, {say.on(did)}, '' FROM numbers CROSS JOIN ten",
        "INSERT INTO shown_testimonial (customer_id, cause, shown_on) "
        f"{numbers} SELECT n, 'benchmark:' || n, {say.on(joined)} FROM numbers WHERE n % 3 = 0",
        "INSERT INTO survey_invitation (customer_id, cause, asked_at, purchase_id) "
        f"{both} SELECT n, 'answered:' || n || ':' || k, {say.at(answered)}, p.id FROM numbers JOIN ten "
        "ON k <= 2 AND n % 2 = 0 LEFT JOIN purchase p ON p.order_number = n || '-' || k",
        "INSERT INTO survey_answer (invitation_id, customer_id, score, segment, answered_at, answered_on, comment) "
        f"{both} SELECT i.id, n, {score}, CASE WHEN {score} > 8 THEN 'promoter' WHEN {score} > 6 THEN 'passive' "
        f"ELSE 'detractor' END, {say.at(answered)}, {say.on(answered)}, {_WORDS} FROM numbers JOIN ten "
        "ON k <= 2 AND n % 2 = 0 JOIN survey_invitation i ON i.cause = 'answered:' || n || ':' || k",
        "INSERT INTO survey_invitation (customer_id, cause, asked_at) "
        f"{numbers} SELECT n, 'open:' || n, {say.at('n % 290')} FROM numbers",
        "INSERT INTO customer_day (customer_id, kind, day) "
        f"{both} SELECT n, CASE WHEN k > 6 THEN 'o' ELSE 'w' END, {say.on(wrote)} FROM numbers JOIN ten "
        "ON k <= 6 OR k <= 8 AND n % 4 = 0 ON CONFLICT DO NOTHING",
        "INSERT INTO standing (customer_id, rank, money, behaviour, relationship, since, reviewed_at, rule_version) "
        f"{numbers} SELECT n, 1 + ({_chance('n * 17')} % 3), 0, 0, 0, {say.at('n % 300')}, {say.at('1')}, "
        "'benchmark' FROM numbers",
        "INSERT INTO referral_code (customer_id, code, made_at, invited_count, joined_count, bought_count) "
        f"{numbers} SELECT n, CAST(n + 100000000 AS VARCHAR(9)), {say.at('1')}, n % 5, n % 3, n % 2 FROM numbers",
        "INSERT INTO ticket (customer_id, conversation_id, state, cause, cause_key, note, opened_at, since_at) "
        f"{numbers} SELECT n, n, 'waiting', 'asked', 'benchmark:' || n, '', {say.at('1')}, {say.at('1')} "
        "FROM numbers WHERE n % 500 = 0",
    ]
