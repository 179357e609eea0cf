"""Decides who invited whom and when that is worth a thank-you to both; in doubt it is held for a person to judge."""

import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from peewee import Case, CharField, ForeignKeyField, IntegerField, fn

from bot import localtime, shop
from bot.database import Model, UtcDateTimeField, database, insert_once, is_postgres, require_transaction
from customers.customer import Customer
from rewards import ledger, referral_codes
from rewards.ledger import LedgerEntry
from rewards.points import Action
from rewards.rules import PointRules, ReferralRules


class State(StrEnum):
    """How far an invitation came."""

    JOINED = "joined"
    BOUGHT = "bought"
    REWARDED = "rewarded"
    HELD = "held"
    """Waits for a person to judge: no points until then."""
    REJECTED = "rejected"


class Outcome(StrEnum):
    """What came of a code that somebody sent."""

    ATTRIBUTED = "attributed"
    OWN_CODE = "own_code"
    UNKNOWN_CODE = "unknown_code"
    ALREADY_CUSTOMER = "already_customer"
    ALREADY_JOINED = "already_joined"
    CIRCULAR = "circular"
    TOO_MANY = "too_many"


class ReferralCode(Model):
    """A customer's own code, and how far it carried. The counts are kept for the owner's list."""

    customer = ForeignKeyField(Customer, unique=True)
    customer_id: int
    code = CharField(9, unique=True)
    made_at = UtcDateTimeField()
    invited_count = IntegerField(default=0)
    last_invited_at = UtcDateTimeField(null=True)
    joined_count = IntegerField(default=0)
    bought_count = IntegerField(default=0)

    class Meta:
        table_name = "referral_code"
        indexes = ((("bought_count", "joined_count", "invited_count"), False),)


class Referral(Model):
    """One person who came by a code. A person comes once."""

    referrer = ForeignKeyField(Customer, backref="+", index=False)
    referrer_id: int
    referee = ForeignKeyField(Customer, unique=True, backref="+")
    referee_id: int
    code = CharField(9)
    state = CharField(16)
    reason = CharField(64, default="")
    invited_at = UtcDateTimeField(null=True)
    joined_at = UtcDateTimeField()
    bought_at = UtcDateTimeField(null=True)
    rewarded_at = UtcDateTimeField(null=True)
    purchase_cause = CharField(190, null=True)

    class Meta:
        table_name = "referral"
        indexes = ((("referrer", "joined_at"), False),)


@dataclass(frozen=True, slots=True)
class JoinResult:
    """What came of a code; the referrer is known unless the code is nobody's."""

    outcome: Outcome
    referrer_id: int | None = None
    referral_id: int | None = None

    @property
    def attributed(self) -> bool:
        """Whether the referrer will be thanked once this person buys."""
        return self.outcome is Outcome.ATTRIBUTED


@dataclass(frozen=True, slots=True)
class Bought:
    """An invited friend's first purchase, and what both sides earned; 0 where a limit refused it."""

    id: int
    referrer_id: int
    referee_id: int
    referrer_points: int
    referee_points: int


@dataclass(frozen=True, slots=True)
class Totals:
    """How invitations went: shown, friends who came, friends who bought, and those that wait for a person."""

    invited_count: int
    joined_count: int
    bought_count: int
    held_count: int


@dataclass(frozen=True, slots=True)
class ByCustomer:
    """How one customer's invitations went."""

    customer_id: int
    display_name: str
    code: str
    invited_count: int
    joined_count: int
    bought_count: int


def code_of(customer_id: int) -> str:
    """The customer's own code, made when first asked for."""
    require_transaction()
    while True:
        known = ReferralCode.select(ReferralCode.code).where(ReferralCode.customer == customer_id).scalar()
        if known is not None:
            return str(known)
        code = referral_codes.make(secrets.choice)
        # Taken by chance or made by another event meanwhile: the next round reads it or tries another.
        insert_once(ReferralCode, customer=customer_id, code=code, made_at=localtime.now())


def owner_of(code: str) -> int | None:
    """The customer whose code it is."""
    found = ReferralCode.select(ReferralCode.customer).where(ReferralCode.code == code).scalar()
    return None if found is None else int(found)


def invite(customer_id: int) -> str:
    """Note that the invitation was put into the customer's hands, once a day, and return their code."""
    code = _note_invited(customer_id)
    if code is None:
        code_of(customer_id)
        code = _note_invited(customer_id)
    return str(code)


def _note_invited(customer_id: int) -> str | None:
    """In one statement: this is asked for with every promoter's tap."""
    first_today = ReferralCode.last_invited_at.is_null() | (
        ReferralCode.last_invited_at < localtime.start_of(localtime.today())
    )
    query: Any = ReferralCode.update(
        invited_count=ReferralCode.invited_count + Case(None, [(first_today, 1)], 0),
        last_invited_at=localtime.now(),
    ).where(ReferralCode.customer == customer_id)
    found = list(query.returning(ReferralCode.code).tuples().execute())
    return str(found[0][0]) if found else None


