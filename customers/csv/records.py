"""Splits a CSV file into records and detects its encoding.

A broken row (a quote never closed, half a line) does not affect the rows after it. Memory does not grow with
the file.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from customers.values.sentence import Sentence

LONGEST_LINE = 200_000
# A quoted cell may hold line breaks; a record with more lines than this has a quote that was never closed.
MOST_LINES = 50
ENCODINGS = {"utf-8": "UTF-8", "cp932": "Shift_JIS"}


class UnreadableFile(Exception):
    """The file as a whole cannot be read. The text, for the owner, gives the reason and what to do."""


@dataclass(frozen=True)
class Record:
    """One row: the number of its first line, its cells, and what is wrong with its format."""

    line: int
    cells: tuple[str, ...]
    fault: str = ""


def encoding_of(path: Path) -> str:
    """utf-8 or cp932, whichever the whole file is in. Raises UnreadableFile with the line that is in
    neither."""
    fails_at: dict[str, int] = {}
    for number, line in enumerate(raw_lines(path), start=1):
        for encoding in ENCODINGS.keys() - fails_at.keys():
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                fails_at[encoding] = number
        if len(fails_at) == len(ENCODINGS):
            raise UnreadableFile(_encoding_fault(fails_at))
    return "utf-8" if "utf-8" not in fails_at else "cp932"


def raw_lines(path: Path) -> Iterator[bytes]:
    """The file's lines as bytes, without the byte order mark. Raises UnreadableFile for what is not text."""
    with path.open("rb") as file:
        start = file.read(4)
        if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise UnreadableFile(
                Sentence(
                    "UTF-16（Unicodeテキスト）のファイルです。「CSV UTF-8」形式で保存しなおしてください。",
                    "This file is UTF-16 (Unicode text). Save it again as “CSV UTF-8”.",
                )
            )
        if start == b"PK\x03\x04":
            raise UnreadableFile(
                Sentence(
                    "Excelのブックです。「CSV UTF-8」形式で保存しなおしてください。",
                    "This is an Excel workbook. Save it again as “CSV UTF-8”.",
                )
            )
        file.seek(3 if start[:3] == b"\xef\xbb\xbf" else 0)
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            if b"\0" in line:
                raise UnreadableFile(
                    Sentence(
                        f"{number}行目に文字ではないデータがあります。CSVファイルか確かめてください。",
                        f"Line {number} holds data that is no text. Check that this is a CSV file.",
                    )
                )
            if len(line) == LONGEST_LINE:
                raise UnreadableFile(
                    Sentence(
                        f"{number}行目が長すぎます。CSVファイルか確かめてください。",
                        f"Line {number} is too long. Check that this is a CSV file.",
                    )
                )
            yield line


def records(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """The rows, each complete or with its fault. Blank lines are left out."""
    source = iter(lines)
    ahead: deque[str] = deque()
    number = 0
    while True:
        first = ahead.popleft() if ahead else next(source, None)
        if first is None:
            return
        number += 1
        taken = [first]
        inside = ends_inside_quotes(first, delimiter, inside=False)
        while inside and len(taken) < MOST_LINES:
            following = ahead.popleft() if ahead else next(source, None)
            if following is None:
                break
            taken.append(following)
            inside = ends_inside_quotes(following, delimiter, inside=True)
        record = _record(number, taken, delimiter, closed=not inside)
        if record.fault and len(taken) > 1:
            # The lines after a broken row are rows of their own and are read again.
            ahead.extendleft(reversed(taken[1:]))
        else:
            number += len(taken) - 1
        if record.fault or any(cell.strip() for cell in record.cells):
            yield record


def ends_inside_quotes(line: str, delimiter: str, *, inside: bool) -> bool:
    """Whether a quoted cell is still open at the end of the line. A quote opens only where a cell begins."""
    if '"' not in line:
        return inside
    begins, closed = not inside, False
    for letter in line:
        if inside:
            inside = letter != '"'
            closed = not inside
        elif letter == '"' and (begins or closed):
            # Directly after a closing quote this is a doubled one: the cell continues.
            inside, begins, closed = True, False, False
        else:
            begins, closed = letter == delimiter, False
    return inside


def _record(number: int, taken: list[str], delimiter: str, *, closed: bool) -> Record:
    if not closed:
        return Record(
            number,
            _split_roughly(taken[0], delimiter),
            Sentence(
                '引用符（"）が閉じていないか、行が途中で切れています',
                'a quotation mark (") is not closed, or the row is cut off',
            ),
        )
    try:
        rows = list(csv.reader(taken, delimiter=delimiter, strict=True))
    except csv.Error:
        return Record(
            number,
            _split_roughly(taken[0], delimiter),
            Sentence(
                '引用符（"）か改行の使い方が正しくありません',
                'a quotation mark (") or line break is out of place',
            ),
        )
    return Record(number, tuple(rows[0]) if rows else ())


def _split_roughly(line: str, delimiter: str) -> tuple[str, ...]:
    return tuple(cell.strip().strip('"') for cell in line.strip().split(delimiter))


def _encoding_fault(fails_at: dict[str, int]) -> str:
    likely_encoding, line = max(fails_at.items(), key=lambda each: each[1])
    if len(set(fails_at.values())) > 1:
        before = ENCODINGS[likely_encoding]
        why = f"それより前は{before}ですが、この行は別の文字コードか、こわれています"
        why_en = f"the lines before are {before}, this one is in another encoding or broken"
    else:
        why, why_en = "UTF-8でもShift_JISでもありません", "neither UTF-8 nor Shift_JIS"
    return Sentence(
        f"{line}行目の文字が読めません（{why}）。「CSV UTF-8」形式で保存しなおしてください。",
        f"The characters of line {line} cannot be read ({why_en}). Save the file again as “CSV UTF-8”.",
    )
