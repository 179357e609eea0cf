"""Builds the cards about orders: received, dispatched, delivered, and the states of the last orders. Asks no
database; the words are in `order_words.py`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot import localtime
from bot.line import messages as line
from bot.line.messages import Action, Component, Message
from customers.orders.order import Item
from customers.orders.shipments import Shipment
from customers.orders.tables import CANCELLED, PAID, REFUNDED, Purchase
from handlers.order_words import OrderWords, words

MOST_ITEMS = 5
MOST_PARCELS = 3
LONGEST_ITEM = 60
ON_ITS_WAY_DAYS = 30
"""An order without any parcel is being prepared for so many days; older ones are past."""


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """An order as a card shows it, with its parcels."""

    purchase: Purchase
    items: Sequence[Item] = ()
    parcels: Sequence[Shipment] = field(default=())


def received(order: ShownOrder, thanks: str | None = None, next_step: Sequence[Component] = ()) -> Message:
    """The order was received: items, total, when it comes; with thanks and the next step of the rank, except in a
    bad moment."""
    say_it, purchase = words(), order.purchase
    body = [_title(say_it.received_title), _faint(say_it.number.format(order=purchase.order_number))]
    body += _items(order.items, say_it)
    body.append(line.words(say_it.total.format(yen=f"{purchase.total_yen:,}"), weight="bold"))
    body += _arrives(purchase.arrives_on, say_it)
    if thanks:
        body += [line.separator(), line.words(thanks, size="sm")]
    body += next_step
    alt = f"{say_it.received_title}（{say_it.number.format(order=purchase.order_number)}）"
    return line.flex(alt, line.bubble(body))


def dispatched(order: ShownOrder, parcel: Shipment) -> Message:
    """A parcel was dispatched: carrier and number, when it comes, a button to the carrier's tracking."""
    say_it = words()
    number = say_it.number.format(order=order.purchase.order_number)
    body = [_title(say_it.dispatched_title), _faint(number)]
    body += _items(parcel.item_list, say_it)
    body += _parcel_line(parcel, say_it)
    body += _arrives(parcel.arrives_on or order.purchase.arrives_on, say_it)
    address = parcel.tracking_address
    buttons = [line.button(line.open_uri(say_it.track_button, address))] if address else []
    return line.flex(f"{say_it.dispatched_title}（{number}）", line.bubble(body, buttons))


def delivered(order: ShownOrder) -> Message:
    """A parcel was delivered, and where to say that something is wrong."""
    say_it = words()
    number = say_it.number.format(order=order.purchase.order_number)
    body = [_title(say_it.delivered_title), _faint(number), line.words(say_it.delivered, size="sm")]
    staff = line.say(say_it.staff_button, "スタッフと話す")
    return line.flex(
        f"{say_it.delivered_title}（{number}）", line.bubble(body, [line.button(staff, "secondary")])
    )


def states(orders: Sequence[ShownOrder]) -> Message:
    """The orders with their state, side by side, the latest first."""
    bubbles = [_state_card(order) for order in orders]
    alt = "\n".join(f"{each.purchase.order_number} {state_in_words(each)}" for each in orders)
    return line.flex(alt, bubbles[0] if len(bubbles) == 1 else line.carousel(bubbles))


def state_in_words(order: ShownOrder) -> str:
    """How far the order is, in a sentence."""
    say_it, purchase, parcels = words(), order.purchase, order.parcels
    if purchase.state != PAID:
        return {CANCELLED: say_it.state_cancelled, REFUNDED: say_it.state_refunded}[purchase.state]
    arrived = [each.delivered_at for each in parcels if each.delivered_at]
    left = [each.dispatched_at for each in parcels if each.dispatched_at]
    if arrived and len(arrived) == len(parcels):
        return say_it.state_delivered.format(day=localtime.in_words(localtime.local_date(max(arrived))))
    if arrived:
        return say_it.state_some_delivered.format(count=len(parcels), delivered=len(arrived))
    if left:
        return say_it.state_dispatched.format(day=localtime.in_words(localtime.local_date(max(left))))
    is_past = (localtime.today() - purchase.ordered_on).days > ON_ITS_WAY_DAYS
    return say_it.state_past if is_past else say_it.state_received


def _state_card(order: ShownOrder) -> Component:
    say_it, purchase = words(), order.purchase
    ordered_on = say_it.ordered_on.format(day=localtime.in_words(purchase.ordered_on))
    body = [
        line.words(state_in_words(order), weight="bold"),
        _faint(f"{ordered_on}・{say_it.number.format(order=purchase.order_number)}"),
        *_items(order.items, say_it),
        line.words(say_it.total.format(yen=f"{purchase.total_yen:,}"), size="sm"),
    ]
    if purchase.state != PAID:
        return line.bubble(body)
    for parcel in order.parcels[:MOST_PARCELS]:
        body += _parcel_line(parcel, say_it)
    if len(order.parcels) > MOST_PARCELS:
        body.append(_faint(say_it.more_parcels.format(count=len(order.parcels) - MOST_PARCELS)))
    body += _arrives(_arrival_of(order), say_it)
    buttons = [line.button(action, "secondary") for action in _tracking(order.parcels[:MOST_PARCELS], say_it)]
    return line.bubble(body, buttons)


def _tracking(parcels: Sequence[Shipment], say_it: OrderWords) -> list[Action]:
    """The buttons to the parcels' tracking; numbered where there are several."""
    found = [each.tracking_address for each in parcels if each.tracking_address]
    if len(found) < 2:
        return [line.open_uri(say_it.track_button, address) for address in found]
    return [
        line.open_uri(say_it.track_button_numbered.format(place=place), address)
        for place, address in enumerate(found, start=1)
    ]


def _arrival_of(order: ShownOrder) -> date | None:
    """The day on which the last parcel under way is expected."""
    if order.parcels and all(each.delivered_at for each in order.parcels):
        return None
    expected = [each.arrives_on for each in order.parcels if each.arrives_on and not each.delivered_at]
    return max(expected, default=order.purchase.arrives_on)


def _arrives(day: date | None, say_it: OrderWords) -> list[Component]:
    """The line about the expected day, unless it is past."""
    if day is None or day < localtime.today():
        return []
    return [line.words(say_it.arrives.format(day=localtime.in_words(day)), size="sm")]


def _items(items: Sequence[Item], say_it: OrderWords) -> list[Component]:
    named = [item for item in items if item.name or item.sku]
    lines = [line.words(_item(item), size="sm") for item in named[:MOST_ITEMS]]
    if len(named) > MOST_ITEMS:
        lines.append(_faint(say_it.more_items.format(count=len(named) - MOST_ITEMS)))
    return lines


def _item(item: Item) -> str:
    pieces = f" ×{item.quantity}" if item.quantity > 1 else ""
    return f"・{line.cut(item.name or item.sku, LONGEST_ITEM)}{pieces}"


def _parcel_line(parcel: Shipment, say_it: OrderWords) -> list[Component]:
    if not (parcel.carrier_name or parcel.shown_number):
        return []
    said = say_it.carrier.format(carrier=parcel.carrier_name, number=parcel.shown_number)
    return [line.words(said.strip(), size="sm")]


def _title(sentence: str) -> Component:
    return line.words(sentence, weight="bold", size="md", color=line.GOOD)


def _faint(sentence: str) -> Component:
    return line.words(sentence, size="xs", color=line.FAINT)
