"""Holds docs/glossary.md to the product: sorted, its Japanese in use, its files and names there."""

import ast
import re
from functools import cache

import pytest

from script import catalogue
from tests.complete import assert_none
from tests.project_files import ROOT, project_files

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
IN_USE, RESERVED = (part.partition("| --- |")[2] for part in GLOSSARY.split("## Reserved"))
NOT_THE_PRODUCT = {"tests", "benchmarks", "script"}


def rows(part: str) -> list[list[str]]:
    """The cells of each line of a table."""
    return [line.strip("| ").split(" | ") for line in part.splitlines()[1:] if line.startswith("| ")]


def names(path: str) -> set[str]:
    """What a module defines at its top."""
    found: set[str] = set()
    for node in ast.parse((ROOT / path).read_text("utf-8")).body:
        match node:
            case (
                ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name))
            ):
                found.add(name)
            case ast.Assign(targets=targets):
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


@cache
def japanese() -> str:
    """All that the console, the words to customers and shop.toml say."""
    files = [path for path in project_files() if path.parts[0] not in NOT_THE_PRODUCT]
    words = [
        (ROOT / path).read_text("utf-8")
        for path in files
        if path.suffix == ".py" and path.stem.endswith(("words", "settings"))
    ]
    console = (catalogue.key(message) for message in catalogue.read(catalogue.CATALOGUE) if message.id)
    return "\n".join([*console, *words])


@cache
def defined() -> frozenset[str]:
    """The names of the product's modules and classes, in small letters."""
    paths = [
        path for path in project_files() if path.suffix == ".py" and path.parts[0] not in NOT_THE_PRODUCT
    ]
    classes = {
        node.name
        for path in paths
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    return frozenset(
        name.casefold() for name in classes | {part for path in paths for part in path.with_suffix("").parts}
    )


@pytest.mark.parametrize("part", [IN_USE, RESERVED], ids=["in use", "reserved"])
def test_terms_are_sorted_and_stand_once(part: str) -> None:
    terms = [row[0] for row in rows(part)]
    assert terms
    assert terms == sorted(set(terms), key=str.casefold), (
        "Sort the terms of docs/glossary.md; each stands once."
    )


@pytest.mark.parametrize("row", rows(IN_USE), ids=lambda row: row[0])
def test_a_term_is_where_the_glossary_says(row: list[str]) -> None:
    assert len(row) == 4, f"docs/glossary.md: {row[0]} needs four cells."
    path, *named = re.findall("`([^`]+)`", row[3])
    assert (ROOT / path).is_file(), (
        f"docs/glossary.md, {row[0]}: there is no {path}; name the file it is in now."
    )
    assert_none(
        {*named} - names(path),
        f"docs/glossary.md, {row[0]}: {path} defines no such name; write what it is called now.",
    )


@pytest.mark.parametrize("row", rows(IN_USE), ids=lambda row: row[0])
def test_its_japanese_is_what_people_read(row: list[str]) -> None:
    words = [] if row[1] == "—" else row[1].split("、")
    assert_none(
        (word for word in words if word not in japanese()),
        f"docs/glossary.md, {row[0]}: no page and no file of words or settings says it; write what they say.",
    )


def test_what_is_reserved_is_not_built() -> None:
    assert_none(
        (row[0] for row in rows(RESERVED) if row[0].replace("-", "_") in defined()),
        "the product has it now: move its line in docs/glossary.md into the first table.",
    )
