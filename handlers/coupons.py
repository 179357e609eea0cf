"""Answers 「クーポン」 and 「特典交換」: coupons held and on offer, exchange for points, a coupon's QR; and
staff's gifts."""

from bot.line.messages import Message
from bot.routing import event_kinds
from bot.routing.events import InternalEvent, PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import flow_triggers, replies, unasked
from handlers.event_customer import record_activity
from journeys.sending.message_kinds import Kind
from rewards.coupons import codes, coupons, messages, reward_list, spending
from rewards.coupons.rules import Lack, RewardKind
from rewards.coupons.tables import Coupon, Reward
from rewards.ledger import ledger
from rewards.ranks import customer_rank

routes = Routes()


@routes.on_text("クーポン", "くーぽん", "coupon", "特典交換", "ポイント交換", "クーポンを見る")
@routes.on_postback("coupons")
def coupons_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """Show the coupons the customer holds, then those that points can buy."""
    customer = record_activity(event)
    offers = reward_list.offers(customer.id, customer_rank.snapshot(customer.id).rank)
    shown = messages.offered(coupons.held_by(customer.id), offers, spending.spendable(customer.id))
    return replies.lead_on([shown])


@routes.on_postback("coupon.ask")
def exchange_asked_for(event: PostbackReceived) -> Answer:
    """Ask for confirmation before points are spent."""
    customer = record_activity(event)
    reward = _exchangeable(event.postback.number("reward"))
    if reward is None:
        return replies.lead_on([messages.missed(Lack.STOPPED, 0)])
    return [messages.confirm(reward, spending.spendable(customer.id), event.event_id)]


@routes.on_postback("coupon.exchange")
def exchange_confirmed(event: PostbackReceived) -> Answer:
    """Exchange points for a coupon. A second tap on the same question shows the same coupon."""
    customer = record_activity(event)
    reward, ask = _exchangeable(event.postback.number("reward")), event.postback.values.get("ask")
    if reward is None or not ask:
        return replies.lead_on([messages.missed(Lack.STOPPED, 0)])
    cause = f"exchange:{customer.id}:{ask[:100]}"
    was_there = coupons.of_cause(cause) is not None
    issued = coupons.issue(customer.id, reward.id, customer_rank.snapshot(customer.id).rank, cause)
    if issued.coupon is None:
        missing = reward.points_price - spending.spendable(customer.id)
        return replies.lead_on([messages.missed(issued.lack, max(0, missing))])
    confirmation = [] if was_there else [messages.exchanged(spending.spendable(customer.id))]
    return replies.lead_on([*confirmation, messages.coupon(issued.coupon)])


@routes.on_postback("coupon.show")
def coupon_asked_for(event: PostbackReceived) -> Answer:
    """Show one of the customer's own coupons with its QR code."""
    customer = record_activity(event)
    mine: Coupon | None = Coupon.get_or_none(
        Coupon.id == (event.postback.number("coupon") or 0), Coupon.customer == customer.id
    )
    return replies.lead_on([messages.coupon(mine) if mine else messages.unknown()])


@routes.on_internal_event(event_kinds.COUPON_GRANT_REQUESTED)
def coupon_granted(event: InternalEvent) -> Answer:
    """Staff gave a thank-you coupon: issue it once and notify the customer."""
    customer: Customer = Customer.get_by_id(event.data["customer_id"])
    cause = f"thank-you:{event.event_id}"
    was_there = coupons.of_cause(cause) is not None
    rank = customer_rank.snapshot(customer.id).rank
    issued = coupons.issue(customer.id, int(event.data["reward_id"]), rank, cause)
    if issued.coupon is None or was_there or not customers.can_be_pushed(customer):
        return []
    flow_triggers.note_coupons(customer.id, [issued.coupon])
    said = messages.given([issued.coupon], RewardKind.THANK_YOU)
    unasked.say(customer, said, kind=Kind.COUPON_GIVEN, cause=cause)
    return []


@routes.on_internal_event(event_kinds.COUPON_CANCELLATION_REQUESTED)
def coupon_cancelled(event: InternalEvent) -> Answer:
    """Staff cancel an unused coupon: return its points and notify the customer. A coupon used meanwhile stays
    used."""
    mine: Coupon = Coupon.get_by_id(int(event.data["coupon_id"]))
    customer: Customer = Customer.get_by_id(mine.customer_id)
    before = ledger.balance(customer.id)
    if not coupons.cancel(mine.id, int(event.data["staff_id"]), str(event.data["reason"])):
        return []
    balance = ledger.balance(customer.id)
    said = [messages.cancelled(mine.name, balance - before, balance)]
    if customers.can_be_pushed(customer):
        unasked.say(customer, said, kind=Kind.COUPON_CANCELLED, cause=f"coupon-cancelled:{mine.id}")
    return []


def for_first_purchase(customer: Customer) -> list[Message]:
    """Issue the coupons for a first purchase, once for each customer; the messages about them."""
    if customer.purchase_count != 1:
        return []
    rank = customer_rank.snapshot(customer.id).rank
    gifts = coupons.issue_for_occasion(
        customer.id, RewardKind.FIRST_PURCHASE, rank, first_purchase_cause(customer.id)
    )
    flow_triggers.note_coupons(customer.id, gifts)
    return messages.given(gifts, RewardKind.FIRST_PURCHASE)


def redeem_for_order(code: str, source: str, order_number: str) -> None:
    """Note that a coupon was used with an order which the shop's system reported with its code, once. A code that is
    none of ours (the shop's own campaign), or a coupon that is used or over, changes nothing."""
    ours = codes.find_code(code)
    if ours is not None:
        coupons.redeem(ours, f"order:{source}", f"order:{order_number}")


def first_purchase_cause(customer_id: int) -> str:
    """The cause under which the coupons for a customer's first purchase are issued."""
    return f"first-purchase:{customer_id}"


def _exchangeable(reward_id: int | None) -> Reward | None:
    """The reward, if points can buy it; None otherwise, since a button's data could be forged."""
    found: Reward | None = Reward.get_or_none(
        Reward.id == (reward_id or 0), Reward.kind == RewardKind.EXCHANGE
    )
    return found
