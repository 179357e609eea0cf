"""Fits the weights of `support/faq/confidence.py` on the dev half of the messages: `python -m benchmarks.faq
--fit`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from benchmarks.faq_sets import Query, without_paraphrases
from support.faq.search import Cosines, Entry, Index, Nearness

RIDGE = 1.0
STEPS = 30
WITHHELD_WEIGHT = 0.3
"""Weight of a message searched without its entries: there are as many of these as of all others."""
Weights = list[float]


@dataclass(frozen=True)
class Example:
    """The features of the best entry for a message; whether it, or one of the first three, is right; and whether
    the entries that answer it were removed."""

    features: tuple[float, ...]
    is_right: bool
    is_near: bool
    withheld: bool


def fitted(
    entries: list[Entry], queries: list[Query], ways: dict[str, Callable[[list[Entry]], Nearness]]
) -> str:
    """The weights as source text, for each way of searching by its name in the file."""
    dev = [query for query in queries if not query.is_held_out]
    lines = []
    for name, nearness in ways.items():
        stocks = (entries, without_paraphrases(entries))
        found = [each for stock in stocks for each in examples(stock, dev, nearness(stock))]
        right = [(each.features, each.is_right, WITHHELD_WEIGHT if each.withheld else 1.0) for each in found]
        near = [(each.features, each.is_near, 1.0) for each in found if not each.withheld]
        lines += [_line(f"RIGHT_{name}", fit(right)), _line(f"NEAR_{name}", fit(near))]
    return "\n".join(lines)


def examples(entries: list[Entry], queries: list[Query], near: Nearness) -> Iterator[Example]:
    """Each message searched in the whole FAQ, and in one without the entries that answer it."""
    near = cache(near)
    whole = Index(entries)
    lacking = cache(lambda right: Index(entry for entry in entries if entry.id not in right))
    for query in queries:
        for index, right in ((whole, query.right), (lacking(query.right), frozenset[int]())):
            if index is not whole and not query.right:
                continue
            gone = query.right - right

            def of_the_rest(words: str, gone: frozenset[int] = gone) -> Cosines | None:
                found = near(words)
                return found and {key: cosine for key, cosine in found.items() if key not in gone}

            best = index.best_signs(query.text, of_the_rest)
            if best is not None:
                ids, signs = best
                yield Example(signs.features, ids[0] in right, not right.isdisjoint(ids), bool(gone))


def fit(found: Sequence[tuple[tuple[float, ...], bool, float]]) -> Weights:
    """Logistic regression by Newton's method, with a ridge on every weight but the first. Each example: the
    features, the label, its weight."""
    size = len(found[0][0])
    weights = [0.0] * size
    for _ in range(STEPS):
        gradient = [-RIDGE * weight * (place > 0) for place, weight in enumerate(weights)]
        curvature = [[RIDGE * (row == column) * (row > 0) for column in range(size)] for row in range(size)]
        for features, is_so, counts in found:
            likely = 1 / (1 + math.exp(-sum(map(float.__mul__, weights, features))))
            for row in range(size):
                gradient[row] += counts * (is_so - likely) * features[row]
                for column in range(size):
                    curvature[row][column] += (
                        counts * likely * (1 - likely) * features[row] * features[column]
                    )
        weights = [weight + step for weight, step in zip(weights, _solved(curvature, gradient), strict=True)]
    return weights


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a small system of linear equations, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for place in range(size):
        pivot = max(range(place, size), key=lambda row: abs(rows[row][place]))
        rows[place], rows[pivot] = rows[pivot], rows[place]
        for row in range(size):
            if row != place:
                factor = rows[row][place] / rows[place][place]
                rows[row] = [
                    mine - factor * other for mine, other in zip(rows[row], rows[place], strict=True)
                ]
    return [rows[place][size] / rows[place][place] for place in range(size)]


def _line(name: str, weights: Weights) -> str:
    return f"{name}: Weights = ({', '.join(f'{weight:.2f}' for weight in weights)})"
