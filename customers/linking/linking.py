"""Decides whether somebody on LINE may be tied to a buyer of the shop, by a code or by the shop's login.

A secret is unguessable, works once, ends by itself, and is kept as a keyed hash only. A buyer who is tied to somebody
else is never taken over: a person has to look.
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
from bot.db.database import Model, UtcDateTimeField, insert_once, require_transaction
from bot.line import messages
from customers.linking import codes
from customers.linking.settings import LinkRules
from customers.linking.words import words
from customers.orders import buyers, purchases
from customers.orders.buyers import Buyer
from customers.orders.purchases import AlreadyTied, Purchase
from customers.people.customer import Customer

CODE, NONCE = "code", "nonce"


class LinkOutcome(StrEnum):
    """What came of a secret."""

    LINKED = "linked"
    ALREADY_MINE = "already_mine"
    HELD = "held"
    """The buyer is somebody else's on LINE, or everybody who ordered as a guest under one number."""
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class Linked:
    """`credited` are the purchases that waited for this tie, oldest first."""

    outcome: LinkOutcome
    buyer: Buyer | None = None
    credited: tuple[Purchase, ...] = ()


@dataclass(frozen=True)
class Issued:
    """A secret in plain text: the only time it can be seen."""

    secret: str
    expires_at: datetime


class LinkSecret(Model):
    """A code or a nonce that ties a buyer to whoever brings it."""

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
    """A code that was none: who goes on guessing has to wait."""

    customer = ForeignKeyField(Customer, backref="+", on_delete="CASCADE", index=False)
    guessed_at = UtcDateTimeField()

    class Meta:
        table_name = "link_guess"
        indexes = ((("customer", "guessed_at"), False),)


def issue_code(buyer: Buyer, made_by: str) -> Issued:
    """A code for a parcel, a mail or a page of the shop. An earlier one of the same buyer goes on working."""
    lasting = timedelta(days=shop.get(LinkRules).code_days)
    return _issue(CODE, codes.make(secrets.choice), buyer, made_by, lasting)


def issue_nonce(buyer: Buyer, made_by: str) -> Issued:
    """A nonce for LINE's account link: the buyer has signed in to the shop just now.
    https://developers.line.biz/en/docs/messaging-api/linking-accounts/"""
    lasting = timedelta(minutes=shop.get(LinkRules).nonce_minutes)
    return _issue(NONCE, secrets.token_urlsafe(32), buyer, made_by, lasting)


def redeem_code(code: str, customer: Customer) -> Linked:
    """Somebody on LINE sent a code."""
    require_transaction()
    since = localtime.now() - timedelta(hours=1)
    guesses = (
        LinkGuess.select().where(LinkGuess.customer == customer.id, LinkGuess.guessed_at > since).count()
    )
    if guesses >= shop.get(LinkRules).guesses_an_hour:
        return Linked(LinkOutcome.TOO_MANY)
    linked = _redeem(CODE, code, customer)
    if linked.outcome in (LinkOutcome.UNKNOWN, LinkOutcome.EXPIRED, LinkOutcome.USED):
        LinkGuess.create(customer=customer.id, guessed_at=localtime.now())
    return linked


def redeem_nonce(nonce: str, customer: Customer) -> Linked:
    """LINE says that this customer came back from the shop's login with that nonce."""
    require_transaction()
    return _redeem(NONCE, nonce, customer)


def tie(buyer: Buyer, customer: Customer) -> Linked:
    """Makes the buyer this customer, unless the buyer is somebody else's."""
    require_transaction()
    if buyers.is_guests(buyer):
        return Linked(LinkOutcome.HELD, buyer)
    if buyers.lock(buyer).customer_id == customer.id:
        return Linked(LinkOutcome.ALREADY_MINE, buyer)
    try:
        credited = purchases.tie(buyer, customer)
    except AlreadyTied:
        return Linked(LinkOutcome.HELD, buyer)
    return Linked(LinkOutcome.LINKED, buyer, tuple(credited))


def untie_all(customer: Customer) -> list[Buyer]:
    """The customer wants no tie any more. What was credited stays theirs."""
    require_transaction()
    mine = buyers.of_customer(customer)
    for buyer in mine:
        purchases.untie(buyer)
    return mine


def chat_link(code: str) -> str:
    """Opens the shop's chat with the code typed, not sent."""
    return messages.prefilled_chat(settings.current().line_basic_id, words().prefilled.format(code=code))


def qr_image(code: str) -> str:
    """The address of the QR image that opens that chat."""
    return f"{settings.current().public_url}/q/link/{code}.png"


def login_address(link_token: str) -> str | None:
    """The shop's login page with LINE's token; None where the shop has no login."""
    url = settings.current().account_link_url
    return None if url is None else f"{url}{'&' if '?' in url else '?'}linkToken={link_token}"


def forget_old() -> int:
    """Drops guesses and secrets that are long over; for the clock. How many went."""
    long_ago = localtime.now() - timedelta(days=90)
    guesses = LinkGuess.delete().where(LinkGuess.guessed_at < localtime.now() - timedelta(days=1)).execute()
    return int(guesses) + int(LinkSecret.delete().where(LinkSecret.expires_at < long_ago).execute())


def _issue(kind: str, secret: str, buyer: Buyer, made_by: str, lasting: timedelta) -> Issued:
    require_transaction()
    now = localtime.now()
    values = {"kind": kind, "secret_hash": _hash(kind, secret), "buyer": buyer.id, "made_by": made_by[:64]}
    if insert_once(LinkSecret, **values, made_at=now, expires_at=now + lasting) is None:
        raise RuntimeError("two secrets of 56 bits fell on each other")  # tried again by the caller's retry
    return Issued(secret, now + lasting)


def _redeem(kind: str, secret: str, customer: Customer) -> Linked:
    found: LinkSecret | None = LinkSecret.get_or_none(LinkSecret.secret_hash == _hash(kind, secret))
    if found is None:
        return Linked(LinkOutcome.UNKNOWN)
    if found.used_at is not None:
        mine = found.customer_id == customer.id and found.buyer.customer_id == customer.id
        return Linked(LinkOutcome.ALREADY_MINE if mine else LinkOutcome.USED, found.buyer)
    if found.expires_at <= localtime.now():
        return Linked(LinkOutcome.EXPIRED)
    # The rows-affected check decides between two who send one code at once.
    taken = (
        LinkSecret.update(used_at=localtime.now(), customer=customer.id)
        .where(LinkSecret.id == found.id, LinkSecret.used_at.is_null())
        .execute()
    )
    return tie(found.buyer, customer) if taken == 1 else Linked(LinkOutcome.USED)


def _hash(kind: str, secret: str) -> str:
    key = settings.current().hash_key.encode()
    return hmac.new(key, f"link-{kind}:{secret}".encode(), hashlib.sha256).hexdigest()
