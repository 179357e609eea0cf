"""Figures of a demo's database in plain SQL, without the product's own code, for the test of the sample shop.

`python tests/demo/sample_shop_figures.py FILE` prints them.
"""

import sqlite3
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

LOCAL = "'+9 hours'"
"""The sample shop is in Tokyo; times are stored in UTC."""
PAID = "state = 'paid' AND total_yen > refunded_yen"
SALES = "SUM(total_yen - refunded_yen)"
SECONDS = f"""
    WITH bought AS (
        SELECT customer_id, ordered_on, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY ordered_at, id) AS number
        FROM purchase WHERE {PAID} AND customer_id IS NOT NULL),
    pair AS (
        SELECT first.customer_id, first.ordered_on AS first_on, second.ordered_on AS second_on FROM bought AS first
        LEFT JOIN bought AS second ON second.customer_id = first.customer_id AND second.number = 2
        WHERE first.number = 1)
"""


@dataclass(frozen=True)
class SampleShop:
    """A demo's database, as of a day."""

    database: sqlite3.Connection
    today: date

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.database.execute(sql, values).fetchall()

    def number(self, sql: str, *values: Any) -> float:
        return float(self.rows(sql, *values)[0][0] or 0)

    @property
    def year_ago(self) -> date:
        return self.today - timedelta(days=365)

    def history_days(self) -> float:
        first = self.rows("SELECT MIN(ordered_on) FROM purchase")[0][0]
        return (self.today - date.fromisoformat(first)).days

    def top_share(self) -> float:
        """The share of the best tenth of the buyers in the sales of the last year."""
        sales = [
            float(row[0])
            for row in self.rows(
                f"SELECT {SALES} FROM purchase WHERE {PAID} AND customer_id IS NOT NULL AND ordered_on > ? "
                "GROUP BY customer_id ORDER BY 1 DESC",
                self.year_ago.isoformat(),
            )
        ]
        return sum(sales[: len(sales) // 10]) / sum(sales)

    def second_purchase_share(self) -> float:
        """The share of customers with a first purchase over a year ago who bought again within a year of it."""
        return self.number(
            f"{SECONDS} SELECT AVG(second_on IS NOT NULL AND julianday(second_on) - julianday(first_on) <= 365) "
            "FROM pair WHERE first_on <= ?",
            self.year_ago.isoformat(),
        )

    def gaps(self) -> list[int]:
        """Days between a customer's purchases, sorted."""
        found = self.rows(
            "SELECT julianday(ordered_on) - julianday(LAG(ordered_on) OVER "
            f"(PARTITION BY customer_id ORDER BY ordered_at, id)) AS gap FROM purchase WHERE {PAID} "
            "AND customer_id IS NOT NULL ORDER BY gap"
        )
        return [int(gap) for (gap,) in found if gap]

    def gap_after(self, sku: str) -> float:
        """The median days until the next purchase after one in which that product comes first."""
        found = self.rows(
            "WITH bought AS (SELECT p.customer_id, p.ordered_on, "
            "(SELECT sku FROM purchase_item WHERE purchase_id = p.id ORDER BY id LIMIT 1) AS sku, "
            "LEAD(p.ordered_on) OVER (PARTITION BY customer_id ORDER BY ordered_at, id) AS next_on "
            f"FROM purchase AS p WHERE {PAID} AND customer_id IS NOT NULL) "
            "SELECT julianday(next_on) - julianday(ordered_on) FROM bought WHERE sku = ? AND next_on IS NOT NULL "
            "ORDER BY 1",
            sku,
        )
        return float(found[len(found) // 2][0])

    def ltv(self, condition: str) -> float:
        """Average sales of the last year of the buyers of whom that holds."""
        return self.number(
            f"SELECT AVG(yen) FROM (SELECT {SALES} AS yen FROM purchase WHERE {PAID} AND ordered_on > ? "
            f"AND customer_id IN (SELECT id FROM customer WHERE {condition}) GROUP BY customer_id)",
            self.year_ago.isoformat(),
        )

    def ltv_of(self, segment: str) -> float:
        """The same, of those whose latest answer is in that segment."""
        latest = "SELECT MAX(id) FROM survey_answer GROUP BY customer_id"
        theirs = f"SELECT customer_id FROM survey_answer WHERE segment = '{segment}' AND id IN ({latest})"
        return self.ltv(f"id IN ({theirs})")

    def buyers_by_answer(self) -> dict[str, int]:
        """Buyers of the last year by the segment of their latest answer; `silent` who never answered."""
        latest = "SELECT MAX(id) FROM survey_answer GROUP BY customer_id"
        found = self.rows(
            f"SELECT COALESCE(a.segment, 'silent'), COUNT(DISTINCT p.customer_id) FROM purchase AS p "
            f"LEFT JOIN survey_answer AS a ON a.customer_id = p.customer_id AND a.id IN ({latest}) "
            f"WHERE {PAID} AND p.customer_id IS NOT NULL AND ordered_on > ? GROUP BY 1",
            self.year_ago.isoformat(),
        )
        return dict(found)

    def promoter_ratio(self) -> float:
        return self.ltv_of("promoter") / self.ltv_of("detractor")

    def referrer_ratio(self) -> float:
        brought = "SELECT referrer_id FROM referral WHERE bought_at IS NOT NULL"
        return self.ltv(f"id IN ({brought})") / self.ltv(f"id NOT IN ({brought})")

    def comes_back(self, condition: str) -> float:
        """The share that bought a second time, of buyers of whom that holds who first bought 60 days ago or before."""
        return self.number(
            f"{SECONDS} SELECT AVG(second_on IS NOT NULL) FROM pair WHERE first_on <= ? "
            f"AND customer_id IN (SELECT id FROM customer WHERE {condition})",
            (self.today - timedelta(days=60)).isoformat(),
        )

    def elsewhere_share(self) -> float:
        """The share of orders that belong to nobody on LINE."""
        return self.number("SELECT AVG(customer_id IS NULL) FROM purchase")

    def orders_in(self, calendar_month: int) -> float:
        """Orders in that calendar month, beside an average month; of whole months."""
        by_month = self.rows(
            "SELECT strftime('%Y-%m', ordered_on), COUNT(*) FROM purchase GROUP BY 1 ORDER BY 1"
        )[1:-1]
        mine = [int(count) for month, count in by_month if month.endswith(f"-{calendar_month:02}")]
        average = sum(int(count) for _, count in by_month) / len(by_month)
        return sum(mine) / max(1, len(mine)) / average

    def sold(self, sku: str, months: tuple[int, ...]) -> float:
        """The share of orders of these calendar months in which the product is."""
        among = ", ".join(f"'{month:02}'" for month in months)
        return self.number(
            f"SELECT AVG(id IN (SELECT purchase_id FROM purchase_item WHERE sku = ?)) FROM purchase "
            f"WHERE strftime('%m', ordered_on) IN ({among})",
            sku,
        )

    def score_of(self, condition: str) -> float:
        """The average score of answers about purchases of which that holds."""
        return self.number(
            "SELECT AVG(a.score) FROM survey_answer AS a JOIN survey_invitation AS i ON i.id = a.invitation_id "
            f"JOIN purchase AS p ON p.id = i.purchase_id WHERE {condition}"
        )

    def asked_outside(self, first_hour: int, last_hour: int) -> float:
        """Questions and reminders outside the hours."""
        hour = f"CAST(strftime('%H', moment, {LOCAL}) AS INTEGER)"
        moments = (
            "SELECT asked_at AS moment FROM survey_invitation UNION ALL "
            "SELECT reminded_at FROM survey_invitation WHERE reminded_at IS NOT NULL"
        )
        return self.number(
            f"SELECT COUNT(*) FROM ({moments}) WHERE {hour} < ? OR {hour} >= ?", first_hour, last_hour
        )

    def asked_too_soon(self, days: int) -> float:
        """Second questions within so many days, but for those after a resolved ticket."""
        return self.number(
            "SELECT COUNT(*) FROM (SELECT cause, julianday(asked_at) - julianday(LAG(asked_at) OVER "
            "(PARTITION BY customer_id ORDER BY asked_at)) AS gap FROM survey_invitation) "
            "WHERE gap < ? AND cause NOT LIKE 'ticket:%'",
            days,
        )

    def unpaid(self, action: str, cause: str, what: str) -> float:
        """Rows of that kind without their entry in the ledger."""
        entry = f"SELECT 1 FROM ledger_entry WHERE action = ? AND cause = {cause}"
        return self.number(f"SELECT COUNT(*) FROM {what} AND NOT EXISTS ({entry})", action)

    def promised_but_missing(self) -> dict[str, float]:
        """What earns points and has no entry, by kind."""
        return {
            "answers": self.unpaid("survey-answer", "'survey-answer:' || a.id", "survey_answer AS a WHERE 1"),
            "comments": self.unpaid(
                "comment", "'survey-comment:' || a.id", "survey_answer AS a WHERE a.comment <> ''"
            ),
            "orders": self.unpaid(
                "purchase", "'order:' || p.order_number", "purchase AS p WHERE p.customer_id IS NOT NULL"
            ),
            "friends": self.unpaid(
                "referral", "'referral:' || r.id || ':referrer'", "referral AS r WHERE r.state = 'rewarded'"
            ),
            "registrations": self.unpaid(
                "registration", "'registration:' || c.id", "customer AS c WHERE c.registered_at IS NOT NULL"
            ),
        }

    def reply_minutes(self, months_ago: int) -> float:
        """The median minutes until staff first answered a ticket opened in that calendar month, in their hours: scores
        are tapped at any hour, and wait for the morning."""
        index = self.today.year * 12 + self.today.month - 1 - months_ago
        month = f"{index // 12}-{index % 12 + 1:02}"
        found = self.rows(
            "SELECT (julianday(first_response_at) - julianday(opened_at)) * 1440 FROM ticket "
            "WHERE first_response_at IS NOT NULL AND cause <> 'detractor' "
            f"AND strftime('%Y-%m', opened_at, {LOCAL}) = ? ORDER BY 1",
            month,
        )
        return float(found[len(found) // 2][0]) if found else 0.0

    def undelivered(self) -> float:
        """Orders of the last months, but for the last days, without a delivered parcel."""
        days = (self.today - timedelta(days=200)).isoformat(), (self.today - timedelta(days=4)).isoformat()
        delivered = "SELECT order_number FROM shipment WHERE delivered_at IS NOT NULL"
        return self.number(
            "SELECT COUNT(*) FROM purchase WHERE state = 'paid' AND ordered_on BETWEEN ? AND ? "
            f"AND order_number NOT IN ({delivered})",
            *days,
        )

    def print(self) -> None:
        """Print all figures."""
        gaps = self.gaps()
        brought = "id IN (SELECT referee_id FROM referral)"
        pump = "p.id IN (SELECT purchase_id FROM purchase_item WHERE sku = 'HD-104')"
        slow = (
            "p.order_number IN (SELECT order_number FROM shipment WHERE "
            "julianday(delivered_at) - julianday(dispatched_at) > 4)"
        )
        for name, value in {
            "customers": self.number("SELECT COUNT(*) FROM customer"),
            "orders": self.number("SELECT COUNT(*) FROM purchase"),
            "history days": self.history_days(),
            "top tenth of buyers, share of sales": self.top_share(),
            "second purchase within a year, matured": self.second_purchase_share(),
            "second purchase, all": self.comes_back("1"),
            "gaps p10": gaps[len(gaps) // 10],
            "gaps median": gaps[len(gaps) // 2],
            "gaps p90": gaps[len(gaps) * 9 // 10],
            "gaps over 60 days": sum(gap > 60 for gap in gaps) / len(gaps),
            "promoters : detractors": self.promoter_ratio(),
            "referrers : others": self.referrer_ratio(),
            "orders not on LINE": self.elsewhere_share(),
            "free samples": self.number("SELECT COUNT(*) FROM purchase WHERE total_yen = 0"),
            "cancelled": self.number("SELECT COUNT(*) FROM purchase WHERE state = 'cancelled'"),
            "refunded": self.number(
                "SELECT COUNT(*) FROM purchase WHERE refunded_yen > 0 OR state = 'refunded'"
            ),
            "orders in February : a month": self.orders_in(2),
            "orders in July : a month": self.orders_in(7),
            "orders in December : a month": self.orders_in(12),
            "gifts in season": self.sold("HD-301", (6, 7, 12)),
            "gifts else": self.sold("HD-301", (1, 2, 3, 4, 5, 8, 9, 10)),
            "questions": self.number("SELECT COUNT(*) FROM survey_invitation"),
            "answers": self.number("SELECT COUNT(*) FROM survey_answer"),
            "NPS": self.number(
                "SELECT 100.0 * (SUM(segment = 'promoter') - SUM(segment = 'detractor')) / COUNT(*) FROM survey_answer"
            ),
            "asked outside the hours": self.asked_outside(10, 20),
            "asked within 90 days": self.asked_too_soon(90),
            "friends who came back": self.comes_back(brought),
            "others who came back": self.comes_back(f"NOT {brought}"),
            "score, pump": self.score_of(pump),
            "score, slow parcels": self.score_of(slow),
            "score, else": self.score_of(f"NOT ({pump}) AND NOT ({slow})"),
            **{f"missing entries: {name}": count for name, count in self.promised_but_missing().items()},
            **{f"minutes to reply, {months} months ago": self.reply_minutes(months) for months in range(5)},
            "parcels never delivered": self.undelivered(),
        }.items():
            sys.stdout.write(f"{name:45} {value:10.2f}\n")


def of_file(path: str) -> SampleShop:
    """The shop in that file, as of the day of its latest event."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    newest = database.execute(f"SELECT date(MAX(received_at), {LOCAL}) FROM inbox_event").fetchone()[0]
    return SampleShop(database, date.fromisoformat(newest))


if __name__ == "__main__":
    of_file(sys.argv[1]).print()
