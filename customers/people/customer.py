"""The customer: who a LINE user is to the shop, and whether we may write to them.

What is written to them, and when, is for the domains above.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from peewee import BigIntegerField, CharField, DateField, ForeignKeyField, IntegerField

from bot import localtime
from bot.conversations import Conversation
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, execute, insert_once, is_postgres, require_transaction
from customers.people import consent_entries, name_index
from customers.people.consent_entries import ConsentChange

SEEN_AGAIN_AFTER = timedelta(hours=1)


class Customer(Model):
    """One person as the shop knows them. The four purchase columns are a cache that `purchases.refresh`
    computes, so that lists over a million customers stay cheap."""

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
    erased_at = UtcDateTimeField(null=True)
    """When everything that says who it was was erased; the row stays for the sums."""
    last_wrote_on = DateField(null=True)
    """The last of their days in `active_days.py`."""

    purchase_count = IntegerField(default=0)
    sales_yen = BigIntegerField(default=0)
    first_purchased_on = DateField(null=True)
    last_purchased_on = DateField(null=True, index=True)

    class Meta:
        table_name = "customer"
        indexes = ((("first_purchased_on", "id"), False),)


def get_or_create_by_line_user(
    line_user_id: str, conversation_id: int | None = None, *, seen: bool = True
) -> Customer:
    """The customer with this LINE user id, created when new.

    `seen` says that the person did something on LINE just now; an order that merely names them does not make
    them reachable.
    """
    customer = find_by_line_user(line_user_id)
    if customer is None:
        now = localtime.now()
        # Two events may create the same person at once: the unique id decides, and both read the same row.
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
    """The customer with this LINE user id."""
    return Customer.get_or_none(Customer.line_user_id == line_user_id)


def conversation_of(customer_id: int) -> Conversation | None:
    """The customer's conversation; None when they are not on LINE."""
    found: Conversation | None = (
        Conversation.select().join(Customer).where(Customer.id == customer_id).first()
    )
    return found


def ids_by_conversation(conversation_ids: Collection[int]) -> list[int]:
    """The customers of these conversations."""
    query: Any = Customer.select(Customer.id).where(Customer.conversation.in_(list(conversation_ids)))
    return [each for (each,) in query.tuples()]


def follow(line_user_id: str, conversation_id: int | None = None, at: datetime | None = None) -> Customer:
    """Registers the customer on the first follow; a later one only lifts the block. `at` is when it happened,
    by default now."""
    customer = get_or_create_by_line_user(line_user_id, conversation_id)
    now = localtime.now()
    if customer.followed_at is None or customer.blocked_at is not None:
        consent_entries.add(customer.id, ConsentChange.FOLLOWED, at)
    return _change(
        customer,
        followed_at=at or now,
        blocked_at=None,
        registered_at=customer.registered_at or now,
    )


def block(customer: Customer, at: datetime | None = None) -> Customer:
    """Records that the customer blocked us (LINE's `unfollow`): nothing is pushed until they follow again."""
    if customer.blocked_at is None:
        consent_entries.add(customer.id, ConsentChange.BLOCKED, at)
    return _change(customer, blocked_at=at or localtime.now())


def opt_out(customer: Customer) -> Customer:
    """Records that the customer wants no unasked messages; replies to their own messages are still sent."""
    if customer.opted_out_at:
        return customer
    consent_entries.add(customer.id, ConsentChange.OPTED_OUT)
    return _change(customer, opted_out_at=localtime.now())


def opt_in(customer: Customer) -> Customer:
    """Records that the customer accepts unasked messages again."""
    if customer.opted_out_at:
        consent_entries.add(customer.id, ConsentChange.OPTED_IN)
    return _change(customer, opted_out_at=None)


def learn_profile(
    customer: Customer, display_name: str, picture_url: str | None = None, language: str | None = None
) -> Customer:
    """Stores LINE's profile of the customer, and makes them found by their name. Where it has no picture or language,
    the stored ones stay."""
    changes: dict[str, Any] = {"display_name": display_name[:255]}
    if picture_url is not None and len(picture_url) <= 2000:
        changes["picture_url"] = picture_url
    if language is not None:
        changes["language"] = language[:35]
    if changes["display_name"] != customer.display_name:
        name_index.store(customer.id, changes["display_name"])
    return _change(customer, **{k: v for k, v in changes.items() if getattr(customer, k) != v})


def lock(*customer_ids: int | None) -> None:
    """Locks everything that belongs to these customers until the transaction ends.

    A caller that changes something of two customers locks both at once, first of all: the rows are locked in
    the order of their ids, so that no two transactions wait for each other. SQLite has only one writer, so
    nothing is needed there.
    """
    require_transaction()
    ids = tuple({each for each in customer_ids if each is not None})
    if ids and is_postgres():
        execute("SELECT id FROM customer WHERE id IN ? ORDER BY id FOR NO KEY UPDATE", ids)


def is_reachable(customer: Customer) -> bool:
    """Whether a reply of staff would arrive: known to be on LINE with us, and not blocking us."""
    known_on_line = customer.followed_at is not None or customer.last_seen_at is not None
    return customer.line_user_id is not None and known_on_line and customer.blocked_at is None


def can_be_pushed(customer: Customer) -> bool:
    """Whether unasked messages may be sent: reachable, and has not opted out."""
    return is_reachable(customer) and customer.opted_out_at is None


def can_be_written_to() -> Any:
    """The same as a condition of queries, of those whose conversation is known.

    The index `customer_can_be_written_to` of SQLite has the same condition, term by term.
    """
    return ~cannot_be_written_to()


def cannot_be_written_to() -> Any:
    """The opposite condition, that of the index `customer_cannot_be_written_to`."""
    return (
        Customer.conversation.is_null()
        | Customer.line_user_id.is_null()
        | Customer.blocked_at.is_null(False)
        | Customer.opted_out_at.is_null(False)
        | (Customer.followed_at.is_null() & Customer.last_seen_at.is_null())
    )


def _change(customer: Customer, **changes: Any) -> Customer:
    # Only the changed columns are written, so that an outdated copy never overwrites another's change.
    if changes:
        Customer.update(**changes).where(Customer.id == customer.id).execute()
        for name, value in changes.items():
            setattr(customer, name, value)
    return customer


def is_new_to_shop(customer: Customer, within: timedelta) -> bool:
    """Whether this person has just come: never bought, and first seen within that time."""
    return customer.purchase_count == 0 and localtime.now() - customer.first_seen_at <= within


erasure.blanked(
    Customer,
    lambda: {
        "conversation": None,
        "line_user_id": None,
        "display_name": "",
        "picture_url": "",
        "language": "",
        "erased_at": localtime.now(),
    },
    lambda who: Customer.id == who.customer_id,
)
