"""What words, currencies and customer numbers mean in this shop: of shop.toml, and as the owner said in the console.

The owner's newest word in the console wins over the file.
"""

from bot import shop
from customers import order_states, parked_orders
from customers.order_settings import StateWords
from customers.order_states import State
from customers.parked_orders import Question, Reason

LEFT_OUT = "left_out"
"""What the owner may say of a currency: its orders are never counted."""


def states() -> dict[str, State]:
    """The shop's own words for states, by their keys."""
    said = {key: State(meaning) for key, meaning in parked_orders.meanings(Reason.STATE).items()}
    return shop.get(StateWords).by_key() | said


def read_state(word: str) -> State | None:
    """What the word means in this shop; None when nobody knows."""
    return order_states.read(word, states(), shop.get(StateWords).cancelled_words)


def is_left_out(question: Question) -> bool:
    """Whether the owner has said that orders like this are never counted."""
    return (
        question.reason is Reason.CURRENCY
        and parked_orders.meanings(Reason.CURRENCY).get(question.word_key) == LEFT_OUT
    )
