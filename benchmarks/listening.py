"""Measures how messages are classified: `python -m benchmarks.listening [--routing] [--misses] [--part NAME]`.

The messages are `listening_messages.jsonl`: text, state of the conversation, kind, and part. The rules were
tuned on `tuned`, and the model (`benchmarks.fit_listening`) learned from `tuned` and `learned`. `held_out`
was written beforehand, and `blind` without knowledge of the rules; both are only measured. With `--routing`
each message is sent through webhook, inbox, handler and outbox, and judged by the outcome; without, by
`support.listening.hear` alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import runpy
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from support.listening import ConversationState, hear
from support.listening.folding import fold
from support.listening.hearing import by_rules
from surveys.nps.written_scores import written

FILE = Path(__file__).parent / "listening_messages.jsonl"
PARTS = ("tuned", "learned", "held_out", "blind")
ALARMS = ("danger", "harm", "damage", "anger")
MAY_ALARM = frozenset({*ALARMS, "staff", "stop", "score"})
"""Kinds whose messages may reach staff without counting as a false alarm: 「うざいからブロックします」."""
ALIKE = {
    "nod": {"nod", "small_talk"},
    "small_talk": {"small_talk", "greeting", "nod", "thanks"},
    "other": {"other", "question", "nod", "small_talk", "thanks"},
    "question": {"question", "other"},
    "staff": {"staff", "anger"},
}
"""Kinds that count as right beside the labelled one: the bot does the same with them."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled message, its state and its part."""

    text: str
    state: str
    kind: str
    part: str


def messages(part: str | None = None) -> list[Labelled]:
    """All of them, or those of one part."""
    rows = (Labelled(**json.loads(line)) for line in FILE.read_text(encoding="utf-8").splitlines())
    return [each for each in rows if part in (None, each.part)]


def state_of(each: Labelled) -> ConversationState:
    """The state of the conversation when the message comes."""
    return ConversationState.IDLE if each.state == "promoter" else ConversationState(each.state)


def heard_as(each: Labelled) -> str:
    """The kind that `hear` returns; a score where one is named in answer to an open question."""
    heard = hear(each.text, state_of(each))
    if heard.is_alarm:
        return str(heard.kind)
    if each.state == "asked" and written(each.text) is not None:
        return "score"
    return str(heard.kind)


def learned_from() -> list[Labelled]:
    """The messages that the model of `support/listening/classifier.py` is fitted on."""
    return [each for part in ("tuned", "learned") for each in messages(part)]


def ruled(each: Labelled) -> str:
    """The kind by the rules alone, which is a feature of the model."""
    return str(by_rules(each.text, fold(each.text), state_of(each)).kind)


def data_hash() -> str:
    """Changes with the messages that are learned from, and with how the rules classify them."""
    lines = [f"{each.text}\t{each.state}\t{each.kind}\t{ruled(each)}" for each in learned_from()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def is_right(each: Labelled, heard: str) -> bool:
    """Whether that is the labelled kind, or one with which the bot does the same."""
    return heard in ALIKE.get(each.kind, {each.kind})


@dataclass(frozen=True, slots=True)
class Figures:
    """Recall (how often a kind was recognized) and precision (how often it was there when recognized)."""

    recall: dict[str, tuple[int, int]]
    precision: dict[str, tuple[int, int]]
    by_state: dict[str, tuple[int, int]]
    false_alarms: tuple[int, int]
    reached: tuple[int, int]
    """Of the messages that should reach staff at once, the share that does, whatever kind was recognized."""


def measure(rows: Iterable[Labelled], heard_kinds: Iterable[str]) -> Figures:
    """The figures of these messages, each with its recognized kind."""
    recall: dict[str, Counter[bool]] = defaultdict(Counter)
    precision: dict[str, Counter[bool]] = defaultdict(Counter)
    by_state: dict[str, Counter[bool]] = defaultdict(Counter)
    alarms, reached = Counter[bool](), Counter[bool]()
    for each, heard in zip(rows, heard_kinds, strict=True):
        right = is_right(each, heard)
        recall[each.kind][right] += 1
        precision[each.kind if right else heard][right] += 1
        by_state[each.state][right] += 1
        if each.kind in ALARMS:
            reached[heard in MAY_ALARM] += 1
        elif each.kind not in MAY_ALARM:
            alarms[heard in ALARMS] += 1
    return Figures(_counts(recall), _counts(precision), _counts(by_state), _of(alarms), _of(reached))


def _counts(counted: dict[str, Counter[bool]]) -> dict[str, tuple[int, int]]:
    return {name: _of(counts) for name, counts in counted.items()}


def _of(counts: Counter[bool]) -> tuple[int, int]:
    return counts[True], counts.total()


def show(title: str, figures: Figures) -> None:
    """Print them as two tables."""
    print(f"## {title}\n\n| class | recall | precision |\n| --- | --- | --- |")
    for kind in figures.recall:
        print(f"| {kind} | {_said(figures.recall[kind])} | {_said(figures.precision.get(kind, (0, 0)))} |")
    print("\n| state | right |\n| --- | --- |")
    for state, counts in figures.by_state.items():
        print(f"| {state} | {_said(counts)} |")
    print(f"\nOrdinary messages taken for an alarm: {_said(figures.false_alarms)}")
    print(f"Alarming messages that reach a person: {_said(figures.reached)}\n")


def _said(counts: tuple[int, int]) -> str:
    part, whole = counts
    return f"{part} of {whole} ({part / whole:.3f})" if whole else "–"


def report(hears: Callable[[Labelled], str], arguments: Sequence[str] | None = None) -> None:
    """Print the figures of both parts, and with `--misses` the messages that were misclassified."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--routing", action="store_true")
    parser.add_argument("--part", choices=PARTS, action="append")
    options = parser.parse_args(arguments)
    for part in options.part or PARTS:
        rows = messages(part)
        heard = [hears(each) for each in rows]
        show(f"{part}, {len(rows)} messages", measure(rows, heard))
        for each, kind in zip(rows, heard, strict=True):
            if options.misses and not is_right(each, kind):
                print(f"{each.kind} in {each.state}: {each.text} -> {kind}")


if __name__ == "__main__":
    if "--routing" in sys.argv:
        runpy.run_module("tests.conversations.listening_routing", run_name="__main__")
    else:
        report(heard_as)
