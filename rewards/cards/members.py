"""Member codes and the signed, expiring addresses of member cards. `picture.py` draws the card."""

import hashlib
import hmac
import secrets
from datetime import date, timedelta

from peewee import CharField, ForeignKeyField

from bot import localtime
from bot.config import settings
from bot.db import erasure
from bot.db.database import Model, insert_once, require_transaction
from customers.people.customer import Customer
from rewards.cards.content import CardContent
from rewards.ledger import ledger
from rewards.ranks import customer_rank
from rewards.ranks.rules import Rank

VALID_DAYS = 60
"""How long an address is valid; each 会員証 makes a new one."""
DIGITS = 12


class MemberCode(Model):
    """A customer's code, for the scanner of a till."""

    customer = ForeignKeyField(Customer, unique=True)
    customer_id: int
    code = CharField(14, unique=True)

    class Meta:
        table_name = "member_code"


def get_or_create_code(customer_id: int) -> str:
    """The customer's member code such as `4821-0937-5566`, created when first requested."""
    require_transaction()
    while True:
        known = MemberCode.select(MemberCode.code).where(MemberCode.customer == customer_id).scalar()
        if known is not None:
            return str(known)
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        insert_once(MemberCode, customer=customer_id, code="-".join(digits[at : at + 4] for at in (0, 4, 8)))


def owner_of(scanned: str) -> Customer | None:
    """The customer with that member code, with or without hyphens and blanks."""
    digits = "".join(each for each in scanned if each.isdecimal())
    if len(digits) != DIGITS or any(each.isalpha() for each in scanned):
        return None
    code = "-".join(str(int(digits[at : at + 4])).zfill(4) for at in (0, 4, 8))
    found: Customer | None = Customer.select().join(MemberCode).where(MemberCode.code == code).first()
    return found


def content_of(customer: Customer) -> CardContent | None:
    """The current content of the customer's card; None while they have no member code."""
    code = MemberCode.select(MemberCode.code).where(MemberCode.customer == customer.id).scalar()
    if code is None:
        return None
    held = customer_rank.of_customer(customer.id)
    return CardContent(
        shop=settings.current().shop_name,
        name=customer.display_name,
        rank=Rank(held.rank) if held else Rank.BASIC,
        points=ledger.balance(customer.id),
        member_code=str(code),
    )


def picture_address(customer_id: int, content: CardContent) -> str:
    """The card's signed address. It changes with the content, since LINE caches pictures by their address."""
    day = localtime.today().toordinal()
    version = hashlib.sha256(repr(content).encode()).hexdigest()[:8]
    claim = f"{customer_id}.{day}.{version}"
    return f"{settings.current().public_url}/m/{claim}.{_signature(claim)}.png"


def customer_of_address(name: str) -> Customer | None:
    """The customer of a signed address (without its ending); None when the signature is wrong or too old."""
    claim, _, signature = name.rpartition(".")
    if not hmac.compare_digest(_signature(claim).encode(), signature.encode()):
        return None
    customer_id, day, _ = claim.split(".")
    if localtime.today() > date.fromordinal(int(day)) + timedelta(days=VALID_DAYS):
        return None
    found: Customer | None = Customer.get_or_none(Customer.id == int(customer_id))
    return found


def _signature(claim: str) -> str:
    key = settings.current().secret_key.encode()
    return hmac.new(key, f"member-card:{claim}".encode(), hashlib.sha256).hexdigest()[:32]


erasure.deleted(MemberCode)
