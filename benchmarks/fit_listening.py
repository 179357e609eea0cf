"""Fits the model of `support/listening/classifier.py` on the labelled messages: `python -m
benchmarks.fit_listening`.

Learns from the parts `tuned` and `learned` of `listening_messages.jsonl`; `held_out` and `blind` are only
measured, by `python -m benchmarks.listening`. Run it again whenever those messages or a rule changed: a test
requires it.
"""

import json
from collections import Counter
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
"""The integer that stands for a weight of one; a signed byte then holds weights to ±5.3."""
FEWEST_MESSAGES = 3
"""Features in fewer messages than this are left out."""
REGULARISATION = 2.0
SAME_ANYWHERE = frozenset({*ALARMS, "staff", "stop", "command", "question", "other"})
STATES = ("idle", "low_comment", "comment", "testimonial")
ALARMING, ORDINARY = 0.02, 0.30
"""How often each kind of alarm, and each of the two most frequent kinds, is written to a shop. The labelled
messages are mostly alarming, and a text that no feature speaks for must not be classified as an alarm."""


def _in_each_state(rows: list[Labelled]) -> list[Labelled]:
    """Messages that mean the same in every state, repeated for each of these states."""
    more = [
        replace(each, state=state)
        for each in rows
        if each.kind in SAME_ANYWHERE and each.state in STATES
        for state in STATES
        if each.state != state
    ]
    return rows + more


def _learned_kind(each: Labelled) -> str:
    """The label to learn. A score is recognized by its number, not by this model."""
    return "other" if each.kind == "score" else each.kind


def _bias(model: Any, learned: list[str]) -> Any:
    """The fitted bias, shifted from how frequent each kind is among the labelled messages to how frequent it is
    in a shop."""
    counts = Counter(learned)
    usual = {**dict.fromkeys(ALARMS, ALARMING), "other": ORDINARY, "question": ORDINARY}
    rest = (1 - sum(usual.values())) / (len(counts) - len(usual))
    shares = [usual.get(kind, rest) * len(learned) / counts[kind] for kind in model.classes_]
    return model.intercept_ + np.log(np.array(shares))


def main(path: Path = FILE) -> None:
    """Fit the model and write its weights as integers."""
    written = learned_from()
    rows = _in_each_state(written)
    vectorizer = DictVectorizer()
    seen = [
        dict.fromkeys(features(fold(each.text).letters, ruled(each), str(state_of(each))), 1) for each in rows
    ]
    matrix: Any = vectorizer.fit_transform(seen)
    common = np.asarray((matrix[: len(written)] > 0).sum(axis=0)).ravel() >= FEWEST_MESSAGES
    kinds = sorted({_learned_kind(each) for each in rows})
    learned = [_learned_kind(each) for each in rows]
    model = LogisticRegression(C=REGULARISATION, max_iter=3_000).fit(matrix[:, common], learned)
    names = np.array(vectorizer.get_feature_names_out())[common]
    whole = np.clip(np.rint(model.coef_.T * SCALE), -127, 127).astype(int)
    weights = {
        str(name): row.tolist() for name, row in zip(names, whole, strict=True) if np.abs(row).max() > 0
    }
    content = {
        "data_hash": data_hash(),
        "kinds": list(model.classes_),
        "scale": SCALE,
        "bias": np.rint(_bias(model, learned) * SCALE).astype(int).tolist(),
        "weights": dict(sorted(weights.items())),
    }
    path.write_text(_as_json(content), encoding="utf-8")
    print(f"{len(rows)} examples, {len(kinds)} kinds, {len(weights)} parts of words")


def _as_json(content: dict[str, Any]) -> str:
    """JSON with a line for each feature, so that a new fit can be read as a diff."""
    rows = [
        f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}"
        for name, row in content["weights"].items()
    ]
    head = [f" {json.dumps(name)}: {json.dumps(content[name])}," for name in content if name != "weights"]
    return "\n".join(["{", *head, ' "weights": {', ",\n".join(rows), " }", "}"]) + "\n"


if __name__ == "__main__":
    main()
