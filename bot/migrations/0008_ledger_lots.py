"""The ledger's lots, what they were used for, pending points, and the accounts that the clock checks."""

from itertools import groupby

import peewee


def up(migrator, db):
    # Plain SQL: with a constant default neither database rewrites the table.
    db.execute_sql("ALTER TABLE ledger_entry ADD COLUMN held INTEGER DEFAULT 0 NOT NULL")
    db.execute_sql("ALTER TABLE ledger_entry ADD COLUMN expires_on DATE")

    class Customer(db.Model):
        class Meta:
            table_name = "customer"

    class LedgerEntry(db.Model):
        class Meta:
            table_name = "ledger_entry"

    class LotUse(db.Model):
        entry = peewee.ForeignKeyField(LedgerEntry, backref="+", index=False)
        lot = peewee.ForeignKeyField(LedgerEntry, backref="+", index=False)
        points = peewee.IntegerField()

        class Meta:
            table_name = "lot_use"
            indexes = ((("entry", "lot"), True), (("lot",), False))

    class PendingPoints(db.Model):
        entry = peewee.ForeignKeyField(LedgerEntry, unique=True, backref="+")
        customer = peewee.ForeignKeyField(Customer, backref="+")
        due_on = peewee.DateField(index=True)

        class Meta:
            table_name = "pending_points"

    class PointsAccount(db.Model):
        customer = peewee.ForeignKeyField(Customer, unique=True, backref="+")
        last_active_on = peewee.DateField()
        idle_until = peewee.DateField(null=True)
        expires_on = peewee.DateField(null=True)
        warned_days = peewee.SmallIntegerField(null=True)

        class Meta:
            table_name = "points_account"
            indexes = ((("expires_on", "warned_days"), False),)

    db.create_tables([LotUse, PendingPoints, PointsAccount])
    _open_accounts(db)
    _cover_takings(db)


def _open_accounts(db):
    """A year after the last activity, the shop's default; nobody's points expire before they could be notified."""
    if isinstance(db, peewee.PostgresqlDatabase):
        day = "GREATEST(MAX(occurred_on) + 365, CURRENT_DATE + 60)"
    else:
        day = "MAX(date(MAX(occurred_on), '+365 days'), date('now', '+60 days'))"
    db.execute_sql(
        "INSERT INTO points_account (customer_id, last_active_on, idle_until, expires_on) "  # noqa: S608
        f"SELECT customer_id, MAX(occurred_on), {day}, CASE WHEN SUM(points) > 0 THEN {day} END "
        "FROM ledger_entry GROUP BY customer_id"
    )


def _cover_takings(db):
    """What was taken so far used the oldest points first; a debt is paid by what came after it."""
    rows = db.execute_sql(
        "SELECT customer_id, id, points, reverses_id FROM ledger_entry WHERE points <> 0 AND customer_id IN "
        "(SELECT customer_id FROM ledger_entry WHERE points < 0) ORDER BY customer_id, id"
    ).fetchall()
    mark = "%s" if isinstance(db, peewee.PostgresqlDatabase) else "?"
    sql = f"INSERT INTO lot_use (entry_id, lot_id, points) VALUES ({mark}, {mark}, {mark})"  # noqa: S608
    for _, mine in groupby(rows, key=lambda row: row[0]):
        lots, debts = {}, {}
        for _, entry_id, points, reverses_id in mine:
            own, others = (lots, debts) if points > 0 else (debts, lots)
            left = abs(points)
            for other in sorted(others, key=lambda each: (each != reverses_id, each)):
                used = min(left, others[other])
                if used:
                    entry, lot = (other, entry_id) if points > 0 else (entry_id, other)
                    db.execute_sql(sql, (entry, lot, used))
                    others[other] -= used
                    left -= used
            own[entry_id] = left
