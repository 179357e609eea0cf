"""Answers 「連携」: links a customer on LINE with a buyer of the shop by code, by the shop's login or by
staff, and unlinks them.

Storage and rules are in `customers/linking/`.
"""

from bot import notices
from bot.config import settings
from bot.line import messages as line
from bot.line.messages import MOST_MESSAGES, Message
from bot.notices import notice_text
from bot.queue import outbox
from bot.routing import event_kinds
from bot.routing.events import AccountLinked, Event, InternalEvent, PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from customers.linking import codes, linking
from customers.linking.linking import LinkOutcome, LinkResult
from customers.linking.words import words
from customers.orders import buyers, purchases
from customers.orders.buyers import Buyer
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import replies, unasked
from handlers.event_customer import get_or_create_customer, record_activity
from handlers.order_received import earn
from handlers.progress import rank_messages
from journeys.sending.message_kinds import Kind
from rewards.ledger import ledger
from rewards.referrals import referrals
from support.tickets import tickets

routes = Routes()


@routes.on_text("連携", "れんけい", "連携する", "会員連携", "ID連携", "アカウント連携", "連携コード")
def link_asked_for(event: TextReceived) -> Answer:
    """Begin with the shop's login where one is configured, else explain how to send a code."""
    record_activity(event)
    if settings.current().account_link_url is None:
        return replies.with_ways_on(words().how_to_link)
    outbox.ask_for_link_token(event)
    return []


@routes.on_internal_event(event_kinds.LINK_TOKEN_ANSWER_RECEIVED)
def link_token_issued(event: InternalEvent) -> Answer:
    """LINE's answer to a link token request: offer the shop's login with it."""
    issued = event.data.get("issued") or {}
    address = linking.login_address(str(issued["linkToken"])) if issued.get("linkToken") else None
    if address is None:
        return replies.with_ways_on(words().link_failed)
    card = line.bubble(
        [line.words(words().log_in)], [line.button(line.open_uri(words().log_in_button, address))]
    )
    return replies.lead_on([line.flex(words().log_in, card)])


@routes.on_event(AccountLinked)
def account_linked(event: AccountLinked) -> Answer:
    """The customer returned from the shop's login: link their account."""
    _lock(event)
    customer = get_or_create_customer(event)
    if not event.ok:
        return replies.with_ways_on(words().link_failed)
    linked = linking.redeem_nonce(event.nonce, customer)
    if linked.outcome in (LinkOutcome.UNKNOWN, LinkOutcome.EXPIRED, LinkOutcome.USED):
        return replies.with_ways_on(words().link_failed)
    return _answer(event, customer, linked)


@routes.on_text_that(codes.find_code)
def link_code_sent(event: TextReceived) -> Answer:
    """Redeem a code from a parcel, a mail or a page of the shop, scanned or typed."""
    _lock(event)
    customer = record_activity(event)
    return _answer(event, customer, linking.redeem_code(codes.find_code(event.text) or "", customer))


@routes.on_internal_event(event_kinds.BUYER_LINK_REQUESTED)
def buyer_linked(event: InternalEvent) -> Answer:
    """Staff linked a buyer to this customer."""
    _lock(event)
    customer, buyer = get_or_create_customer(event), Buyer.get_by_id(int(event.data["buyer_id"]))
    linked = linking.link_buyer(buyer, customer)
    if linked.outcome is LinkOutcome.HELD:
        _report_conflict(linked, customer)
        return []
    notices.take_down(f"link-held:{buyer.id}")
    if linked.outcome is not LinkOutcome.ALREADY_MINE:
        said = replies.without_quick_replies(_answer(event, customer, linked))
        unasked.say(customer, said, kind=Kind.LINK, cause=event.event_id)
    return []


