"""特典 and 誕生日: what the rank brings, the way to its closed page, and the day that is wished well for."""

from datetime import timedelta

from bot import conversations, shop
from bot.events import Happening, PostbackReceived, TextReceived
from bot.routing import Answer, on_awaited, on_happening, on_postback, on_text
from customers import customer as customers
from handlers import messages as talk
from handlers.people import customer_of, staff_have_the_chat
from handlers.progress import rank_messages
from rewards import birthdays, ledger, rank_cards, standing
from rewards.day_said import find_day
from rewards.points import Action
from rewards.rules import PointRules
from support import tickets

WAITS = timedelta(minutes=30)


@on_text("特典", "とくてん", "会員特典", "perks")
@on_postback("perks")
def perks_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """What the rank held now brings, with a link that only its holder gets."""
    customer = customer_of(event)
    risen = rank_messages(customer.id)
    return talk.lead_on([*risen, rank_cards.perks(customer.id, standing.look(customer.id))])


@on_text("誕生日", "お誕生日", "たんじょうび", "birthday")
def birthday_word(event: TextReceived) -> Answer:
    """Ask for the day; who told it already is told what we know."""
    known = birthdays.of_customer(customer_of(event).id)
    if known is not None:
        return [rank_cards.birthday_known(known.month, known.day)]
    conversations.wait_for(event.conversation_id, "birthday", WAITS)
    return [rank_cards.birthday_question()]


@on_awaited("birthday")
def birthday_told(event: TextReceived) -> Answer:
    """The day, kept once. Anything else is asked again while the exchange is open."""
    customer = customer_of(event)
    if staff_have_the_chat(customer):
        return []
    found = find_day(event.text)
    if found is None:
        return [rank_cards.birthday_not_understood()]
    conversations.stop_waiting(event.conversation_id)
    if not birthdays.tell(customer.id, *found):
        known = birthdays.of_customer(customer.id)
        return [rank_cards.birthday_known(known.month, known.day)] if known else []
    return talk.lead_on([rank_cards.birthday_kept(*found)])


@on_happening("birthday.come")
def birthday_come(event: Happening) -> Answer:
    """The yearly points, and a wish unless the customer wants quiet or is with staff about something."""
    customer = customer_of(event)
    points = shop.get(PointRules).points_for(Action.BIRTHDAY)
    entry = ledger.earn(customer.id, Action.BIRTHDAY, points, f"birthday:{customer.id}:{event.data['year']}")
    if entry is None or not entry.points:
        return []
    if not customers.can_be_pushed(customer) or tickets.open_ticket_of(customer.id) is not None:
        return []
    return talk.lead_on([rank_cards.birthday_wish(entry.points, ledger.balance(customer.id))])
