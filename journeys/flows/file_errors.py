"""Words what is wrong with a flow's file, in Japanese and English: line, key, reason, and an example that is right."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel

from journeys.flows import toml_lines
from journeys.flows.definition import FlowDefinition
from journeys.flows.fault import hints
from journeys.flows.toml_lines import Path

EXAMPLES = {
    "again_after_days": "again_after_days = 90",
    "any": 'any = [{ min_rank = "active" }, { tag = "気になる" }]',
    "at": 'at = "11:00"',
    "bought": "bought = false",
    "bought_products": 'bought_products = ["TEA-50"]',
    "buttons": 'buttons = [{ label = "問題ない", tag = "no-concern" }]',
    "calm_days": "calm_days = 3",
    "card": 'card = { title = "はじめてセット", text = "3種類を少しずつ" }',
    "class": 'class = "care"',
    "clicked": 'clicked = "how-to"',
    "coupon": "coupon = 3",
    "date": "date = 2027-01-15",
    "days": "days = 7",
    "entry": 'entry = "once"',
    "flow": 'flow = "after-first-order"',
    "goal": 'goal = { on = "order" }',
    "holdout_percent": "holdout_percent = 10",
    "key": 'key = "after-first-order"',
    "label": 'label = "使い方を見る"',
    "latest_days": "latest_days = 3",
    "link": 'link = { label = "使い方を見る", url = "https://www.your-shop.jp/how-to" }',
    "max_orders": "max_orders = 3",
    "max_score": "max_score = 6",
    "min_orders": "min_orders = 2",
    "min_rank": 'min_rank = "active"',
    "min_score": "min_score = 9",
    "name": 'name = "はじめてのお買い物のあと"',
    "not_bought_products": 'not_bought_products = ["TEA-50"]',
    "not_clicked": 'not_clicked = "how-to"',
    "not_tag": 'not_tag = "has-concern"',
    "note": 'note = "使い方を案内しました"',
    "nth": "nth = 1",
    "on": 'on = "order"',
    "otherwise": 'otherwise = "end"',
    "outcome_days": "outcome_days = 60",
    "picture": 'picture = "https://www.your-shop.jp/tea.jpg"',
    "products": 'products = ["TEA-50"]',
    "rank": 'rank = "active"',
    "remove_tags": 'remove_tags = ["has-concern"]',
    "repurchase": "repurchase = true",
    "say": 'say = "使い方を教えてください"',
    "segment": 'segment = "promoter"',
    "set_tags": 'set_tags = ["has-concern"]',
    "stage": 'stage = "repeat"',
    "step": '[[step]] key = "thanks"',
    "tag": 'tag = "has-concern"',
    "testimonial": 'testimonial = "newest"',
    "recommend": 'recommend = "history"',
    "text": 'text = "ありがとうございます！"',
    "then": 'then = "voices"',
    "title": 'title = "はじめてセット"',
    "trigger": 'trigger = { on = "order", nth = 1 }',
    "until": 'until = "order"',
    "url": 'url = "https://www.your-shop.jp/how-to"',
    "variant": '[[step.variant]] key = "b"',
    "video": 'video = { label = "使い方の動画", url = "https://www.your-shop.jp/video" }',
    "wait": 'wait = { days = 7, at = "11:00" }',
    "when": 'when = { min_rank = "active" }',
    "when_busy": 'when_busy = "skip"',
}
"""A right line for every key of the file."""
LONGEST_SHOWN = 60
_PATTERNS = {
    "https": ("https:// で始まるアドレスにしてください", "an address begins with https:// and has no blanks"),
    "a-z": (
        "小文字の英数字とハイフンで、60文字までにしてください",
        "use small letters, digits and hyphens, at most 60",
    ),
    "[01]": ("24時間の「時:分」で書いてください", "write hour and minute of 24 hours, in quotes"),
}
_KINDS = (
    (
        ("int_", "int_type", "int_parsing", "int_from_float"),
        "引用符をつけない整数にしてください",
        "must be a whole number without quotes",
    ),
    (("bool_",), "true か false にしてください", "must be true or false"),
    (("string_type",), "引用符で囲んだ文字にしてください", "must be text in quotes"),
    (("tuple_", "list_"), "[ ] で囲んだ並びにしてください", "must be a list in [ ]"),
    (("model_", "dict_"), "{ } で囲んだ表にしてください", "must be a table in { }"),
    (("date_",), "年-月-日で、引用符なしで書いてください", "must be a day, without quotes"),
)
_LONG_NUMBER = re.compile(r"[0-9_a-fA-Fxob]{1000,}")
_QUOTED = re.compile(r"'([^']+)'")
_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(frozen=True, slots=True)
class FileFault:
    """One thing that is wrong with a file."""

    line: int | None
    path: Path
    ja: str
    en: str


def of(error: Any, content: dict[str, Any], lines: dict[Path, int]) -> FileFault:
    """The fault of an error of pydantic in the parsed file."""
    path: Path = tuple(error["loc"])
    name = str(next((part for part in reversed(path) if isinstance(part, str)), ""))
    ja, en = _reason(error, path, name)
    if error["type"] != "flow" and name in EXAMPLES:
        ja, en = f"{ja}。例：{EXAMPLES[name]}", f"{en}. Example: {EXAMPLES[name]}"
    return _placed(path, content, lines, ja, en)


def of_duplicate_key(key: str, content: dict[str, Any], lines: dict[Path, int], place: int) -> FileFault:
    """The fault of a step with the key of an earlier step, or with one that means the end."""
    ja, en = (
        f"「{key}」は、もう使われているか、使えない key です",
        f'"{key}" is taken by another step or reserved',
    )
    example = f'key = "{key}-2"'
    return _placed(
        ("step", place, "key"), content, lines, f"{ja}。例：{example}", f"{en}. Example: {example}"
    )


def of_broken_toml(text: str, error: str) -> FileFault:
    """The fault of a text that is not TOML, from tomllib's own words."""
    found = _AT.search(error)
    lines = text.split("\n")
    line = int(found[1]) if found and found[1] else len(lines)
    shown = lines[line - 1].strip()[:LONGEST_SHOWN] if line <= len(lines) else ""
    reason = _AT.sub("", error)
    return FileFault(
        line,
        (),
        f'{line}行目「{shown}」：TOMLとして読めません（{reason}）。例：text = "ありがとうございます！"',
        f'line {line}, {shown!r}: this is not TOML ({reason}). Example: text = "ありがとうございます！"',
    )


