"""Links customers on LINE to buyers of the shop, by a code or by the shop's login.

A secret (code or nonce) is random, works once, expires, and is stored as a keyed hash. A buyer linked to
somebody else is never reassigned: staff must check.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from peewee import CharField, ForeignKeyField

from bot import localtime
from bot.config import settings, shop
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from bot.line import messages
from customers.linking import codes
from customers.linking.settings import LinkRules
from customers.linking.words import words
from customers.orders import buyers, purchases
from customers.orders.buyers import Buyer
from customers.orders.purchases import AlreadyLinked, Purchase
from customers.people import consent_entries
from customers.people.consent_entries import ConsentChange
from customers.people.customer import Customer

CODE, NONCE = "code", "nonce"


class LinkOutcome(StrEnum):
    """The result of redeeming a secret."""

    LINKED = "linked"
    ALREADY_MINE = "already_mine"
    HELD = "held"
    """The buyer is linked to another customer, or is shared by all guests under one number; staff must
    check."""
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class LinkResult:
    """The result of linking. `credited` are the purchases that became this customer's by it, oldest first."""

    outcome: LinkOutcome
    buyer: Buyer | None = None
    credited: tuple[Purchase, ...] = ()


@dataclass(frozen=True)
class IssuedSecret:
    """A secret in plain text, which is not stored."""

    secret: str
    expires_at: datetime


class LinkSecret(Model):
    """A code or nonce that links a buyer to the customer who sends it."""

    kind = CharField(8)
    secret_hash = CharField(64, unique=True)
    buyer = ForeignKeyField(Buyer, backref="+", on_delete="CASCADE")
    buyer_id: int
    made_by = CharField(64)
    made_at = UtcDateTimeField()
    expires_at = UtcDateTimeField()
    used_at = UtcDateTimeField(null=True)
    customer = ForeignKeyField(Customer, null=True, backref="+", on_delete="SET NULL")
    customer_id: int | None

    class Meta:
        table_name = "link_secret"


class LinkGuess(Model):
    """One wrong code a customer sent; used to limit guesses."""

    customer = ForeignKeyField(Customer, backref="+", on_delete="CASCADE", index=False)
    guessed_at = UtcDateTimeField()

    class Meta:
        table_name = "link_guess"
        indexes = ((("customer", "guessed_at"), False),)


def issue_code(buyer: Buyer, made_by: str) -> IssuedSecret:
    """Issues a code for a parcel, a mail or a page of the shop. Earlier codes of the same buyer stay
    valid."""
    lasting = timedelta(days=shop.get(LinkRules).code_days)
    return _issue(CODE, codes.make(secrets.choice), buyer, made_by, lasting)


def issue_nonce(buyer: Buyer, made_by: str) -> IssuedSecret:
    """Issues a nonce for LINE's account link, when the buyer has just signed in to the shop.

    https://developers.line.biz/en/docs/messaging-api/linking-accounts/
    """
    lasting = timedelta(minutes=shop.get(LinkRules).nonce_minutes)
    return _issue(NONCE, secrets.token_urlsafe(32), buyer, made_by, lasting)


def redeem_code(code: str, customer: Customer) -> LinkResult:
    """Links the customer who sent this code on LINE to its buyer. Wrong codes are counted and limited."""
    require_transaction()
    since = localtime.now() - timedelta(hours=1)
    guesses = (
        LinkGuess.select().where(LinkGuess.customer == customer.id, LinkGuess.guessed_at > since).count()
    )
    if guesses >= shop.get(LinkRules).guesses_an_hour:
        return LinkResult(LinkOutcome.TOO_MANY)
    linked = _redeem(CODE, code, customer)
    if linked.outcome in (LinkOutcome.UNKNOWN, LinkOutcome.EXPIRED, LinkOutcome.USED):
        LinkGuess.create(customer=customer.id, guessed_at=localtime.now())
    return linked


def redeem_nonce(nonce: str, customer: Customer) -> LinkResult:
    """Links the customer who came back from the shop's login with this nonce, according to LINE."""
    require_transaction()
    return _redeem(NONCE, nonce, customer)