def join(code: str, referee_id: int, *, is_new: bool) -> JoinResult:
    """Somebody sent a code. Only a person never seen before is attributed; the answer says what it was instead."""
    require_transaction()
    owner = ReferralCode.get_or_none(ReferralCode.code == code)
    if owner is None:
        return JoinResult(Outcome.UNKNOWN_CODE)
    referrer_id = owner.customer_id
    if referrer_id == referee_id:
        return JoinResult(Outcome.OWN_CODE, referrer_id)
    if Referral.select().where(Referral.referee == referee_id).exists():
        return JoinResult(Outcome.ALREADY_JOINED, referrer_id)
    if not is_new:
        return JoinResult(Outcome.ALREADY_CUSTOMER, referrer_id)
    doubt = _doubt(referrer_id, referee_id)
    referral_id = insert_once(
        Referral,
        referrer=referrer_id,
        referee=referee_id,
        code=code,
        state=State.HELD if doubt else State.JOINED,
        reason=str(doubt or ""),
        invited_at=owner.last_invited_at,
        joined_at=localtime.now(),
    )
    if referral_id is None:
        return JoinResult(Outcome.ALREADY_JOINED, referrer_id)
    if doubt is None:
        _count(referrer_id, joined_count=ReferralCode.joined_count + 1)
    return JoinResult(doubt or Outcome.ATTRIBUTED, referrer_id, referral_id)


def bought(referee_id: int, purchase_cause: str) -> Bought | None:
    """The customer bought: if a friend invited them and this is the first time, both earn, once.

    A referee who turns out to have bought before they joined is held for a person: they were no new customer.
    """
    require_transaction()
    referral = Referral.get_or_none(Referral.referee == referee_id, Referral.bought_at.is_null())
    if referral is None:
        return None
    now = localtime.now()
    known_before = _bought_before(referee_id, referral)
    held = referral.state != State.JOINED or known_before
    changed = (
        Referral.update(
            state=(State.HELD if known_before else referral.state) if held else State.REWARDED,
            reason="bought_before_joining" if known_before and not referral.reason else referral.reason,
            bought_at=now,
            rewarded_at=None if held else now,
            purchase_cause=purchase_cause,
        )
        .where(Referral.id == referral.id, Referral.bought_at.is_null(), Referral.state == referral.state)
        .execute()
    )
    if changed != 1 or held:
        return None
    _count(referral.referrer_id, bought_count=ReferralCode.bought_count + 1)
    return _reward(referral.id, referral.referrer_id, referee_id, purchase_cause)


def of_referee(referee_id: int) -> Referral | None:
    """How that person came, if by an invitation."""
    found: Referral | None = Referral.get_or_none(Referral.referee == referee_id)
    return found


def totals() -> Totals:
    """How all invitations went."""
    invited, joined, bought_ = (
        ReferralCode.select(
            fn.COALESCE(fn.SUM(ReferralCode.invited_count), 0),
            fn.COALESCE(fn.SUM(ReferralCode.joined_count), 0),
            fn.COALESCE(fn.SUM(ReferralCode.bought_count), 0),
        )
        .tuples()
        .first()
    )
    held = Referral.select().where(Referral.state == State.HELD).count()
    return Totals(int(invited), int(joined), int(bought_), int(held))


def by_customer(limit: int = 50, offset: int = 0) -> list[ByCustomer]:
    """Customers who were invited to refer, those with most friends who bought first."""
    rows: Any = (
        ReferralCode.select(
            ReferralCode.customer,
            Customer.display_name,
            ReferralCode.code,
            ReferralCode.invited_count,
            ReferralCode.joined_count,
            ReferralCode.bought_count,
        )
        .join(Customer)
        .order_by(
            ReferralCode.bought_count.desc(),
            ReferralCode.joined_count.desc(),
            ReferralCode.invited_count.desc(),
        )
        .limit(limit)
        .offset(offset)
        .tuples()
    )
    return [ByCustomer(*row) for row in rows]


def _doubt(referrer_id: int, referee_id: int) -> Outcome | None:
    if _invited_by(referee_id, referrer_id):
        return Outcome.CIRCULAR
    today = localtime.start_of(localtime.today())
    lately = Referral.select().where(Referral.referrer == referrer_id, Referral.joined_at >= today).count()
    return Outcome.TOO_MANY if lately >= shop.get(ReferralRules).joined_a_day else None


def _invited_by(referee_id: int, referrer_id: int) -> bool:
    """Whether the would-be referee stands somewhere above the referrer: A invited B, who invited A."""
    mark = "%s" if is_postgres() else "?"
    sql = f"""
        WITH RECURSIVE above (customer_id) AS (
            SELECT referrer_id FROM referral WHERE referee_id = {mark}
            UNION
            SELECT referral.referrer_id FROM referral JOIN above ON referral.referee_id = above.customer_id
        )
        SELECT 1 FROM above WHERE customer_id = {mark}"""  # noqa: S608 — the marks are placeholders
    return database.execute_sql(sql, (referrer_id, referee_id)).fetchone() is not None


def _bought_before(referee_id: int, referral: Referral) -> bool:
    first_on = Customer.select(Customer.first_purchased_on).where(Customer.id == referee_id).scalar()
    joined_at = referral.joined_at
    return first_on is not None and bool(first_on < localtime.local_date(joined_at))


def _reward(referral_id: int, referrer_id: int, referee_id: int, purchase_cause: str) -> Bought:
    rules = shop.get(PointRules)
    # An earlier reward was taken back with its order: this one is another, by the order that it hangs on.
    is_again = ledger.entry_of(f"referral:{referral_id}:referrer") is not None
    again = f":{purchase_cause}" if is_again else ""
    sides: list[LedgerEntry | None] = [
        ledger.earn(customer_id, action, rules.points_for(action), f"referral:{referral_id}:{side}{again}")
        for customer_id, action, side in (
            (referrer_id, Action.REFERRAL, "referrer"),
            (referee_id, Action.REFERRED, "referee"),
        )
    ]
    gave = [entry.points if entry else 0 for entry in sides]
    return Bought(referral_id, referrer_id, referee_id, gave[0], gave[1])


def _count(referrer_id: int, **columns: object) -> None:
    ReferralCode.update(**columns).where(ReferralCode.customer == referrer_id).execute()
