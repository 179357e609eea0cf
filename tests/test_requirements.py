"""Every imported library is in the list of those who need it, and the locks match the lists."""

import re
import sys
from functools import cache
from importlib.metadata import packages_distributions
from typing import NamedTuple

import pytest

from tests.project_files import ROOT
from tests.test_architecture import OUTSIDE, assert_none, modules

CHOSEN = re.compile(r"^([A-Za-z0-9._-]+)==([0-9][0-9A-Za-z.]*) +# (\S.*)$")
LOCKED = re.compile(r"^([a-z0-9._-]+)==([0-9][0-9A-Za-z.]*)(?: ; [^\\]+)? \\$")
A_HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
WANTED_BY = re.compile(r"^    # (?:via|  ) ?(.*)$")
NAMES = ("requirements", "requirements-dev", "requirements-meaning")
NOT_IMPORTED = "not imported: "
LOCK_ANEW = "Run: script/lock"


class Choice(NamedTuple):
    """A library that a list names: its version and what it is for."""

    version: str
    reason: str


class Lock(NamedTuple):
    """A library in a lock: its version, how many files it may be installed from, and what requires it."""

    version: str
    hash_count: int
    wanted_by: tuple[str, ...]


def lines_of(file: str) -> list[str]:
    return (ROOT / file).read_text("utf-8").splitlines()


@cache
def chosen(name: str) -> dict[str, Choice]:
    """The list's libraries by normalized name; without those it takes from another list."""
    matches = [CHOSEN.match(line) for line in lines_of(f"{name}.in")]
    return {_normal(match[1]): Choice(match[2], match[3]) for match in matches if match}


@cache
def locked(name: str) -> dict[str, Lock]:
    """The lock's libraries by normalized name."""
    found: dict[str, Lock] = {}
    for line in lines_of(f"{name}.txt"):
        if match := LOCKED.match(line):
            latest = _normal(match[1])
            found[latest] = Lock(match[2], 0, ())
        elif A_HASH.match(line):
            found[latest] = found[latest]._replace(hash_count=found[latest].hash_count + 1)
        elif found and (match := WANTED_BY.match(line)):
            found[latest] = found[latest]._replace(wanted_by=(*found[latest].wanted_by, match[1]))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_choice_is_pinned_exactly_and_says_what_it_is_for(name: str) -> None:
    assert_none(
        f"{name}.in: {line!r} is to read: name==version  # what it is for"
        for line in lines_of(f"{name}.in")
        if line and not line.startswith(("#", "-r ", "-c ")) and not CHOSEN.match(line)
    )


def test_every_library_that_is_imported_is_chosen() -> None:
    product, checks = set(chosen("requirements")), set(chosen("requirements-dev"))
    distributions = _distributions()
    assert_none(
        f"{module.path} imports {library}, which {file} does not name: pin it there with what it is for. {LOCK_ANEW}"
        for module in modules()
        for file, named in [
            ("requirements-dev.in", product | checks)
            if module.package in OUTSIDE
            else ("requirements.in", product)
        ]
        for library in module.libraries - sys.stdlib_module_names
        if not distributions.get(library, {library}) & named
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_choice_is_imported_or_says_why_not(name: str) -> None:
    imported = {library for module in modules() for library in module.libraries}
    distributions = _distributions()
    used = {distribution for library in imported for distribution in distributions.get(library, {library})}
    assert_none(
        f"{name}.in: nothing imports {library}. Take it out, or let its comment begin with "
        f"{NOT_IMPORTED!r} and say what needs it. Then {LOCK_ANEW.lower()}"
        for library, choice in chosen(name).items()
        if library not in used and not choice.reason.startswith(NOT_IMPORTED)
    )
    assert_none(
        f"{name}.in says that nothing imports {library}, and something does: mend the comment."
        for library, choice in chosen(name).items()
        if library in used and choice.reason.startswith(NOT_IMPORTED)
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_is_that_of_its_list(name: str) -> None:
    lock, choices = locked(name), chosen(name)
    assert_none(
        f"{name}.txt does not hold {library}=={choice.version}, which {name}.in names. {LOCK_ANEW}"
        for library, choice in choices.items()
        if library not in lock or lock[library].version != choice.version
    )
    assert_none(
        f"{name}.txt holds {library}, which {name}.in names no more. {LOCK_ANEW}"
        for library, held in lock.items()
        if f"-r {name}.in" in held.wanted_by and library not in choices
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_names_hashes_and_no_place(name: str) -> None:
    assert_none(
        f"{name}.txt has no hash of {library}, so pip would not install it. {LOCK_ANEW}"
        for library, held in locked(name).items()
        if held.hash_count == 0
    )
    assert_none(
        f"{name}.txt: {line!r} is not what script/lock writes. {LOCK_ANEW}"
        for line in lines_of(f"{name}.txt")
        if not any(each.match(line) for each in (LOCKED, A_HASH, WANTED_BY)) and not line.startswith("#")
    )


def test_the_product_is_checked_with_the_libraries_it_runs_on() -> None:
    checks = locked("requirements-dev")
    for name in NAMES:
        assert_none(
            f"{name}.txt holds {library} {held.version}, requirements-dev.txt {checks[library].version}. {LOCK_ANEW}"
            for library, held in locked(name).items()
            if library in checks and checks[library].version != held.version
        )
    assert_none(
        f"requirements-dev.txt lacks {library}, which requirements.txt has. {LOCK_ANEW}"
        for library in locked("requirements").keys() - checks.keys()
    )


def _distributions() -> dict[str, set[str]]:
    """The distributions by the name that is imported."""
    return {name: {_normal(each) for each in given} for name, given in packages_distributions().items()}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
