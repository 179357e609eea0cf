"""Reads and writes the file `.env` beside Procfile, which holds the settings of one machine with their secrets.

Uses the standard library alone: `script/run.py` reads it before anything is installed. What the settings mean is
left to `settings.py`.
"""

import os
import re
import shlex
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

NAME = ".env"
OWNER_ALONE = 0o600
_LINE = re.compile(r"\A\s*([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)\Z", re.DOTALL)


def read(path: Path) -> dict[str, str]:
    """The settings in the file, empty ones left out; none where there is no file. Raises OSError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    found: dict[str, str] = {}
    for line in text.splitlines():
        given = _LINE.match(line)
        if given is None:
            continue
        with suppress(ValueError):  # a quotation mark that is not closed
            found[given[1]] = "".join(shlex.shlex(given[2], posix=True))
    return {name: value for name, value in found.items() if value}


def line(name: str, value: str) -> str:
    """The setting as a line of the file. Raises ValueError for a value with a line break."""
    if any(sign < " " for sign in value):
        raise ValueError(f"{name} holds a control character")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}="{escaped}"'


def write(path: Path, values: Mapping[str, str | None]) -> None:
    """Set these settings in the file, and remove those that are None; other lines stay as they are.

    The file is replaced as a whole and can be read by its owner alone. Raises OSError, and then changes nothing.
    """
    try:
        before = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        before = []
    lines, left = [], dict(values)
    for each in before:
        given = _LINE.match(each)
        if given is None or given[1] not in values:
            lines.append(each)
        elif (value := left.pop(given[1], None)) is not None:
            lines.append(line(given[1], value))
    lines += [line(name, value) for name, value in left.items() if value is not None]
    _replace(path, "\n".join(lines) + "\n")


def _replace(path: Path, text: str) -> None:
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=f"{NAME}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), OWNER_ALONE)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(made).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(made).unlink()
        raise
