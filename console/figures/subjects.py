"""The subjects of the owner's figures with their titles, for the list of all figures and `docs/figures.md`. The figures
themselves are in `catalogue.py`."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from console.figures import catalogue, definitions
from console.figures.definition import Definition
from console.shell.translation import N_

TITLES = {
    "today": N_("きょう"),
    "survey": N_("NPSとアンケート"),
    "support": N_("お問い合わせ"),
    "ltv": N_("LTVとお買い上げ"),
    "stages": N_("7つの段階"),
    "ranks": N_("会員ランクとポイント"),
    "rfm": N_("RFM"),
    "recency": N_("休眠を防ぐ"),
    "referrals": N_("紹介"),
}
"""By the module in `console/figures/definitions/`."""
OTHER = N_("そのほかの数字")


@dataclass(frozen=True, slots=True)
class Subject:
    """The figures of one subject; its title is a message id of the console's catalogue."""

    name: str
    title: str
    figures: tuple[Definition, ...]


def all_subjects() -> Iterator[Subject]:
    """Every subject in the order of the catalogue."""
    modules = {id(figures): name for name, figures in by_module().items()}
    for figures in catalogue.SUBJECTS:
        name = modules.get(id(figures), "")
        yield Subject(name, TITLES.get(name, OTHER), figures)


def by_module() -> dict[str, tuple[Definition, ...]]:
    """The definitions of each module in `console/figures/definitions/`, by its name."""
    names = [each.name for each in iter_modules(definitions.__path__)]
    found = {name: import_module(f"{definitions.__name__}.{name}") for name in names}
    return {name: module.DEFINITIONS for name, module in found.items() if hasattr(module, "DEFINITIONS")}