def of_foreign_encoding(line: int) -> FileFault:
    """The fault of a file in another encoding than UTF-8."""
    return FileFault(
        line,
        (),
        f"{line}行目：文字コードがUTF-8ではありません。UTF-8で保存しなおしてください。",
        f"line {line}: this is not UTF-8. Save the file as UTF-8.",
    )


def of_deep_nesting(text: str) -> FileFault:
    """The fault of brackets within brackets beyond what can be read; at the line that opens most of them."""
    lines = text.split("\n")
    line = max(range(len(lines)), key=lambda place: lines[place].count("[") + lines[place].count("{")) + 1
    example = EXAMPLES["any"]
    return FileFault(
        line,
        (),
        f"{line}行目：かっこの中のかっこが多すぎて、読めません。例：when = {{ {example} }}",
        f"line {line}: brackets are nested too deeply. Example: when = {{ {example} }}",
    )


def of_long_number(text: str) -> FileFault:
    """The fault of a number with more digits than any number of a flow."""
    found = _LONG_NUMBER.search(text)
    line = text.count("\n", 0, found.start()) + 1 if found else 1
    return FileFault(
        line,
        (),
        f"{line}行目：数字が長すぎて、読めません。例：{EXAMPLES['days']}",
        f"line {line}: this number is too long. Example: {EXAMPLES['days']}",
    )


def of_more(count: int) -> FileFault:
    """Stands for the faults that are not named, after the others."""
    return FileFault(None, (), f"ほかに {count:,} か所あります。", f"and {count:,} more.")


def _placed(path: Path, content: dict[str, Any], lines: dict[Path, int], ja: str, en: str) -> FileFault:
    line = toml_lines.nearest(lines, path)
    where_ja, where_en = _where(path, content)
    at_ja, at_en = (f"{line}行目 ", f"line {line}, ") if line else ("", "")
    return FileFault(line, path, f"{at_ja}{where_ja}：{ja}", f"{at_en}{where_en}: {en}")


