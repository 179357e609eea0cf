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
    places: dict[str, int]
    """By feature: the number of its row in `table`."""
    table: bytes
    """A row for each feature: one signed byte for each kind. One object, since 38,000 small ones take megabytes."""
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
    sums, table, width = list(model.bias), memoryview(model.table).cast("b"), len(model.kinds)
    for feature in features(letters, ruled, state):
        if (place := model.places.get(feature)) is not None:
            for kind, weight in enumerate(table[place * width : (place + 1) * width]):
                sums[kind] += weight
    highest = max(sums)
    shares = [math.exp((each - highest) / model.scale) for each in sums]
    whole = sum(shares)
    return {kind: share / whole for kind, share in zip(model.kinds, shares, strict=True)}


@cache
def _model() -> Model:
    return read(FILE)


def read(path: Path) -> Model:
    """The model as `benchmarks.fit_listening` wrote it: a line for each feature, read one at a time to save memory."""
    places: dict[str, int] = {}
    table = bytearray()
    with path.open(encoding="utf-8") as file:
        head = ""
        for line in file:
            if line.startswith(' "weights"'):
                break
            head += line
        given = json.loads(head.rstrip().rstrip(",") + "}")
        for line in file:
            if line.startswith("  "):
                [(feature, row)] = json.loads("{" + line.strip().rstrip(",") + "}").items()
                places[feature] = len(places)
                table += bytes(each & 0xFF for each in row)
    return Model(
        tuple(given["kinds"]), given["scale"], tuple(given["bias"]), places, bytes(table), given["data_hash"]
    )
