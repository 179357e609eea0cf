"""Errors at the start come in Japanese and in English: whole, with the same values, in the system's language."""

import ast
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from bot.config import refusals, settings, shop
from bot.config.settings import Settings, SettingsError
from bot.config.settings_ja import IN_JAPANESE
from bot.starting import UNFIT
from bot.text.two_languages import Sentence, both, in_japanese, of_error, of_system, shown, together
from handlers import register
from tests.complete import assert_none, assert_same
from tests.project_files import ROOT, project_files

AT_THE_START = {"SettingsError", "ShopFileError", "DatabaseUnfit", "CannotSetUp"}
"""What ends a start, with a text for whoever tries it."""


def users() -> Iterator[tuple[Path, ast.Module]]:
    """The files that make such sentences."""
    for path in project_files():
        if path.suffix == ".py" and path.parts[0] != "tests":
            text = (ROOT / path).read_text("utf-8")
            if "bot.text.two_languages import" in text or any(name in text for name in AT_THE_START):
                yield path, ast.parse(text)


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """The calls of that function, by where they are."""
    for path, tree in users():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == name:
                yield f"{path}:{node.lineno}", node


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LANG": "C.UTF-8"}, None),
        ({"LANG": "POSIX"}, None),
        ({"LANG": ""}, None),
        ({}, None),
    ],
)
def test_the_systems_language(environ: dict[str, str], language: str | None) -> None:
    assert of_system(environ) == language


def test_a_sentence_is_shown_in_one_language_or_in_both_where_none_is_known() -> None:
    fault = both(
        "{what} of {count} is full",
        "{what}は{count}件でいっぱいです",
        what=Sentence("The list", "一覧"),
        count=3,
    )
    assert fault == "The list of 3 is full"
    assert shown(fault, "ja") == "一覧は3件でいっぱいです"
    assert shown(fault, "en") == "The list of 3 is full"
    assert shown(fault, None) == "一覧は3件でいっぱいです\nThe list of 3 is full"
    assert shown("PORT", None) == "PORT"
    assert in_japanese(together([fault, "PORT"])) == "一覧は3件でいっぱいです\nPORT"


def test_every_sentence_fills_the_same_values_in_in_both_languages() -> None:
    def named(text: ast.expr) -> set[str]:
        assert isinstance(text, ast.Constant)
        assert isinstance(text.value, str)
        return {name for _, name, _, _ in string.Formatter().parse(text.value) if name}

    found = list(calls("both"))
    assert found
    for where, call in found:
        english, japanese, *_ = call.args
        given = {word.arg for word in call.keywords} - {None}
        assert named(english) == named(japanese), where
        if all(word.arg for word in call.keywords):
            assert named(english) == given, where


def test_whatever_ends_a_start_is_said_in_both_languages() -> None:
    """Each is raised with `both` or `together`, or with what was made so."""

    def is_in_both(said: ast.expr) -> bool:
        if isinstance(said, ast.Name | ast.List):  # made elsewhere, as the faults of shop.toml are
            return True
        if not isinstance(said, ast.Call):
            return False
        return isinstance(said.func, ast.Name) and said.func.id in {"both", "together"}

    raised = [(where, call) for name in sorted(AT_THE_START) for where, call in calls(name) if call.args]
    assert len(raised) >= len(AT_THE_START)
    assert_none(
        (where for where, call in raised if not is_in_both(call.args[0])),
        "raises an error that ends a start in one language: make its text with bot.text.two_languages.both.",
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            {"survey": {"question_after_days": "two"}},
            "[survey] の question_after_days: 整数で書いてください。例: ",
        ),
        (
            {"survey": {"question_after_day": 2}},
            "[survey] に question_after_day という項目はありません。もしかして question_after_days ですか",
        ),
        (
            {"contacts": {"from_days": 30, "until_days": 20}},
            "[contacts] の until_days: from_days（30）より大きい",
        ),
        ({"ranks": {"premium": [50, 40, 10]}}, "[ranks]: premiumの「関係性」（10）は"),
        ({"nothing": {"a": 1}}, "[nothing] という見出しはありません"),
        ({"rewards": {"words": {"share": "どうぞ"}}}, "[rewards.words] の share: {url} を入れてください"),
    ],
)
def test_a_fault_of_shop_toml_is_said_in_japanese(content: dict[str, Any], says: str) -> None:
    register()
    with pytest.raises(shop.ShopFileError) as raised:
        shop.use(content)
    assert says in str(in_japanese(of_error(raised.value)))


def test_every_setting_is_described_in_japanese() -> None:
    assert_same(
        Settings.model_fields,
        IN_JAPANESE,
        missing="bot/config/settings_ja.py does not describe this setting.",
        too_many="bot/config/settings_ja.py describes it, and there is no such setting.",
    )


def test_a_missing_setting_is_named_in_japanese_with_where_to_find_it() -> None:
    with pytest.raises(SettingsError) as raised:
        settings.load({"PORT": "eighty", "TRUSTED_PROXY_COUNT": "9"})
    lines = str(in_japanese(of_error(raised.value))).splitlines()
    assert lines[0] == (
        "LINE_CHANNEL_SECRET が設定されていません。これは: LINEからの知らせが本物かを確かめる鍵。値のある場所: "
        "LINE Developersコンソール、お店のチャネル、「チャネル基本設定」の「チャネルシークレット」。"
    )
    assert "例: PUBLIC_URL=https://bot.example.jp" in lines[3]
    assert lines[6].startswith("PORT の値が使えません: 整数で書いてください。これは: ")
    assert lines[7].startswith("TRUSTED_PROXY_COUNT の値が使えません: 5以下にしてください。")


def test_every_kind_of_refusal_has_its_japanese() -> None:
    """The kinds that a wrong value of any key of shop.toml or any setting brings about."""
    register()
    kinds = set()
    for value in (
        "text",
        5,
        -(10**9),
        10**9,
        1.5,
        True,
        [],
        ["a"],
        [1],
        {},
        {"a": 1},
        "",
        "x" * 10_000,
        None,
    ):
        for parts in shop._tables.values():
            for model in parts.values():
                for name in model.model_fields:
                    kinds |= {each["type"] for each in _faults(model, {name: value}) if len(each["loc"]) == 1}
        for name in Settings.model_fields:
            kinds |= {each["type"] for each in _faults(Settings, {name: value})}
    unworded = kinds - refusals.IN_JAPANESE.keys() - {"value_error", "extra_forbidden"}
    assert_none(unworded, "pydantic refuses values so, and bot/config/refusals.py has no Japanese for it.")


def _faults(model: type[BaseModel], values: dict[str, object]) -> list[Any]:
    try:
        model.model_validate(values)
    except ValidationError as invalid:
        return list(invalid.errors())
    return []


@pytest.mark.parametrize(
    ("language", "says", "does_not"),
    [
        ("ja_JP.UTF-8", "PUBLIC_URL が設定されていません", "is not set"),
        ("en_US.UTF-8", "PUBLIC_URL is not set", "設定されていません"),
        ("C.UTF-8", "PUBLIC_URL が設定されていません", "Traceback"),
        ("C.UTF-8", "PUBLIC_URL is not set", "Traceback"),
    ],
)
def test_a_process_that_cannot_start_says_so_in_the_systems_language(
    language: str, says: str, does_not: str
) -> None:
    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"LC_ALL": language, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == UNFIT
    assert says in run.stderr
    assert does_not not in run.stderr
