"""Holds that what the project imports is pinned, exactly, in the file whose reader needs it."""

import re
import sys
from importlib.metadata import packages_distributions

import pytest

from tests.project_files import ROOT
from tests.test_architecture import modules, told

PIN = re.compile(r"^([A-Za-z0-9._-]+)==[0-9][0-9A-Za-z.]*$")


def pins(file: str) -> set[str]:
    """The distributions that the file pins, by their normalised names."""
    lines = [line.split("#")[0].strip() for line in (ROOT / file).read_text("utf-8").splitlines()]
    matches = [PIN.match(line) for line in lines]
    return {_normal(match[1]) for match in matches if match}


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt", "requirements-meaning.txt"])
def test_every_requirement_is_pinned_exactly(file: str) -> None:
    lines = [line.split("#")[0].strip() for line in (ROOT / file).read_text("utf-8").splitlines()]
    told(
        [
            f"{file}: {line} is not pinned with =="
            for line in lines
            if line[:1] not in {"", "-"} and not PIN.match(line)
        ]
    )


def test_every_library_that_is_imported_is_pinned() -> None:
    product, checks = pins("requirements.txt"), pins("requirements-dev.txt")
    distributions = {
        name: {_normal(each) for each in given} for name, given in packages_distributions().items()
    }
    told(
        f"{module.path} imports {library}, which {file} does not pin."
        for module in modules()
        for file, pinned in [
            ("requirements-dev.txt", product | checks)
            if module.room in {"tests", "benchmarks"}
            else ("requirements.txt", product)
        ]
        for library in module.libraries - sys.stdlib_module_names
        if not distributions.get(library, {library}) & pinned
    )


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
