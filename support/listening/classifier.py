"""Estimates how likely a message is of each kind, from its letters and from what the rules say. Pure.

A linear model over character 1- to 4-grams, fitted by `python -m benchmarks.fit_listening` on labelled
messages. It recognises what no rule covers; `hearing.py` combines both.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "classifier.json"
LONGEST_PART = 4
LONGEST = 160
"""Letters of a sentence that are read; what comes later adds nothing."""
RULED, STATE = "rule:", "state:"
"""Prefixes of the features for the kind the rules gave, and for the state of the conversation."""


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted weights, as integers of 1/`scale` each."""

    kinds: tuple[str, ...]
    scale: int
    bias: tuple[int, ...]
    weights: dict[str, bytes]
    """By feature: one signed byte for each kind."""
    data_hash: str
    """SHA-256 of the messages and kinds it was fitted on."""


def features(letters: str, ruled: str, state: str) -> Iterator[str]:
    """The model's features, each once: grams of the folded letters, with marks for beginning and end, the
    kind the rules gave, and the state of the conversation."""
    marked = f"^{letters[:LONGEST]}$"
    found = {
        marked[start : start + length]
        for length in range(1, LONGEST_PART + 1)
        for start in range(len(marked) - length + 1)
    }
    yield from found
    yield RULED + ruled
    yield STATE + state


def likelihoods(letters: str, ruled: str, state: str) -> dict[str, float]:
    """The probability of each kind, 0 to 1, of a folded message or sentence (`folding.py`)."""
    model = _model()
    sums = list(model.bias)
    for feature in features(letters, ruled, state):
        if (weights := model.weights.get(feature)) is not None:
            for place, weight in enumerate(memoryview(weights).cast("b")):
                sums[place] += weight
    highest = max(sums)
    shares = [math.exp((each - highest) / model.scale) for each in sums]
    whole = sum(shares)
    return {kind: share / whole for kind, share in zip(model.kinds, shares, strict=True)}


@cache
def _model() -> Model:
    return read(FILE)


def read(path: Path) -> Model:
    """Read the model that `benchmarks.fit_listening` wrote."""
    given = json.loads(path.read_text(encoding="utf-8"))
    weights = {feature: bytes(each & 0xFF for each in row) for feature, row in given["weights"].items()}
    return Model(tuple(given["kinds"]), given["scale"], tuple(given["bias"]), weights, given["data_hash"])
