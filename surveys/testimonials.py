"""Decides what may be done with a customer's own words: nothing without their consent, and only as they said.

The text is kept as it was written. Points are given for it and disclosed beside it
(ステマ規制: 景品表示法5条3号の告示).
"""

from enum import StrEnum

import peewee

from bot import localtime
from bot.database import Model, UtcDateTimeField, require_transaction
from customers.customer import Customer


class Consent(StrEnum):
    """How the customer lets the shop show their words."""

    NAMED = "named"
    ANONYMOUS = "anonymous"
    REFUSED = "refused"
    ASKED = "asked"
    WITHDRAWN = "withdrawn"


class Testimonial(Model):
    """One customer's words about the shop, and what they allow."""

    customer = peewee.ForeignKeyField(Customer)
    customer_id: int
    body = peewee.TextField()
    consent = peewee.CharField(default=Consent.ASKED)
    written_at = UtcDateTimeField()
    decided_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "testimonial"


def write(customer_id: int, body: str) -> int:
    """Keep the words; until the customer decides, nobody may show them. The testimonial's id."""
    require_transaction()
    return int(Testimonial.create(customer=customer_id, body=body, written_at=localtime.now()).id)


def decide(customer_id: int, testimonial_id: int, consent: Consent) -> Consent | None:
    """Record the customer's decision on their own words; what it was before, None when the words are not theirs."""
    require_transaction()
    theirs = (Testimonial.id == testimonial_id) & (Testimonial.customer == customer_id)
    found = Testimonial.get_or_none(theirs)
    if found is None:
        return None
    before = Consent(found.consent)
    changes = {"consent": consent, "decided_at": localtime.now()}
    Testimonial.update(changes).where(theirs).execute()
    return before


def withdraw_all(customer_id: int) -> int:
    """The customer takes every consent back; how many there were."""
    require_transaction()
    consented = Testimonial.consent.in_([Consent.NAMED, Consent.ANONYMOUS])
    query = Testimonial.update(consent=Consent.WITHDRAWN, decided_at=localtime.now())
    return int(query.where(Testimonial.customer == customer_id, consented).execute())
