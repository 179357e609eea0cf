"""Brings the console's English up to date with the sentences in its code and pages, and compiles it.

Only what changed changes in the file. tests/console/test_translations.py checks that the English is complete.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from script.environment import ROOT

CONSOLE = ROOT / "console"
CATALOGUE = CONSOLE / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
NOTICES = ("bot", "customers", "surveys", "rewards", "support", "journeys", "handlers")
"""The packages that raise notices, which the console words: their sentences are in calls of `notice_text`."""

Sentence = str | tuple[str, ...]


def sentences(folder: Path) -> dict[str, Sentence]:
    """The sentences of code and pages in that folder, by the first form of each; more than one form where
    they count."""
    said: dict[str, Sentence] = {}
    for _, _, found, _, _ in extract_from_dir(str(folder), method_map=METHODS):
        first = found[0] if isinstance(found, tuple) else found
        if first not in said or isinstance(found, tuple):
            said[first] = found
    return said


def everything() -> dict[str, Sentence]:
    """The console's own sentences, and those of notices that other packages raise."""
    said = sentences(CONSOLE)
    for package in NOTICES:
        found = extract_from_dir(str(ROOT / package), [("**.py", "python")], keywords={"notice_text": None})
        said |= {sentence: sentence for _, _, sentence, _, _ in found if isinstance(sentence, str)}
    return said


def read(catalogue: Path) -> Catalog:
    """The English sentences by the Japanese ones."""
    with catalogue.open("rb") as text:
        return read_po(text, locale="en")


def key(message: Message) -> str:
    """The Japanese of a message, in its first form."""
    return message.id if isinstance(message.id, str) else message.id[0]


def update(catalog: Catalog, said: dict[str, Sentence]) -> tuple[list[str], list[Message]]:
    """Make the catalogue hold these sentences and no others. Returns the new ones, which have no English yet,
    and the removed ones."""
    known = {key(message): message for message in catalog if message.id}
    gone = [message for first, message in known.items() if said.get(first) != message.id]
    for message in gone:
        catalog.delete(message.id)
    new = [first for first, sentence in said.items() if first not in known or known[first].id != sentence]
    for first in new:
        catalog.add(said[first])
    return new, gone


def write(catalog: Catalog, catalogue: Path) -> None:
    """Write the catalogue and compile it. Sorted, with one line a sentence, so that a changed sentence
    changes its lines alone."""
    with catalogue.open("wb") as text:
        write_po(text, catalog, width=0, no_location=True, sort_output=True)
    with catalogue.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, catalog)


def lacking(catalog: Catalog) -> list[str]:
    """The sentences without English."""
    return [key(message) for message in catalog if message.id and not all(_forms(message.string))]


def _forms(words: str | Sequence[str] | None) -> Sequence[str]:
    return (words or "",) if isinstance(words, str | None) else words


def main() -> int:
    """Bring the files up to date; 1 while a sentence has no English."""
    catalog = read(CATALOGUE)
    _, gone = update(catalog, everything())
    write(catalog, CATALOGUE)
    for message in gone:
        print(f"no longer said:  {key(message)}   (its English was: {message.string})")
    untranslated = lacking(catalog)
    for sentence in untranslated:
        print(f"has no English:  {sentence}")
    if untranslated:
        where = CATALOGUE.relative_to(ROOT)
        print(f"Write the English into {where} and run script/translations again.")
    else:
        print("The console's English is complete, and compiled.")
    return int(bool(untranslated))


if __name__ == "__main__":
    sys.exit(main())
