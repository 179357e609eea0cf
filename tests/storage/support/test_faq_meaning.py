"""Where a model of meaning is installed, entries are found by it; otherwise by words alone."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import peewee
import pytest

from bot import localtime
from bot.config import shop
from bot.db import database
from handlers import timetable
from support.faq import entries, meaning
from support.faq import model as faq_model
from support.faq.search import FaqVerdict
from support.faq.tables import Content, FaqMeaning

TOPICS = ("届|配送|荷物|発送", "返品|返し|送り返", "支払|決済|カード")


class Model:
    """A model that only distinguishes three topics."""

    name = "three-topics"

    def __init__(self) -> None:
        self.read: list[str] = []

    def vectors(self, texts: Sequence[str]) -> bytes:
        self.read.append(texts[0])
        return b"".join(map(self._topics, texts))

    def joined(self, stored: Sequence[bytes]) -> Sequence[bytes]:
        return stored

    def cosines(self, words: str, joined: Sequence[bytes]) -> list[float]:
        mine, size = self._topics(words), len(TOPICS)
        return [
            max(
                0.95 if any(mine) and mine == each[at : at + size] else 0.6
                for at in range(0, len(each), size)
            )
            for each in joined
        ]

    def _topics(self, text: str) -> bytes:
        return bytes(any(word in text for word in topic.split("|")) for topic in TOPICS)


@pytest.fixture
def model(any_database: peewee.Database) -> Iterator[Model]:
    made = Model()
    meaning.use(made)
    yield made
    meaning.use(None)
    shop.use({})


def write(*questions: str) -> list[int]:
    with database.write_transaction():
        return [entries.create(Content(question, "はい。")) for question in questions]


STOCK = (
    "配送の日にちは",
    "返品はできますか",
    "支払いの方法は",
    "ギフト包装は",
    "ポイントの期限は",
    "営業時間は",
)


def test_words_that_share_nothing_with_an_entry_find_it_by_their_meaning(model: Model) -> None:
    delivery, *_ = write(*STOCK)
    words = "いつごろ荷物を受け取れますか"
    assert entries.understand(words).verdict is FaqVerdict.NOTHING_FITS, "the clock has not embedded it yet"
    assert timetable.store_entry_vectors() == len(STOCK)
    decision = entries.understand(words)
    assert (decision.verdict, decision.entry_ids) == (FaqVerdict.ANSWER_OUTRIGHT, (delivery,))
    assert entries.search(words).verdict is FaqVerdict.NOTHING_FITS, "the web process goes by words alone"


def test_words_that_staff_added_to_an_entry_are_read_too(model: Model) -> None:
    _, returns, _, _, points, *_ = write(*STOCK)
    timetable.store_entry_vectors()
    words = "カードの手数料"
    assert (meaning.cosines(words) or {})[returns] == pytest.approx(0.6)
    with localtime.fixed(localtime.now() + timedelta(minutes=1)), database.write_transaction():
        entries.add_paraphrases(returns, ["決済のことで"])
    assert timetable.store_entry_vectors() == 1
    cosines = meaning.cosines(words) or {}
    assert cosines[returns] == pytest.approx(0.95), "by the paraphrase, though the question is about returns"
    assert cosines[points] == pytest.approx(0.6)


def test_each_version_is_read_once(model: Model) -> None:
    delivery, *_ = write(*STOCK)
    timetable.store_entry_vectors()
    assert timetable.store_entry_vectors() == 0
    with localtime.fixed(localtime.now() + timedelta(minutes=1)), database.write_transaction():
        entries.change(delivery, Content("お店はどこ", "上野です。"))
    assert entries.understand("荷物を待っています").entry_ids == (delivery,), (
        "until the clock comes, as it was"
    )
    assert timetable.store_entry_vectors() == 1
    assert model.read[-1] == "お店はどこ"
    assert entries.understand("荷物を待っています").verdict is FaqVerdict.NOTHING_FITS
    assert FaqMeaning.select().count() == len(STOCK)


def test_what_was_withdrawn_is_neither_read_nor_found(model: Model) -> None:
    delivery, returns, *_ = write(*STOCK)
    with database.write_transaction():
        entries.withdraw(returns)
    assert timetable.store_entry_vectors() == len(STOCK) - 1
    with database.write_transaction():
        entries.withdraw(delivery)
    assert delivery not in (meaning.cosines("荷物") or {})


def test_the_shop_may_switch_it_off(model: Model) -> None:
    write(*STOCK)
    shop.use({"support": {"faq": {"meaning": "off"}}})
    assert timetable.store_entry_vectors() == 0
    assert meaning.cosines("荷物") is None


def test_a_model_that_does_not_load_costs_nothing_but_a_line_of_the_log(
    any_database: peewee.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> faq_model.Engine:
        raise OSError("no AVX2")

    write(*STOCK)
    monkeypatch.setattr(faq_model, "load", broken)
    monkeypatch.setattr(meaning, "_failed", False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    assert entries.understand("返品はできますか").verdict is FaqVerdict.ANSWER_OUTRIGHT
    assert timetable.store_entry_vectors() == 0
