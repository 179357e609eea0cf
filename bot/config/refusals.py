"""Words why a value of a setting or of shop.toml was refused, in both languages, from pydantic's error."""

from typing import Any

from bot.text.two_languages import Sentence, both, of_error

IN_JAPANESE = {
    "int_parsing": "整数で書いてください",
    "int_type": "整数で書いてください",
    "int_from_float": "整数で書いてください",
    "float_parsing": "数で書いてください",
    "float_type": "数で書いてください",
    "finite_number": "数で書いてください",
    "bool_parsing": "はい（true）か いいえ（false）にしてください",
    "bool_type": "はい（true）か いいえ（false）にしてください",
    "string_type": '文字を "" の中に書いてください',
    "string_too_short": "{min_length}文字以上で書いてください",
    "string_too_long": "{max_length}文字以内で書いてください",
    "string_pattern_mismatch": "書き方が合っていません（{pattern}）",
    "greater_than": "{gt}より大きくしてください",
    "greater_than_equal": "{ge}以上にしてください",
    "less_than": "{lt}より小さくしてください",
    "less_than_equal": "{le}以下にしてください",
    "literal_error": "次のどれかにしてください: {expected}",
    "enum": "次のどれかにしてください: {expected}",
    "list_type": "[ ] の中に並べて書いてください",
    "tuple_type": "[ ] の中に並べて書いてください",
    "dict_type": "{{ }} の中に書いてください",
    "missing": "必要な項目がありません",
    "extra_forbidden": "この項目はありません",
    "too_short": "{min_length}つ以上並べてください",
    "too_long": "{max_length}つまでにしてください",
    "time_parsing": '時刻は "10:00" のように書いてください',
    "time_type": '時刻は "10:00" のように書いてください',
    "date_from_datetime_parsing": '日付は "2026-12-01" のように書いてください',
    "date_parsing": '日付は "2026-12-01" のように書いてください',
    "date_type": '日付は "2026-12-01" のように書いてください',
    "path_type": "ファイルやフォルダの場所を書いてください",
}
"""By pydantic's type of error, with its values. https://docs.pydantic.dev/latest/errors/validation_errors/"""


def reason(error: Any) -> Sentence:
    """Why the value was refused: our own sentence where a check of ours raised it, else pydantic's."""
    context = error.get("ctx") or {}
    if isinstance(context.get("error"), BaseException):
        own = of_error(context["error"])
        return own if isinstance(own, Sentence) else Sentence(own, own)
    english = str(error["msg"])
    japanese = IN_JAPANESE.get(error["type"])
    if japanese is None:
        return both("{said}", "この設定には合わない値です（{said}）", said=english)
    return Sentence(english, japanese.format(**context))
