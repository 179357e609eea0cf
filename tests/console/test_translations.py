"""The console's English is complete, the compiled catalogue matches its source, and one command keeps both so."""

import shutil
from pathlib import Path

from babel.messages.mofile import read_mo

from script import catalogue
from script.catalogue import CATALOGUE

UP_TO_DATE = "Run: script/translations"


def test_every_sentence_has_its_english_and_every_english_its_sentence() -> None:
    said, known = catalogue.everything(), catalogue.read(CATALOGUE)
    new, gone = catalogue.update(known, said)
    assert not new, (
        f"{new} are not in the English catalogue. {UP_TO_DATE}, write their English, and run it again."
    )
    assert not gone, f"{[catalogue.key(each) for each in gone]} are said no more. {UP_TO_DATE}"
    lacking = catalogue.lacking(known)
    assert not lacking, (
        f"{lacking} have no English. Write it into {CATALOGUE.name}, then {UP_TO_DATE.lower()}"
    )


def test_placeholders_are_the_same_in_both() -> None:
    for message in catalogue.read(CATALOGUE):
        faults = [str(fault) for fault in message.check()]
        assert not faults, f"{message.id!r}: {faults}. The English needs the same %(…)s as the Japanese."


def test_the_compiled_catalogue_is_current() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as compiled:
        binary = read_mo(compiled)
    for message in catalogue.read(CATALOGUE):
        if message.id:
            found = binary.get(message.id)
            assert found is not None, f"{message.id!r} is not compiled. {UP_TO_DATE}"
            assert _plain(found.string) == _plain(message.string), f"{message.id!r} changed. {UP_TO_DATE}"


def test_the_text_is_as_the_command_writes_it(tmp_path: Path) -> None:
    written = tmp_path / CATALOGUE.name
    catalogue.write(catalogue.read(CATALOGUE), written)
    assert written.read_text("utf-8") == CATALOGUE.read_text("utf-8"), f"{CATALOGUE.name}: {UP_TO_DATE}"


def test_a_new_sentence_and_an_old_one_change_their_own_lines_alone(tmp_path: Path) -> None:
    text = tmp_path / CATALOGUE.name
    shutil.copy(CATALOGUE, text)
    known = catalogue.read(text)
    said = catalogue.everything()
    old = next(first for first, sentence in said.items() if isinstance(sentence, str))
    del said[old]
    new, gone = catalogue.update(known, said | {"いま足した文です。": "いま足した文です。"})
    catalogue.write(known, text)
    assert (new, [catalogue.key(each) for each in gone]) == (["いま足した文です。"], [old])
    assert catalogue.lacking(known) == ["いま足した文です。"]
    before, after = ({*path.read_text("utf-8").splitlines()} for path in (CATALOGUE, text))
    assert after - before == {'msgid "いま足した文です。"'}
    assert 1 <= len(before - after) <= 2, "its Japanese, and its English unless another sentence has the same"


def test_what_is_counted_has_two_forms_in_english(tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text('ngettext("%(num)d件です。", "%(num)d件です。", count)', "utf-8")
    assert catalogue.sentences(tmp_path) == {"%(num)d件です。": ("%(num)d件です。", "%(num)d件です。")}


def _plain(words: object) -> list[object]:
    return list(words) if isinstance(words, list | tuple) else [words]
