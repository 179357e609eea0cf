"""Reads and writes FAQ files: CSV with 質問, 言い換え, 回答, タグ, 商品, カード, as spreadsheets write it. Pure.

Every row that cannot be used is reported with its line. The limits also apply to what is typed in the
console. Storing the rows is in `importing.py`.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TextIO

QUESTION, PARAPHRASES, ANSWER, TAGS, PRODUCT, CARD = COLUMNS = (
    "質問",
    "言い換え",
    "回答",
    "タグ",
    "商品",
    "カード",
)
REQUIRED = (QUESTION, ANSWER)
LONGEST_QUESTION = 100
LONGEST_ANSWER = 1_000
LONGEST_TAG = 20
LONGEST_PARAPHRASE = 200
MOST_PARAPHRASES = 100
CONTROLS = dict.fromkeys([*range(9), *range(14, 28), *range(0x1F, 0x20), *range(0x7F, 0x85)])
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "'")
BETWEEN_PARAPHRASES = re.compile(r"[|｜\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
BETWEEN_TAGS = re.compile(r"[|｜、,，\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as in the file. None: the file has no such column, so the stored value stays."""

    line: int
    question: str
    answer: str
    paraphrases: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    product: str | None = None
    card: str | None = None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out. `reason` says in Japanese what to change."""

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
    try:
        headings = [(name or "").strip() for name in reader.fieldnames or ()]
    except csv.Error as error:
        return [], [_unreadable(reader, error)]
    reader.fieldnames = headings
    missing = [name for name in REQUIRED if name not in headings]
    if missing:
        return [], [
            BadRow(1, f"「{missing[0]}」の列がありません。1行目を「{'、'.join(COLUMNS)}」にしてください。")
        ]
    return _rows(reader)


def write(rows: list[Row], file: TextIO) -> None:
    """Write rows so that `read` can import them again. No cell can be taken for a formula."""
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for row in rows:
        paraphrases, tags = "|".join(row.paraphrases or ()), "、".join(row.tags or ())
        cells = (row.question, paraphrases, row.answer, tags, row.product or "", row.card or "")
        table.writerow([_escape_formula(cell) for cell in cells])


def paraphrases_of(text: str) -> tuple[str, ...]:
    """The phrases, each once, in the order written: one a line, or separated by |."""
    return _split(text, BETWEEN_PARAPHRASES)


def tags_of(text: str) -> tuple[str, ...]:
    """The tags, each once, in the order written, separated by commas."""
    return _split(text, BETWEEN_TAGS)


def complaint(
    question: str, answer: str, paraphrases: tuple[str, ...] = (), tags: tuple[str, ...] = ()
) -> str | None:
    """What is wrong with an entry, in Japanese; None when it is valid."""
    if not question:
        return "質問が空です。"
    if not answer:
        return "回答が空です。"
    if len(question) > LONGEST_QUESTION:
        return f"質問が{len(question)}文字あります。{LONGEST_QUESTION}文字以内にしてください。"
    if len(answer) > LONGEST_ANSWER:
        return f"回答が{len(answer)}文字あります。{LONGEST_ANSWER}文字以内にしてください。"
    if any(len(tag) > LONGEST_TAG for tag in tags):
        return f"タグが長すぎます。{LONGEST_TAG}文字以内にしてください。"
    if len(paraphrases) > MOST_PARAPHRASES:
        return f"言い換えが{len(paraphrases)}個あります。{MOST_PARAPHRASES}個以内にしてください。"
    if any(len(phrase) > LONGEST_PARAPHRASE for phrase in paraphrases):
        return f"長すぎる言い換えがあります。{LONGEST_PARAPHRASE}文字以内にしてください。"
    return None


def one_line(text: str) -> str:
    """A question in its stored form: on one line, without invisible characters."""
    return " ".join(text.translate(CONTROLS).split())


def as_written(text: str) -> str:
    """An answer in its stored form: its lines, with uniform line ends."""
    return "\n".join(line.translate(CONTROLS).rstrip() for line in text.splitlines()).strip()


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
        bad.append(_unreadable(reader, error))
    return rows, bad


def _unreadable(reader: csv.DictReader[str], error: csv.Error) -> BadRow:
    return BadRow(
        reader.line_num, f"CSVとして読めません（{error}）。引用符の閉じ忘れがないかご確認ください。"
    )


def _row(line: int, cells: dict[str, str]) -> Row:
    paraphrases, tags, product, card = (
        None if cells.get(name) is None else _unescape_formula(cells[name])
        for name in (PARAPHRASES, TAGS, PRODUCT, CARD)
    )
    return Row(
        line,
        question=one_line(_unescape_formula(cells.get(QUESTION) or "")),
        answer=as_written(_unescape_formula(cells.get(ANSWER) or "")),
        paraphrases=None if paraphrases is None else paraphrases_of(paraphrases),
        tags=None if tags is None else tags_of(tags),
        product=None if product is None else product.strip(),
        card=None if card is None else card.strip(),
    )


def _escape_formula(cell: str) -> str:
    """Quote a cell that a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def _unescape_formula(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_SIGNS) else cell


def _split(text: str, between: re.Pattern[str]) -> tuple[str, ...]:
    parts = (one_line(part) for part in between.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))


def _complaint(row: Row, seen: dict[str, int]) -> str | None:
    if not (row.question or row.answer):
        return "質問も回答も空です。" if row.paraphrases or row.tags else None
    wrong = complaint(row.question, row.answer, row.paraphrases or (), row.tags or ())
    if wrong is None and row.question in seen:
        return f"同じ質問が{seen[row.question]}行目にあります。"
    return wrong


def _decode(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
