"""The API's routes for link codes and account link nonces; the codes themselves are
`customers/linking/linking.py`'s."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response

from bot.config import settings
from customers.api.answers import AccountLinkAnswer, LinkCodeAnswer
from customers.api.auth import Refused, api_key, as_json, body, fault_of, once, read_json, refuse
from customers.api.keys import LINKS_WRITE, ApiKey
from customers.api.link_schema import AccountLinkIn, LinkCodeIn
from customers.linking import linking
from customers.orders import buyers, intake, order, purchases, schema
from customers.orders.buyers import Buyer
from customers.values import identities
from customers.values.faults import EXAMPLES, Problem

DIALOG = "https://access.line.me/dialog/bot/accountLink"
"""https://developers.line.biz/en/docs/messaging-api/linking-accounts/"""


def register(api: Blueprint) -> None:
    """Registers the routes."""
    api.post("/link-codes")(make_link_code)
    api.post("/account-links")(begin_account_link)


def make_link_code() -> Response:
    """Issues a code to print in a mail, on a parcel or on a page. 201; 409 when the customer is linked to
    LINE already."""
    key = api_key(LINKS_WRITE)
    content = body()
    payload = schema.read_as(LinkCodeIn, read_json(content, {"customer_number": EXAMPLES["customer_number"]}))
    if not isinstance(payload, LinkCodeIn):
        raise Refused(422, [fault_of(problem) for problem in payload])
    return once(key, content, lambda: _code_made(key, payload), is_secret=True)


def begin_account_link() -> Response:
    """Issues the nonce for a customer who signed in, and the address to redirect them to. 201."""
    key = api_key(LINKS_WRITE)
    content = body()
    example = {name: EXAMPLES[name] for name in ("link_token", "customer_number")}
    payload = schema.read_as(AccountLinkIn, read_json(content, example))
    if not isinstance(payload, AccountLinkIn):
        raise Refused(422, [fault_of(problem) for problem in payload])
    return once(key, content, lambda: _nonce_made(key, payload), is_secret=True)


def _code_made(key: ApiKey, payload: LinkCodeIn) -> Response:
    buyer = _buyer_of_order(payload.order_number) if payload.order_number else _buyer_of(payload)
    if buyer.customer_id is not None:
        refuse(
            409,
            "already_linked",
            "このお客さまは、すでにLINEと連携しています。",
            "This customer is linked with LINE already.",
            field="order_number" if payload.order_number else "customer_number",
        )
    issued = linking.issue_code(buyer, f"api:{key.prefix}")
    answer = LinkCodeAnswer(
        code=issued.secret,
        chat_url=linking.chat_link(issued.secret),
        qr_url=linking.qr_image(issued.secret),
        expires_at=issued.expires_at.isoformat(timespec="seconds"),
    )
    return as_json(201, answer)


def _nonce_made(key: ApiKey, payload: AccountLinkIn) -> Response:
    issued = linking.issue_nonce(_buyer_of(payload), f"api:{key.prefix}")
    answer = AccountLinkAnswer(
        nonce=issued.secret,
        redirect_url=f"{DIALOG}?linkToken={quote(payload.link_token, safe='')}&nonce={issued.secret}",
        expires_at=issued.expires_at.isoformat(timespec="seconds"),
    )
    return as_json(201, answer)


def _buyer_of(payload: LinkCodeIn | AccountLinkIn) -> Buyer:
    secret = settings.current().hash_key
    number = payload.customer_number
    if number and identities.is_guest_number(number, buyers.guest_numbers()):
        number = None
        if not (payload.email or payload.phone):
            raise Refused(422, [fault_of(Problem("customer_number", "guest_number"))])
    buyer = buyers.get_or_create(
        number,
        order.address_hash("email", payload.email, secret) if payload.email else None,
        order.address_hash("phone", payload.phone, secret) if payload.phone else None,
    )
    if buyer is None:
        raise ValueError("checked before: somebody is named")
    return buyer


def _buyer_of_order(order_number: str) -> Buyer:
    known = intake.known_order(order_number)
    if known is None:
        refuse(
            404,
            "unknown_order",
            "この注文番号の注文はまだ届いていません。",
            "No order with this number was reported.",
            field="order_number",
            example=EXAMPLES["order_number"],
        )
    buyer = _buyer_recorded(order_number) or buyers.get_or_create_for_order(known[0])
    if buyer is not None and buyers.is_guests(buyer):
        raise Refused(422, [fault_of(Problem("customer_number", "guest_number"))])
    if buyer is None:
        refuse(
            409,
            "already_linked",
            "この注文は、すでにLINEのお客さまのものです。",
            "This order names a LINE user already.",
            field="order_number",
        )
    return buyer


def _buyer_recorded(order_number: str) -> Buyer | None:
    purchase = purchases.find(order_number)
    return purchase.buyer if purchase is not None else None