def _where(path: Path, content: dict[str, Any]) -> tuple[str, str]:
    """The key in words: 「wait.at（ステップ「voices」）」."""
    if len(path) < 2 or path[0] != "step" or not isinstance(path[1], int):
        shown = _dotted(path) or "file"
        return ("ファイル", "the file") if shown == "file" else (shown, shown)
    shown = _dotted(path[2:]) or "[[step]]"
    key = _key_of_step(content, path[1])
    return f"{shown}（{path[1] + 1}番目のステップ{key}）", f"{shown} of step {path[1] + 1}{key}"


def _key_of_step(content: dict[str, Any], place: int) -> str:
    try:
        return f"「{content['step'][place]['key']}」"
    except (KeyError, IndexError, TypeError):
        return ""


def _dotted(path: Iterable[str | int]) -> str:
    found = ""
    for part in path:
        found += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return found.removeprefix(".")


def _reason(error: Any, path: Path, name: str) -> tuple[str, str]:
    context, kind = error.get("ctx", {}), error["type"]
    given = str(error["input"])[:LONGEST_SHOWN]
    match kind:
        case "flow" | "control_character":
            return context["ja"], context["en"]
        case "missing":
            return f"{name} がありません", f"{name} is missing"
        case "extra_forbidden":
            return _unknown(name, path)
        case "string_pattern_mismatch":
            pattern = next(each for part, each in _PATTERNS.items() if part in context["pattern"])
            return f"「{given}」は使えません。{pattern[0]}", f'"{given}" is wrong: {pattern[1]}'
        case "string_too_long":
            length, most = len(error["input"]), context["max_length"]
            return (
                f"{length:,}文字あります。{most:,}文字までです",
                f"has {length:,} characters; at most {most:,}",
            )
        case "string_too_short" | "too_short":
            return "空にはできません", "must not be empty"
        case "too_long":
            return f"{context['max_length']}個までです", f"at most {context['max_length']} are possible"
        case "greater_than_equal" | "less_than_equal":
            ge, le = context.get("ge"), context.get("le")
            return (
                (f"{ge}以上にしてください", f"must be {ge} or more")
                if le is None
                else (f"{le}以下にしてください", f"must be {le} or less")
            )
        case "enum" | "literal_error":
            return _none_of(given, context["expected"], name)
    for prefixes, ja, en in _KINDS:
        if kind.startswith(prefixes):
            return ja, en
    return f"正しくありません（{error['msg']}）", f"is wrong ({error['msg']})"


def _none_of(given: str, expected: str, name: str) -> tuple[str, str]:
    options = _QUOTED.findall(expected)
    near = hints(given, options)
    listed = ", ".join(options) + (", { again_after_days = 90 }" if name == "entry" else "")
    return (
        f"「{given}」は使えません。{near['hint_ja']}使えるのは {listed} です",
        f'"{given}" is not known. {near["hint_en"]}Possible are {listed}',
    )


def _unknown(name: str, path: Path) -> tuple[str, str]:
    known = _keys_at(path[:-1])
    near = hints(name, known)
    listed = ", ".join(sorted(known))
    return (
        f"{name} という項目はありません。{near['hint_ja']}ここに書けるのは {listed} です",
        f"{name} is not known. {near['hint_en']}Possible here are {listed}",
    )


def _keys_at(path: Path) -> list[str]:
    """The keys that the file may have in that table."""
    tables: list[type[BaseModel]] = [FlowDefinition]
    for part in path:
        if isinstance(part, str):
            fields = [field for each in tables for field in _named(each, part)]
            tables = [inner for field in fields for inner in _tables_in(field)]
    return [str(field.alias or name) for table in tables for name, field in table.model_fields.items()]


def _named(table: type[BaseModel], part: str) -> list[Any]:
    return [field.annotation for name, field in table.model_fields.items() if (field.alias or name) == part]


def _tables_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [inner for each in get_args(annotation) for inner in _tables_in(each)]
