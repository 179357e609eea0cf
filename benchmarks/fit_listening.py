"""Fits the model of `support/listening/classifier.py` on the labelled messages: `python -m benchmarks.fit_listening`.

Learns from the parts `tuned` and `learned` of `listening_messages.jsonl`; `held_out` and `blind` are only counted, by
`python -m benchmarks.listening`. Run it again whenever those messages or a rule changed: a test says so.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.listening import ALARMS, Labelled, data_hash, learned_from, ruled, state_of
from support.listening.classifier import FILE, features
from support.listening.folding import fold

SCALE = 24
"""A weight of one is so many; a signed byte then holds weights to ±5.3."""
FEWEST_MESSAGES = 2
"""A part of words that stands in fewer messages teaches nothing."""
REGULARISATION = 2.0
SAME_ANYWHERE = frozenset({*ALARMS, "staff", "stop", "command", "question", "other"})
STATES = ("idle", "low_comment", "comment", "testimonial")
WEIGHT_OF_AN_ALARM = 2.0
"""A missed alarm costs more than an offer of a person too many."""


def _in_each_state(rows: list[Labelled]) -> list[Labelled]:
    """What is the same wherever it is written, as if it had been written in each of these states."""
    more = [
        replace(each, state=state)
        for each in rows
        if each.kind in SAME_ANYWHERE and each.state in STATES
        for state in STATES
        if each.state != state
    ]
    return rows + more


def _learned_kind(each: Labelled) -> str:
    """A score is told by its number, not by this model."""
    return "other" if each.kind == "score" else each.kind


def main(path: Path = FILE) -> None:
    """Fit, and write the weights as whole numbers."""
    written = learned_from()
    rows = _in_each_state(written)
    vectorizer = DictVectorizer()
    seen = [
        dict.fromkeys(features(fold(each.text).letters, ruled(each), str(state_of(each))), 1) for each in rows
    ]
    matrix: Any = vectorizer.fit_transform(seen)
    common = np.asarray((matrix[: len(written)] > 0).sum(axis=0)).ravel() >= FEWEST_MESSAGES
    kinds = sorted({_learned_kind(each) for each in rows})
    model = LogisticRegression(
        C=REGULARISATION,
        max_iter=3_000,
        class_weight={kind: WEIGHT_OF_AN_ALARM if kind in ALARMS else 1 for kind in kinds},
    ).fit(matrix[:, common], [_learned_kind(each) for each in rows])
    names = np.array(vectorizer.get_feature_names_out())[common]
    whole = np.clip(np.rint(model.coef_.T * SCALE), -127, 127).astype(int)
    weights = {
        str(name): row.tolist() for name, row in zip(names, whole, strict=True) if np.abs(row).max() > 0
    }
    content = {
        "data_hash": data_hash(),
        "kinds": list(model.classes_),
        "scale": SCALE,
        "bias": np.rint(model.intercept_ * SCALE).astype(int).tolist(),
        "weights": dict(sorted(weights.items())),
    }
    path.write_text(_as_json(content), encoding="utf-8")
    print(f"{len(rows)} examples, {len(kinds)} kinds, {len(weights)} parts of words")


def _as_json(content: dict[str, Any]) -> str:
    """A line for each feature, so that a new fit can be read as a difference."""
    rows = [
        f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}"
        for name, row in content["weights"].items()
    ]
    head = [f" {json.dumps(name)}: {json.dumps(content[name])}," for name in content if name != "weights"]
    return "\n".join(["{", *head, ' "weights": {', ",\n".join(rows), " }", "}"]) + "\n"


if __name__ == "__main__":
    main()
