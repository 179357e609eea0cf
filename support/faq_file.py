"""Decides what a FAQ file says: a CSV with 質問, 言い換え, 回答, タグ, as spreadsheets write it. Pure.

Every row that cannot be taken is reported with its line; what is taken is stored by others.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TextIO

QUESTION, PARAPHRASES, ANSWER, TAGS = COLUMNS = ("質問", "言い換え", "回答", "タグ")
REQUIRED = (QUESTION, ANSWER)
LONGEST_QUESTION = 100
LONGEST_ANSWER = 1_000
LONGEST_TAG = 20
BETWEEN_PARAPHRASES = re.compile(r"[|｜\n]")
BETWEEN_TAGS = re.compile(r"[|｜\n、,，]")


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as the file gives it."""

    line: int
    question: str
    paraphrases: tuple[str, ...]
    answer: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out. `reason` says, in the shop's language, what to change."""

    line: int
    reason: str


def read(content: bytes) -> tuple[list[Row], list[BadRow]]:
    """The good rows and the bad ones, each in the file's order."""
    text = _decode(content)
    if text is None:
        return [], [
            BadRow(
                1,
                "文字コードがUTF-8でもShift_JISでもありません。表計算ソフトで「CSV UTF-8」として保存し直してください。",
            )
        ]
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    headings = [(name or "").strip() for name in reader.fieldnames or ()]
    reader.fieldnames = headings
    missing = [name for name in REQUIRED if name not in headings]
    if missing:
        return [], [
            BadRow(1, f"「{missing[0]}」の列がありません。1行目を「{'、'.join(COLUMNS)}」にしてください。")
        ]
    return _rows(reader)


def write(rows: list[Row], file: TextIO) -> None:
    """The same form back, so that what was exported can be imported."""
    table = csv.writer(file, lineterminator="\n")
    table.writerow(COLUMNS)
    for row in rows:
        table.writerow([row.question, "|".join(row.paraphrases), row.answer, "、".join(row.tags)])


def _rows(reader: csv.DictReader[str]) -> tuple[list[Row], list[BadRow]]:
    rows: list[Row] = []
    bad: list[BadRow] = []
    seen: dict[str, int] = {}
    try:
        for cells in reader:
            row = _row(reader.line_num, cells)
            reason = _complaint(row, seen)
            if reason:
                bad.append(BadRow(row.line, reason))
            elif row.question:
                seen[row.question] = row.line
                rows.append(row)
    except csv.Error as error:
        bad.append(
            BadRow(
                reader.line_num, f"CSVとして読めません（{error}）。引用符の閉じ忘れがないかご確認ください。"
            )
        )
    return rows, bad


def _row(line: int, cells: dict[str, str]) -> Row:
    return Row(
        line,
        question=(cells.get(QUESTION) or "").strip(),
        paraphrases=_several(cells.get(PARAPHRASES), BETWEEN_PARAPHRASES),
        answer=(cells.get(ANSWER) or "").strip(),
        tags=_several(cells.get(TAGS), BETWEEN_TAGS),
    )


def _several(cell: str | None, between: re.Pattern[str]) -> tuple[str, ...]:
    parts = (part.strip() for part in between.split(cell or ""))
    return tuple(dict.fromkeys(part for part in parts if part))


def _complaint(row: Row, seen: dict[str, int]) -> str | None:
    if not (row.question or row.answer):
        return "質問も回答も空です。" if row.paraphrases or row.tags else None
    if not row.question:
        return "質問が空です。"
    if not row.answer:
        return "回答が空です。"
    if len(row.question) > LONGEST_QUESTION:
        return f"質問が{len(row.question)}文字あります。{LONGEST_QUESTION}文字以内にしてください。"
    if len(row.answer) > LONGEST_ANSWER:
        return f"回答が{len(row.answer)}文字あります。{LONGEST_ANSWER}文字以内にしてください。"
    if any(len(tag) > LONGEST_TAG for tag in row.tags):
        return f"タグが長すぎます。{LONGEST_TAG}文字以内にしてください。"
    if row.question in seen:
        return f"同じ質問が{seen[row.question]}行目にあります。"
    return None


def _decode(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
