"""Every regular expression of the product is fast on hostile text; they are found by importing all modules.

Texts come from outside, so a pattern with catastrophic backtracking would stop the shop. CPU time is
measured, so that a busy machine changes nothing.
"""

import ast
import importlib
import itertools
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, TypeAdapter

from tests.project_files import ROOT

LENGTH = 10_000
MOST_SECONDS = 0.05
TIMES = 3
MOST_SEEDS = 30
PACKAGES = (
    *("bot", "serving", "customers", "surveys", "rewards", "support", "journeys"),
    *("handlers", "console", "commands", "demo"),
)
DOORS = ("app", "worker", "clock", "manage")
FUNCTIONS = {"match", "search", "fullmatch", "split", "sub", "subn", "findall", "finditer", "template"}


def module_names() -> list[str]:
    """Every module of the product except the migrations, which get no outside text."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files]
    names = [name.removesuffix(".__init__") for name in names if not name.startswith("bot.migrations.")]
    return [*names, *DOORS]


def patterns_in(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for each in (*value.keys(), *value.values()):
            yield from patterns_in(each)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from patterns_in(each)


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern in a module of the product, by where it is."""
    found: dict[str, re.Pattern[str]] = {}
    for name in module_names():
        for variable, value in vars(importlib.import_module(name)).items():
            for number, pattern in enumerate(patterns_in(value)):
                if pattern not in found.values():
                    found[f"{name}.{variable}" + (f"[{number}]" if number else "")] = pattern
    return found


@cache
def parts_of(source: str | bytes) -> tuple[str, ...]:
    """Short texts that nearly match a pattern: its words, letters of its classes, and its own beginnings."""

    def walk(parsed: Any) -> Iterator[str]:
        word = ""
        for kind, value in parsed:
            if kind is sre.LITERAL:
                word += chr(value)
                continue
            if word:
                yield word
            word = ""
            if kind is sre.IN:
                yield from itertools.islice(letters(value), 4)
            elif kind is sre.ANY or kind is sre.NOT_LITERAL:
                yield "x"
            elif kind is sre.BRANCH:
                for branch in value[1]:
                    yield from walk(branch)
            elif kind is sre.SUBPATTERN:
                yield from walk(value[3])
            elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
                for each in walk(value[2]):
                    yield each
                    if value[0] > 1:
                        yield each * value[0]
        if word:
            yield word

    def letters(members: Any) -> Iterator[str]:
        for kind, value in members:
            if kind is sre.LITERAL:
                yield chr(value)
            elif kind is sre.RANGE:
                yield chr(value[0])
            elif kind is sre.CATEGORY:
                yield {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " "}.get(value, "a")
            elif kind is sre.NEGATE:
                yield "x"

    return tuple(dict.fromkeys(walk(parser.parse(source))))


def hostile(pattern: re.Pattern[str], length: int = LENGTH) -> Iterator[str]:
    """Texts of so many characters that nearly match, again and again."""
    parts = parts_of(pattern.pattern)
    seeds = [*" \t\n-1a@あ一=\"'.x", "1 ", "- ", " -", "a@", "1,111", "CDF3 ", *parts]
    seeds += ["".join(parts), "".join(reversed(parts))]
    seeds += [first + second for first, second in itertools.pairwise(parts)]
    for seed in itertools.islice(dict.fromkeys(seeds), MOST_SEEDS):
        many = (seed * length)[:length] if seed else ""
        yield many
        yield many[:-1] + "\0"
    for first, second in itertools.islice(itertools.permutations(parts[:12], 2), MOST_SEEDS // 2):
        yield (first + second * length)[: length - 1] + "\0"


def quickest(act: Callable[[], object]) -> float:
    """CPU seconds of the best of some tries; one far below the limit is not repeated."""
    best = float("inf")
    for _ in range(TIMES):
        before = time.process_time()
        act()
        best = min(best, time.process_time() - before)
        if best < MOST_SECONDS / 2:
            break
    return best


def uses(pattern: re.Pattern[Any], hostile_text: str) -> dict[str, Callable[[], object]]:
    is_of_bytes = isinstance(pattern.pattern, bytes)
    text: Any = hostile_text.encode("latin-1", "replace") if is_of_bytes else hostile_text
    return {
        "match": lambda: pattern.match(text),
        "fullmatch": lambda: pattern.fullmatch(text),
        "search": lambda: pattern.search(text),
        "findall, as sub and split go": lambda: pattern.findall(text),
    }


@pytest.mark.parametrize("name", sorted(patterns()))
def test_a_pattern_is_quick_on_hostile_text(name: str) -> None:
    pattern = patterns()[name]
    slow = {
        (use, text[:40]): seconds
        for text in hostile(pattern)
        for use, act in uses(pattern, text).items()
        if (seconds := quickest(act)) >= MOST_SECONDS
    }
    assert not slow, name


def test_all_known_patterns_are_found() -> None:
    assert len(patterns()) > 30
    assert "customers.linking.codes._CODE" in patterns()


def test_a_slow_pattern_would_be_found() -> None:
    """Spaces around an optional hyphen, as codes were once matched: even short texts take it long."""
    cubic = re.compile(r"([A-F]{4})\s*-?\s*([A-F]{4})\s*-?\s*([A-F]{4})")
    assert any(quickest(lambda t=text: cubic.search(t)) > MOST_SECONDS for text in hostile(cubic, 5_000))  # type: ignore[misc]


def calls_of_re(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if (
            isinstance(called, ast.Attribute)
            and isinstance(called.value, ast.Name)
            and called.value.id == "re"
        ):
            assert isinstance(node, ast.Call)
            yield node


@pytest.mark.parametrize("path", [name.replace(".", "/") for name in module_names()])
def test_patterns_are_compiled_at_the_top_of_a_module(path: str) -> None:
    """Never inline, and never in a function: only at the top of a module."""
    file = ROOT / f"{path}.py"
    tree = ast.parse((file if file.exists() else ROOT / path / "__init__.py").read_text())
    at_the_top = {
        call
        for statement in tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for call in calls_of_re(statement)
    }
    for call in calls_of_re(tree):
        assert isinstance(call.func, ast.Attribute)
        assert call.func.attr not in FUNCTIONS, f"{path}:{call.lineno} uses re.{call.func.attr} inline"
        of_words = "re.escape" in ast.unparse(call)  # an alternation of literal words cannot backtrack
        is_found = call in at_the_top or of_words
        assert call.func.attr != "compile" or is_found, f"{path}:{call.lineno} compiles in passing"
    for node in ast.walk(tree):
        assert not (isinstance(node, ast.ImportFrom) and node.module == "re"), f"{path} imports from re"


def test_patterns_of_settings_and_sections_are_quick() -> None:
    """They are matched by pydantic, whose engine cannot backtrack; the limit holds all the same."""
    written = {
        (model, name, each.pattern)
        for model in _models()
        for name, field in model.model_fields.items()
        for each in field.metadata
        if getattr(each, "pattern", None)
    }
    assert written
    for model, name, source in written:
        adapter: TypeAdapter[str] = TypeAdapter(Annotated[str, Field(pattern=source)])
        for text in hostile(re.compile(source)):
            assert quickest(lambda a=adapter, t=text: _try(a, t)) < MOST_SECONDS, (model, name)  # type: ignore[misc]


def _try(adapter: TypeAdapter[Any], text: str) -> None:
    with suppress(ValueError):
        adapter.validate_python(text)


def _models() -> set[type[BaseModel]]:
    found = set()
    for name in module_names():
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and issubclass(value, BaseModel):
                found.add(value)
    return found
