"""How likely a message is of each kind, by the letters it is written with and by what the rules say of it. Pure.

A linear model over the parts of one to four letters, fitted by `python -m benchmarks.fit_listening` on labelled
messages. It hears what no rule foresaw; what is done with its opinion is for `hearing.py`.
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
"""Letters looked at of one sentence; a longer one says what it is about before that, or never."""
RULED, STATE = "rule:", "state:"
"""Begin the features that hold the kind which the rules gave, and where the conversation stands."""


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted weights, as whole numbers of a `scale`-th each."""

    kinds: tuple[str, ...]
    scale: int
    bias: tuple[int, ...]
    weights: dict[str, bytes]
    """By feature: one signed byte for each kind."""
    data_hash: str
    """SHA-256 of the messages and kinds it was fitted on."""


def features(letters: str, ruled: str, state: str) -> Iterator[str]:
    """What the model looks at, each once: the parts of the folded letters, with where they begin and end, the kind
    that the rules gave, and the state of the conversation."""
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
    """The probability of each kind, 0 to 1, of a message or sentence in its one spelling (`folding.py`)."""
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
    """The model as `benchmarks.fit_listening` wrote it."""
    given = json.loads(path.read_text(encoding="utf-8"))
    weights = {feature: bytes(each & 0xFF for each in row) for feature, row in given["weights"].items()}
    return Model(tuple(given["kinds"]), given["scale"], tuple(given["bias"]), weights, given["data_hash"])