@routes.on_internal_event(event_kinds.BUYER_UNLINK_REQUESTED)
def buyer_unlinked(event: InternalEvent) -> Answer:
    """Staff unlinked a buyer from this customer, who is notified."""
    customer = get_or_create_customer(event)
    buyer = buyers.lock(Buyer.get_by_id(int(event.data["buyer_id"])))
    if buyer.customer_id != customer.id:
        return []
    purchases.unlink_buyer(buyer)
    notices.take_down(f"link-held:{buyer.id}")
    said = [line.text(words().unlinked_by_staff)]
    unasked.say(customer, said, kind=Kind.LINK, cause=event.event_id)
    return []


@routes.on_text("連携を解除", "連携解除", "連携をやめる", "連携を解除する")
def unlink_asked_for(event: TextReceived) -> Answer:
    """Ask for confirmation, and say that points stay."""
    mine = buyers.of_customer(record_activity(event))
    if not mine:
        return replies.with_ways_on(words().not_linked)
    sentence = words().unlink_ask.format(buyer="・".join(_buyer_name(buyer) for buyer in mine[:5]))
    return [
        line.text(
            sentence,
            [
                line.postback(words().unlink_yes, "link.undo", words().unlink_yes),
                line.say(words().unlink_no, "やめておく"),
            ],
        )
    ]


@routes.on_postback("link.undo")
def unlink_confirmed(event: PostbackReceived) -> Answer:
    """Unlink every buyer of the customer, and confirm it."""
    gone = linking.unlink_all(record_activity(event))
    return replies.with_ways_on(words().unlinked if gone else words().not_linked)


def _lock(event: Event) -> None:
    """Lock both customers of a referral before anything is written: pending orders may complete it and credit
    both."""
    known = customers.find_by_line_user(event.user_id or "")
    referrals.lock_with_referrer(known.id if known else None)


def _answer(event: Event, customer: Customer, linked: LinkResult) -> list[Message]:
    match linked.outcome:
        case LinkOutcome.LINKED:
            return _welcome(customer, linked)
        case LinkOutcome.HELD:
            _report_conflict(linked, customer)
            tickets.open_ticket(
                customer.id,
                event.conversation_id,
                cause=tickets.ASKED,
                cause_key=f"link-held:{event.event_id}",
            )
            return [line.text(words().held)]
        case outcome:
            return replies.with_ways_on(str(getattr(words(), outcome)))


def _welcome(customer: Customer, linked: LinkResult) -> list[Message]:
    """What was linked, and what the pending orders earn, once."""
    if linked.buyer is None:
        raise ValueError("a link is to a buyer")
    said = [words().linked.format(buyer=_buyer_name(linked.buyer))]
    more: list[Message] = []
    if linked.credited:
        earned = earn(customer, linked.credited)
        more, balance = earned.said, ledger.balance(customer.id)
        if earned.points or earned.held:
            given = f"{earned.points + earned.held:,}"
            said.append(
                words().credited.format(count=len(linked.credited), points=given, balance=f"{balance:,}")
            )
    messages = [line.text("\n\n".join(said)), *more, *rank_messages(customer.id)]
    return replies.lead_on(messages[:MOST_MESSAGES])


def _report_conflict(linked: LinkResult, customer: Customer) -> None:
    """The buyer is linked to another customer: change nothing, and ask the owner to check who it is."""
    if linked.buyer is None:
        raise ValueError("what is held is a buyer")
    number = linked.buyer.customer_number or f"#{linked.buyer.id}"
    notices.notify(
        f"link-held:{linked.buyer.id}",
        notice_text(
            "ご購入者 %(buyer)s は、すでに別のLINEのお客さまと連携されていますが、"
            "%(name)s（お客さま #%(customer)s）からも申し出がありました。"
            "チャットでご本人か確かめ、必要ならいまの連携を解除してからつないでください。",
            buyer=number,
            name=customer.display_name or notice_text("お名前未取得のお客さま"),
            customer=customer.id,
        ),
    )


def _buyer_name(buyer: Buyer) -> str:
    """How a buyer is named in the chat: the last digits of the customer number, so that a stranger does not
    learn it."""
    number = buyer.customer_number
    if not number:
        return words().buyer_without_number
    shown = number if len(number) <= 3 else "•" * min(len(number) - 3, 6) + number[-3:]
    return words().buyer_by_number.format(number=shown)
