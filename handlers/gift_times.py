"""The clock's work for gifts: whose birthday it is, and which coupons are past their last day."""

from bot import inbox, localtime, shop
from bot.conversations import Conversation
from bot.database import write_transaction
from customers.customer import Customer
from rewards import birthdays, coupons, reward_list
from rewards.coupon_rules import RewardKind
from rewards.rules import PointRules
from surveys import asking
from surveys.rules import SurveyRules

CHUNK = 200


def congratulate_on_birthdays() -> int:
    """One event for each birthday of today, once a year, in the hours in which the shop writes unasked."""
    rules = shop.get(SurveyRules)
    hour = localtime.local(localtime.now()).time()
    has_gift = reward_list.of_kind(RewardKind.BIRTHDAY) or shop.get(PointRules).birthday
    if not has_gift or not asking.is_daytime(hour, rules.ask_from_hour, rules.ask_until_hour):
        return 0
    count, last = 0, 0
    while found := birthdays.today(CHUNK, after=last):
        with write_transaction():
            count += sum(_put(customer_id) for customer_id in found)
        last = found[-1]
    return count


def expire_coupons() -> int:
    """Write down which coupons are over."""
    with write_transaction():
        return coupons.expire_old()


def _put(customer_id: int) -> bool:
    customer = Customer.get_by_id(customer_id)
    if customer.conversation_id is None:
        return False
    chat = Conversation.get_by_id(customer.conversation_id)
    event_id = f"birthday:{customer_id}:{localtime.today().year}"
    return inbox.put("birthday.came", event_id, chat.key, line_user_id=chat.line_user_id)