def link_buyer(buyer: Buyer, customer: Customer) -> LinkResult:
    """Links the buyer to this customer, unless the buyer is somebody else's."""
    require_transaction()
    if buyers.is_guests(buyer):
        return LinkResult(LinkOutcome.HELD, buyer)
    if buyers.lock(buyer).customer_id == customer.id:
        return LinkResult(LinkOutcome.ALREADY_MINE, buyer)
    try:
        credited = purchases.link_buyer(buyer, customer)
    except AlreadyLinked:
        return LinkResult(LinkOutcome.HELD, buyer)
    consent_entries.add(customer.id, ConsentChange.LINKED)
    return LinkResult(LinkOutcome.LINKED, buyer, tuple(credited))


def unlink_all(customer: Customer) -> list[Buyer]:
    """Removes all of the customer's links; returns the buyers. What was credited stays the customer's."""
    require_transaction()
    mine = buyers.of_customer(customer)
    for buyer in mine:
        purchases.unlink_buyer(buyer)
    if mine:
        consent_entries.add(customer.id, ConsentChange.UNLINKED)
    return mine


def chat_link(code: str) -> str:
    """An address that opens the shop's chat with the code typed, not sent."""
    return messages.prefilled_chat(settings.current().line_basic_id, words().prefilled.format(code=code))


def qr_image(code: str) -> str:
    """The address of the QR image that opens that chat."""
    return f"{settings.current().public_url}/q/link/{code}.png"


def login_address(link_token: str) -> str | None:
    """The shop's login page with LINE's token; None where the shop has no login."""
    url = settings.current().account_link_url
    return None if url is None else f"{url}{'&' if '?' in url else '?'}linkToken={link_token}"


def forget_old() -> int:
    """Deletes guesses after a day and secrets 90 days after they expired; for the clock. Returns how many."""
    long_ago = localtime.now() - timedelta(days=90)
    guesses = LinkGuess.delete().where(LinkGuess.guessed_at < localtime.now() - timedelta(days=1)).execute()
    return int(guesses) + int(LinkSecret.delete().where(LinkSecret.expires_at < long_ago).execute())


def _issue(kind: str, secret: str, buyer: Buyer, made_by: str, lasting: timedelta) -> IssuedSecret:
    require_transaction()
    now = localtime.now()
    values = {"kind": kind, "secret_hash": _hash(kind, secret), "buyer": buyer.id, "made_by": made_by[:64]}
    if insert_once(LinkSecret, **values, made_at=now, expires_at=now + lasting) is None:
        raise RuntimeError("a new link secret is one that exists already")  # the caller's retry makes another
    return IssuedSecret(secret, now + lasting)


def _redeem(kind: str, secret: str, customer: Customer) -> LinkResult:
    found: LinkSecret | None = LinkSecret.get_or_none(LinkSecret.secret_hash == _hash(kind, secret))
    if found is None:
        return LinkResult(LinkOutcome.UNKNOWN)
    if found.used_at is not None:
        mine = found.customer_id == customer.id and found.buyer.customer_id == customer.id
        return LinkResult(LinkOutcome.ALREADY_MINE if mine else LinkOutcome.USED, found.buyer)
    if found.expires_at <= localtime.now():
        return LinkResult(LinkOutcome.EXPIRED)
    # Of two who send one code at once, only one finds it unused.
    taken = (
        LinkSecret.update(used_at=localtime.now(), customer=customer.id)
        .where(LinkSecret.id == found.id, LinkSecret.used_at.is_null())
        .execute()
    )
    return link_buyer(found.buyer, customer) if taken == 1 else LinkResult(LinkOutcome.USED)


def _hash(kind: str, secret: str) -> str:
    key = settings.current().hash_key.encode()
    return hmac.new(key, f"link-{kind}:{secret}".encode(), hashlib.sha256).hexdigest()


erasure.deleted(
    LinkSecret,
    lambda who: (LinkSecret.customer == who.customer_id) | LinkSecret.buyer.in_(who.buyer_ids),
)
erasure.deleted(LinkGuess)
