"""Fits the weights of `support/faq_sureness.py` on the dev half of the messages that ship: `python -m benchmarks.faq --fit`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from benchmarks.faq_sets import Query, without_paraphrases
from support import faq_sureness
from support.faq_search import Entry, Index, Nearness, by_words_alone

RIDGE = 1.0
STEPS = 30
WITHHELD_WEIGHT = 0.3
"""What a message counts that is asked of a stock without its entries: there are as many of these as of all others."""
Example = tuple[tuple[float, ...], float, float]
"""The signs, whether the entry is right (1 or 0), and what the example counts."""


def fitted(entries: list[Entry], queries: list[Query], *, meaning: bool) -> str:
    """The weights as they stand in the file."""
    from benchmarks.faq import by_meaning

    dev = [query for query in queries if not query.is_held_out]
    stocks = (entries, without_paraphrases(entries))
    lines = [_line("BY_WORDS", [each for stock in stocks for each in examples(stock, dev, by_words_alone)])]
    if meaning:
        found = [each for stock in stocks for each in examples(stock, dev, by_meaning(stock))]
        lines.append(_line("BY_MEANING", found))
    return "\n".join(lines)


def examples(entries: list[Entry], queries: list[Query], near: Nearness) -> Iterator[Example]:
    """The best entry for each message, in the whole stock and in one without the entries that answer it."""
    whole = Index(entries)
    known: dict[str, dict[int, float] | None] = {}
    for query in queries:
        for query_stock, right in ((whole, query.right), (None, frozenset[int]())):
            if query_stock is None and not query.right:
                continue
            left = [entry for entry in entries if query_stock or entry.id not in query.right]
            index = query_stock or Index(left)

            def near_known(
                words: str, ids: frozenset[int] = frozenset(each.id for each in left)
            ) -> dict[int, float] | None:
                if words not in known:
                    found = near(words)
                    known[words] = dict(found) if found else None
                return known[words] and {key: value for key, value in known[words].items() if key in ids}

            best = index.best_signs(query.text, near_known)
            if best is not None:
                counts = 1.0 if query_stock else WITHHELD_WEIGHT
                yield faq_sureness.features(best[1]), float(best[0] in right), counts


def fit(found: Sequence[Example]) -> list[float]:
    """Logistic regression by Newton's method, with a ridge on every weight but the first."""
    size = len(found[0][0])
    weights = [0.0] * size
    for _ in range(STEPS):
        gradient = [-RIDGE * weight * (place > 0) for place, weight in enumerate(weights)]
        curvature = [[RIDGE * (row == column) * (row > 0) for column in range(size)] for row in range(size)]
        for signs, right, counts in found:
            likely = 1 / (1 + math.exp(-sum(map(float.__mul__, weights, signs))))
            for row in range(size):
                gradient[row] += counts * (right - likely) * signs[row]
                for column in range(size):
                    curvature[row][column] += counts * likely * (1 - likely) * signs[row] * signs[column]
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


def _line(name: str, found: list[Example]) -> str:
    return f"{name} = ({', '.join(f'{weight:.2f}' for weight in fit(found))})"
