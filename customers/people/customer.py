"""Decides who a LINE user is to the shop and whether we may write to them; what to say is for others."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from peewee import BigIntegerField, CharField, DateField, ForeignKeyField, IntegerField

from bot import localtime
from bot.conversations import Conversation
from bot.db.database import Model, UtcDateTimeField, execute, insert_once, is_postgres, require_transaction

SEEN_AGAIN_AFTER = timedelta(hours=1)


class Customer(Model):
    """One person as the shop knows them. The four purchase columns are a cache that
    `purchases.refresh` computes from the purchases, so that lists over a million customers stay cheap."""

    conversation = ForeignKeyField(Conversation, null=True, unique=True, on_delete="SET NULL", backref="+")
    conversation_id: int | None
    line_user_id = CharField(64, null=True, unique=True)
    display_name = CharField(255, default="")
    picture_url = CharField(2000, default="")
    language = CharField(35, default="")
    followed_at = UtcDateTimeField(null=True)
    blocked_at = UtcDateTimeField(null=True)
    registered_at = UtcDateTimeField(null=True)
    first_seen_at = UtcDateTimeField()
    last_seen_at = UtcDateTimeField(null=True)
    opted_out_at = UtcDateTimeField(null=True)
    last_wrote_on = DateField(null=True)
    """The last of the days that `active_days.py` keeps."""

    purchase_count = IntegerField(default=0)
    sales_yen = BigIntegerField(default=0)
    first_purchased_on = DateField(null=True)
    last_purchased_on = DateField(null=True, index=True)

    class Meta:
        table_name = "customer"


def get_or_create_by_line_user(
    line_user_id: str, conversation_id: int | None = None, *, seen: bool = True
) -> Customer:
    """The customer behind a LINE user id, made when new.

    `seen` says that the person did something on LINE just now; an order that merely names
    them does not make them reachable.
    """
    customer = find_by_line_user(line_user_id)
    if customer is None:
        now = localtime.now()
        # Two events may meet a new person at once: the unique id decides, both then read the same row.
        insert_once(
            Customer,
            line_user_id=line_user_id,
            conversation=conversation_id,
            first_seen_at=now,
            last_seen_at=now if seen else None,
        )
        customer = Customer.get(Customer.line_user_id == line_user_id)
    changes: dict[str, Any] = {}
    if conversation_id is not None and customer.conversation_id is None:
        changes["conversation"] = conversation_id
    if seen and (
        customer.last_seen_at is None or localtime.now() - customer.last_seen_at >= SEEN_AGAIN_AFTER
    ):
        changes["last_seen_at"] = localtime.now()
    return _change(customer, **changes)


def find_by_line_user(line_user_id: str) -> Customer | None:
    return Customer.get_or_none(Customer.line_user_id == line_user_id)


def follow(line_user_id: str, conversation_id: int | None = None, at: datetime | None = None) -> Customer:
    """Registers on the first follow; a later one only lifts the block. `at` is when it happened, by default now."""
    customer = get_or_create_by_line_user(line_user_id, conversation_id)
    now = localtime.now()
    return _change(
        customer,
        followed_at=at or now,
        blocked_at=None,
        registered_at=customer.registered_at or now,
    )


def block(customer: Customer, at: datetime | None = None) -> Customer:
    """The customer blocked us (LINE's `unfollow`): nothing is pushed until they follow again."""
    return _change(customer, blocked_at=at or localtime.now())


def opt_out(customer: Customer) -> Customer:
    """The customer wants no messages unasked; replies to their own messages still go."""
    return customer if customer.opted_out_at else _change(customer, opted_out_at=localtime.now())


def opt_in(customer: Customer) -> Customer:
    return _change(customer, opted_out_at=None)


def learn_profile(
    customer: Customer, display_name: str, picture_url: str | None = None, language: str | None = None
) -> Customer:
    """Keeps what LINE's profile says. Picture and language may be missing there: the known ones stay."""
    changes: dict[str, Any] = {"display_name": display_name[:255]}
    if picture_url is not None and len(picture_url) <= 2000:
        changes["picture_url"] = picture_url
    if language is not None:
        changes["language"] = language[:35]
    return _change(customer, **{k: v for k, v in changes.items() if getattr(customer, k) != v})


def lock(*customer_ids: int | None) -> None:
    """Until the transaction ends nobody else changes what belongs to these customers. Whoever changes something of two
    locks both at once, before anything else of either: in the order of their ids, so that none waits in a circle.
    SQLite has one writer anyway."""
    require_transaction()
    ids = tuple({each for each in customer_ids if each is not None})
    if ids and is_postgres():
        execute("SELECT id FROM customer WHERE id IN ? ORDER BY id FOR NO KEY UPDATE", ids)


def is_reachable(customer: Customer) -> bool:
    """Known to be on LINE with us and not blocking us: a staff answer would arrive."""
    known_on_line = customer.followed_at is not None or customer.last_seen_at is not None
    return customer.line_user_id is not None and known_on_line and customer.blocked_at is None


def can_be_pushed(customer: Customer) -> bool:
    """May be written to unasked: reachable, and has not asked for silence."""
    return is_reachable(customer) and customer.opted_out_at is None


def _change(customer: Customer, **changes: Any) -> Customer:
    # Only the changed columns are written, so that a stale copy never overwrites another's work.
    if changes:
        Customer.update(**changes).where(Customer.id == customer.id).execute()
        for name, value in changes.items():
            setattr(customer, name, value)
    return customer


def is_new_to_shop(customer: Customer, within: timedelta) -> bool:
    """Whether this person came just now: never bought, and first seen within that time."""
    return customer.purchase_count == 0 and localtime.now() - customer.first_seen_at <= within
