"""What each setting and each section is for, in the reader's language. The Japanese is the section's own; the English
is in `translations/en/shop_settings.toml`."""

import re
import tomllib
from functools import cache

from bot.config import shop
from console.settings.fields import Field
from console.shell.pages import STATIC
from console.shell.translation import N_, gettext, reads_english

ENGLISH = STATIC.parent / "translations" / "en" / "shop_settings.toml"
_END_OF_MEANING = re.compile("[:：（]")
ABOUT = "about"
"""The entry of a table that says what the table is for; of a further section, `about_1` and so on."""

ABOUT_JAPANESE = {"menu.words": "トーク画面の下のメニュー（リッチメニュー）の文字。"}
"""Where the page says otherwise than the file what the table is for."""
CHOICES = {
    ("points", "expiry"): {
        "inactivity": N_("最後にためた日・使った日から数える"),
        "fixed": N_("ためた日から数える"),
        "never": N_("失効しない"),
    },
    ("orders.columns", "system"): {"auto": N_("自動で見分ける"), "none": N_("一般的な名前だけ")},
    ("support.faq", "meaning"): {"auto": N_("使えるときは使う"), "off": N_("使わない")},
    ("support.promises", "silence_rule"): {
        "alert": N_("管理画面の上で知らせるだけ"),
        "reassign": N_("担当も外して、だれでも取れるようにする"),
    },
}


@cache
def english() -> dict[str, dict[str, str]]:
    """The English by table and key."""
    return {str(name): dict(each) for name, each in tomllib.loads(ENGLISH.read_text("utf-8")).items()}


def of_field(field: Field) -> str:
    """What the setting is."""
    return in_english(field) or _japanese(field) if reads_english() else _japanese(field)


def _japanese(field: Field) -> str:
    """What the section says, without how it is written in the file, where the page has boxes to choose from."""
    match field.kind:
        case "flag":
            return (
                field.japanese.replace("（true か false）", "")
                .replace("true", "「はい」")
                .replace("false", "「いいえ」")
            )
        case "weekdays" | "dates":
            return field.japanese.partition("（")[0]
        case "choice":
            return _END_OF_MEANING.split(field.japanese)[0]
        case _:
            return field.japanese


def of_choice(field: Field, value: str) -> str:
    """What a value to choose is."""
    words = CHOICES.get((field.table, field.key), {}).get(value)
    return gettext(words) if words else value


def in_english(field: Field) -> str:
    """What the setting is, in English; empty while nobody has written it."""
    return english().get(field.table, {}).get(field.key, "")


def of_table(table: str) -> str:
    """What the table is for; the first of its sections says so."""
    model = shop.models()[table][0]
    japanese = ABOUT_JAPANESE.get(table, " ".join((model.__doc__ or "").split()))
    return english().get(table, {}).get(ABOUT, "") or japanese if reads_english() else japanese
