"""The meaning of state words and currencies in this shop, from shop.toml and from the owner's answers in the
console.

The newest answer in the console takes precedence over the file.
"""

from bot.config import shop
from customers.orders import parked
from customers.orders import states as order_states
from customers.orders.parked import Question, Reason
from customers.orders.settings import StateWords
from customers.orders.states import OrderState

LEFT_OUT = "left_out"
"""The owner's answer about a currency: its orders are never counted."""


def states() -> dict[str, OrderState]:
    """The shop's own words for states, by `states.word_key`."""
    said = {key: OrderState(meaning) for key, meaning in parked.meanings(Reason.STATE).items()}
    return shop.get(StateWords).by_key() | said


def read_state(word: str) -> OrderState | None:
    """The meaning of the word in this shop; None when it is unknown."""
    return order_states.read(word, states(), shop.get(StateWords).cancelled_words)


def is_left_out(question: Question) -> bool:
    """Whether the owner has said that orders in this currency are never counted."""
    return (
        question.reason is Reason.CURRENCY
        and parked.meanings(Reason.CURRENCY).get(question.word_key) == LEFT_OUT
    )
