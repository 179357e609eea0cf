"""What words, currencies and customer numbers mean in this shop: of shop.toml, and as the owner said in the console.

The owner's newest word in the console wins over the file.
"""

from bot.config import shop
from customers.orders import parked
from customers.orders import states as order_states
from customers.orders.parked import Question, Reason
from customers.orders.settings import StateWords
from customers.orders.states import OrderState

LEFT_OUT = "left_out"
"""What the owner may say of a currency: its orders are never counted."""


def states() -> dict[str, OrderState]:
    """The shop's own words for states, by their keys."""
    said = {key: OrderState(meaning) for key, meaning in parked.meanings(Reason.STATE).items()}
    return shop.get(StateWords).by_key() | said


def read_state(word: str) -> OrderState | None:
    """What the word means in this shop; None when nobody knows."""
    return order_states.read(word, states(), shop.get(StateWords).cancelled_words)


def is_left_out(question: Question) -> bool:
    """Whether the owner has said that orders like this are never counted."""
    return (
        question.reason is Reason.CURRENCY
        and parked.meanings(Reason.CURRENCY).get(question.word_key) == LEFT_OUT
    )
