"""Staff's decisions on testimonials: publish as written, or refuse or unpublish with a reason. Nothing is edited.

A decision applies only to what staff saw: when the customer changed the name or withdrew the picture
meanwhile, it changes nothing. What the customer decides is in `testimonials.py`.
"""

from dataclasses import dataclass
from typing import Any

from peewee import fn

from bot import localtime
from bot.db.database import require_transaction
from bot.files import storage
from customers.people.customer import Customer
from surveys.testimonials.tables import (
    ALLOWED,
    Change,
    Testimonial,
    TestimonialChange,
    TestimonialState,
    note,
)

QUEUES = (
    TestimonialState.WAITING,
    TestimonialState.PUBLISHED,
    TestimonialState.REFUSED,
    TestimonialState.WITHDRAWN,
    TestimonialState.PRIVATE,
)
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some of a queue, each with its history, and the id after which it continues."""

    testimonials: list[Testimonial]
    history: dict[int, list[TestimonialChange]]
    next_after: int | None


def queue(state: TestimonialState, limit: int, after: int | None = None) -> QueuePage:
    """Those waiting longest first; the other queues newest first. `after` is the id of the last one already shown."""
    query = Testimonial.select(Testimonial, Customer).join(Customer).where(Testimonial.state == state)
    oldest_first = state is TestimonialState.WAITING
    if after is not None:
        query = query.where(Testimonial.id > after if oldest_first else Testimonial.id < after)
    order = Testimonial.id if oldest_first else Testimonial.id.desc()
    found = list(query.order_by(order).limit(limit + 1))
    shown = found[:limit]
    return QueuePage(shown, _history(shown), shown[-1].id if len(found) > limit else None)


def counts() -> dict[TestimonialState, int]:
    """How many are in each queue."""
    rows: Any = (
        Testimonial.select(Testimonial.state, fn.COUNT(Testimonial.id)).group_by(Testimonial.state).tuples()
    )
    counted: dict[str, int] = dict(rows)
    return {state: int(counted.get(state, 0)) for state in QUEUES}


def find(testimonial_id: int) -> Testimonial | None:
    """That testimonial, or None."""
    found: Testimonial | None = Testimonial.get_or_none(Testimonial.id == testimonial_id)
    return found


def publish(seen: Testimonial, staff_id: int, public_picture: str = "") -> int | None:
    """Publish it as staff saw it; the id of the change, None when it has changed or may not be shown.

    `public_picture` is the storage key of the picture's public copy.
    """
    require_transaction()
    changes = {
        "state": TestimonialState.PUBLISHED,
        "published_at": localtime.now(),
        "public_picture": public_picture,
    }
    may_be = Testimonial.state.in_(
        [TestimonialState.WAITING, TestimonialState.REFUSED]
    ) & Testimonial.consent.in_(ALLOWED)
    if not Testimonial.update(changes).where(_as_seen(seen) & may_be).execute():
        return None
    return note(seen.id, Change.PUBLISHED, shown_name=seen.shown_name, staff_id=staff_id)


def refuse(seen: Testimonial, staff_id: int, reason: str) -> int | None:
    """Refuse or unpublish it; the id of the change, None when its state has changed. ValueError without a reason."""
    require_transaction()
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise ValueError("a refusal needs its reason: the customer may ask")
    if seen.state not in {TestimonialState.WAITING, TestimonialState.PUBLISHED}:
        return None
    query = Testimonial.update(state=TestimonialState.REFUSED, public_picture="").where(
        Testimonial.id == seen.id, Testimonial.state == seen.state
    )
    if not query.execute():
        return None
    if seen.public_picture:
        storage.discard(seen.public_picture)
    change = Change.UNPUBLISHED if seen.state == TestimonialState.PUBLISHED else Change.REFUSED
    return note(seen.id, change, reason=reason, staff_id=staff_id)


def _as_seen(seen: Testimonial) -> Any:
    picture = Testimonial.picture_message_id
    same_picture = (
        picture.is_null() if seen.picture_message_id is None else picture == seen.picture_message_id
    )
    return (Testimonial.id == seen.id) & (Testimonial.shown_name == seen.shown_name) & same_picture


def _history(shown: list[Testimonial]) -> dict[int, list[TestimonialChange]]:
    found: dict[int, list[TestimonialChange]] = {row.id: [] for row in shown}
    if shown:
        query = TestimonialChange.select().where(TestimonialChange.testimonial.in_(list(found)))
        for change in query.order_by(TestimonialChange.id):
            found[change.testimonial_id].append(change)
    return found
