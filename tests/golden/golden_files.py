"""Compares messages with golden files. UPDATE_GOLDEN=1 rewrites them: read the diff."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from bot.line.messages import Message
from tests.complete import assert_same
from tests.line_limits import assert_valid


def assert_golden(folder: Path, name: str, messages: list[Message]) -> None:
    """The messages equal the file's, and LINE accepts them in one call."""
    path = folder / f"{name}.json"
    said = json.dumps(messages, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == said, (
        f"{path.name} holds another wording. If the new one is right, run this test with UPDATE_GOLDEN=1."
    )
    assert_valid(messages)


def assert_none_left_over(folder: Path, names: Iterable[str]) -> None:
    """Every file belongs to a message."""
    assert_same(
        names,
        (path.stem for path in folder.iterdir()),
        missing="this message is in no file: run this folder's tests with UPDATE_GOLDEN=1 and read the difference.",
        too_many=f"no test has this message any more: delete its file in {folder.name}.",
    )
