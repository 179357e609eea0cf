"""Finds the line of every key in a TOML text that `tomllib` accepts, since it gives no positions. Pure."""

import re

Path = tuple[str | int, ...]
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2}(?!"))'
    r"|'''.*?'''(?:'{0,2}(?!'))"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_PLAIN_VALUE = re.compile(r"[^,\]}#\n]*")


def lines_of(text: str) -> dict[Path, int]:
    """The line, from 1, of each key and each element of an array: `("step", 0, "buttons", 1, "label")`."""
    scanner = _Scanner(text)
    scanner.scan()
    return scanner.lines


def nearest(lines: dict[Path, int], path: Path) -> int | None:
    """The line of that key, else of what holds it; None when even that has no line."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._counted_to, self._line = 0, 1

    def scan(self) -> None:
        table: Path = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> Path:
        doubled = self.text.startswith("[[", self.at)
        self.at += 2 if doubled else 1
        line = self._line_here()
        path: Path = ()
        names = self._key()
        for place, name in enumerate(names):
            path = (*path, name)
            self.lines.setdefault(path, line)
            if doubled and place == len(names) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
        self.lines.setdefault(path, line)
        self._skip(_BLANK)
        self.at += 2 if doubled else 1
        return path

    def _pair(self, table: Path) -> None:
        line = self._line_here()
        path = table
        for name in self._key():
            path = (*path, name)
            self.lines.setdefault(path, line)
        self._skip(_BLANK)
        self.at += 1  # the =
        self._skip(_BLANK)
        self._value(path)

    def _key(self) -> list[str]:
        """The parts of a dotted key; the position is behind it afterwards."""
        found: list[str] = []
        while True:
            self._skip(_BLANK)
            quoted = _STRING.match(self.text, self.at)
            part = quoted or _BARE_KEY.match(self.text, self.at)
            if part is None:
                raise ValueError(f"no key at position {self.at}")
            found.append(part[0][1:-1] if quoted else part[0])
            self.at = part.end()
            self._skip(_BLANK)
            if not self.text.startswith(".", self.at):
                return found
            self.at += 1

    def _value(self, path: Path) -> None:
        if self.text.startswith("[", self.at):
            self._elements(path, "]")
        elif self.text.startswith("{", self.at):
            self._elements(path, "}")
        elif string := _STRING.match(self.text, self.at):
            self.at = string.end()
        else:
            self._skip(_PLAIN_VALUE)

    def _elements(self, path: Path, end: str) -> None:
        self.at += 1
        self._skip(_BLANK)
        number = 0
        while not self.text.startswith(end, self.at):
            if end == "}":
                self._pair(path)
            else:
                self.lines[*path, number] = self._line_here()
                self._value((*path, number))
                number += 1
            self._skip(_BLANK)
            if self.text.startswith(",", self.at):
                self.at += 1
                self._skip(_BLANK)
        self.at += 1

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _line_here(self) -> int:
        self._line += self.text.count("\n", self._counted_to, self.at)
        self._counted_to = self.at
        return self._line
