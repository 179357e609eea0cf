"""Compares messages with the files they are kept in. UPDATE_GOLDEN=1 writes them anew: read the difference."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from bot.line_messages import Message
from tests.line_limits import assert_valid


def assert_kept(folder: Path, name: str, messages: list[Message]) -> None:
    """The messages are those of the file, and LINE takes them in one call."""
    path = folder / f"{name}.json"
    said = json.dumps(messages, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == said
    assert_valid(messages)


def assert_none_left_over(folder: Path, names: Iterable[str]) -> None:
    """Every file is some message's."""
    assert {path.stem for path in folder.iterdir()} == set(names)
