"""The sample shop's customers do not repeat one another: the stock of sentences, and how it is given out."""

import pytest

from demo.shop.sentences import answers
from demo.shop.sentences.chats import QUESTIONS, RATINGS
from demo.shop.sentences.stock import Stock, UnusedSentences
from demo.shop.sentences.testimonials import TESTIMONIALS

STOCKS: dict[str, Stock] = {
    "promoters": answers.PROMOTER,
    "passives": answers.PASSIVE,
    "detractors": answers.DETRACTOR,
    "the bad product": answers.BAD_PRODUCT,
    "slow parcels": answers.SLOW_PARCEL,
    "testimonials": TESTIMONIALS,
    "chats": tuple(QUESTIONS.values()),
    "ratings": tuple(RATINGS.values()),
}


@pytest.mark.parametrize("name", STOCKS)
def test_no_stock_has_a_sentence_twice(name: str) -> None:
    sentences = [each for topic in STOCKS[name] for each in topic]
    assert len(sentences) == len(set(sentences))


def test_a_sentence_is_used_again_only_when_all_others_were() -> None:
    stock = (("a", "b"), ("c",))
    unused = UnusedSentences()
    said = [unused.next_of(stock[0], stock) for _ in range(3)]
    assert said == ["a", "b", "c"], "the topic's own first, then the others of the stock"
    assert unused.left_of(stock[0], stock) is None, "nobody needs to repeat another"
    assert [unused.next_of(stock[1], stock) for _ in range(3)] == ["c", "a", "b"]
