"""The console's English is complete, and the compiled catalogue is that of the text beside it."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

CONSOLE = Path(__file__).resolve().parents[2] / "console"
CATALOGUE = CONSOLE / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


def catalogue() -> Catalog:
    """The English sentences by the Japanese ones."""
    with CATALOGUE.open("rb") as text:
        return read_po(text, locale="en")


def test_every_sentence_has_its_english_and_every_english_its_sentence() -> None:
    written = set()
    for _, _, ids, _, _ in extract_from_dir(str(CONSOLE), method_map=METHODS):
        written.add(ids[0] if isinstance(ids, tuple) else ids)
    known = catalogue()
    translated = {
        message.id[0] if isinstance(message.id, tuple) else message.id for message in known if message.id
    }
    assert written - translated == set(), "run: pybabel extract, then translate"
    assert translated - written == set(), "sentences that nobody says any more"
    for message in known:
        if message.id:
            words = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(words), message.id


def test_placeholders_are_the_same_in_both() -> None:
    for message in catalogue():
        assert list(message.check()) == [], message.id


def test_the_compiled_catalogue_is_current() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as compiled:
        binary = read_mo(compiled)
    for message in catalogue():
        if message.id:
            found = binary.get(message.id)
            assert found is not None, message.id
            assert _plain(found.string) == _plain(message.string), (
                "run: pybabel compile -d console/translations"
            )


def _plain(words: object) -> list[object]:
    return list(words) if isinstance(words, list | tuple) else [words]
