"""What the customer does with a testimonial: write it, add a picture, consent, withdraw; nothing is shown
without consent.

The text is stored as written. The points given for it are disclosed beside it (ステマ規制:
景品表示法5条3号の告示). Staff's decisions are in `moderation.py`, what is public in `published.py`.
"""

import unicodedata
from dataclasses import dataclass

from peewee import Case

from bot import localtime
from bot.db.database import require_transaction
from bot.files import storage
from surveys.testimonials.tables import (
    ALLOWED,
    LONGEST_NAME,
    Change,
    Consent,
    Testimonial,
    TestimonialChange,
    TestimonialState,
    note,
)

LONGEST_NICKNAME = 20


@dataclass(frozen=True, slots=True)
class Decided:
    """The result of a decision."""

    before: Consent
    was_unpublished: bool
    """It was published and is not any more."""


def write(customer_id: int, body: str, message_id: str = "", picture_message_id: str | None = None) -> int:
    """Store the words, not to be shown until the customer consents; the testimonial's id."""
    require_transaction()
    return int(
        Testimonial.create(
            customer=customer_id,
            body=body,
            text_message_id=message_id or None,
            picture_message_id=picture_message_id,
            written_at=localtime.now(),
        ).id
    )


def find(customer_id: int, testimonial_id: int | None) -> Testimonial | None:
    """That testimonial if it is this customer's, else None."""
    found: Testimonial | None = Testimonial.get_or_none(
        Testimonial.id == testimonial_id, Testimonial.customer == customer_id
    )
    return found


def add_picture(testimonial: Testimonial, message_id: str) -> bool:
    """Add the picture to the words. False once the customer has decided, since the consent was without it."""
    require_transaction()
    undecided = (Testimonial.id == testimonial.id) & (Testimonial.state == TestimonialState.WRITTEN)
    return bool(Testimonial.update(picture_message_id=message_id).where(undecided).execute())


def nickname_of(typed: str) -> str:
    """The nickname or initials in a form that can be shown; empty when there are none, or they are too long."""
    seen = "".join(sign for sign in typed if unicodedata.category(sign)[0] != "C" or sign == "\n")
    name = " ".join(seen.split())
    return name if len(name) <= LONGEST_NICKNAME else ""


def decide(customer_id: int, testimonial_id: int, consent: Consent, shown_name: str = "") -> Decided | None:
    """Record the customer's decision; None when the testimonial is not theirs.

    A name that staff have not seen waits for them again, also on a published one. What staff refused stays
    refused.
    """
    require_transaction()
    found = find(customer_id, testimonial_id)
    if found is None or not found.body:
        return None
    allowed, name = consent in ALLOWED, shown_name[:LONGEST_NAME]
    stays = [(Testimonial.state == TestimonialState.REFUSED, TestimonialState.REFUSED)]
    known_name = (Testimonial.shown_name == name) if name else (Testimonial.id == testimonial_id)
    stays.append(((Testimonial.state == TestimonialState.PUBLISHED) & known_name, TestimonialState.PUBLISHED))
    Testimonial.update(
        consent=consent,
        shown_name=name,
        decided_at=localtime.now(),
        state=Case(None, stays, TestimonialState.WAITING) if allowed else TestimonialState.PRIVATE,
    ).where(Testimonial.id == testimonial_id).execute()
    note(testimonial_id, Change.CONSENTED if allowed else Change.DECLINED, shown_name=name)
    return Decided(Consent(found.consent), _remove_from_page(found))


def shown_or_waiting(customer_id: int) -> list[Testimonial]:
    """The testimonials this customer can withdraw, newest first."""
    consented = Testimonial.consent.in_(ALLOWED)
    query = Testimonial.select().where(Testimonial.customer == customer_id, consented)
    return list(query.order_by(Testimonial.id.desc()))


def withdraw(customer_id: int, testimonial_id: int) -> Testimonial | None:
    """Withdraw the consent, and remove it from the page at once. None when there is no consent to withdraw."""
    require_transaction()
    theirs = (Testimonial.id == testimonial_id) & (Testimonial.customer == customer_id)
    found: Testimonial | None = Testimonial.get_or_none(theirs, Testimonial.consent.in_(ALLOWED))
    if found is None:
        return None
    changes = {
        "consent": Consent.WITHDRAWN,
        "state": TestimonialState.WITHDRAWN,
        "decided_at": localtime.now(),
    }
    Testimonial.update(changes).where(theirs).execute()
    note(found.id, Change.WITHDRAWN)
    _remove_from_page(found)
    return found


def remove_unsent(message_id: str) -> list[Testimonial]:
    """The customer unsent a message: withdraw and delete its words, or remove its picture. The testimonials
    whose words were deleted."""
    require_transaction()
    with_picture = list(Testimonial.select().where(Testimonial.picture_message_id == message_id))
    for found in with_picture:
        Testimonial.update(picture_message_id=None, public_picture="").where(
            Testimonial.id == found.id
        ).execute()
        if found.public_picture:
            storage.discard(found.public_picture)
    gone = list(Testimonial.select().where(Testimonial.text_message_id == message_id))
    for found in gone:
        if withdraw(found.customer_id, found.id) is None:
            Testimonial.update(state=TestimonialState.WITHDRAWN, consent=Consent.WITHDRAWN).where(
                Testimonial.id == found.id
            ).execute()
        Testimonial.update(body="").where(Testimonial.id == found.id).execute()
    return gone


def forget_nickname(customer_id: int, typed: list[str]) -> list[str]:
    """The customer unsent a nickname: testimonials shown under it become anonymous. The nicknames that were
    removed."""
    require_transaction()
    used = Testimonial.select(Testimonial.shown_name).where(
        Testimonial.customer == customer_id, Testimonial.consent == Consent.NICKNAME
    )
    names = sorted({nickname_of(each) for each in typed} & {row.shown_name for row in used} - {""})
    if not names:
        return []
    theirs = Testimonial.select(Testimonial.id).where(Testimonial.customer == customer_id)
    TestimonialChange.update(shown_name="").where(
        TestimonialChange.testimonial.in_(theirs), TestimonialChange.shown_name.in_(names)
    ).execute()
    Testimonial.update(consent=Consent.ANONYMOUS, shown_name="").where(
        Testimonial.customer == customer_id,
        Testimonial.consent == Consent.NICKNAME,
        Testimonial.shown_name.in_(names),
    ).execute()
    return names


def _remove_from_page(before: Testimonial) -> bool:
    """Delete the public picture of a testimonial that is no longer published; whether it was published until now."""
    now: Testimonial = Testimonial.get_by_id(before.id)
    if now.state == TestimonialState.PUBLISHED:
        return False
    if now.public_picture:
        storage.discard(now.public_picture)
        Testimonial.update(public_picture="").where(Testimonial.id == now.id).execute()
    return before.state == TestimonialState.PUBLISHED
