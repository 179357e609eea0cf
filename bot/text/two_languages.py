"""Sentences to operators, each in English and in Japanese, and which of them this machine's people read.

Used before anything is installed and where no request says which language is read: errors at the start, the checks of
`bot/checks/`, `script/`. So it needs the standard library alone, and both languages stand side by side in the code.
The console's own pages are translated by `console/shell/translation.py`.
"""

import locale
import os
import sys
from collections.abc import Iterable, Mapping

JAPANESE, ENGLISH = "ja", "en"
LANGUAGES = (JAPANESE, ENGLISH)


class Sentence(str):
    """English text that carries the same in Japanese as `ja`. Where only text is expected, it is the English."""

    __slots__ = ("ja",)
    ja: str

    def __new__(cls, english: str, japanese: str) -> "Sentence":
        """Make it of finished texts; `both` fills templates in."""
        made = super().__new__(cls, english)
        made.ja = japanese
        return made


def both(english: str, japanese: str, **values: object) -> Sentence:
    """The sentence with its {placeholders} filled in; a value that is a Sentence itself is filled in by language."""
    return Sentence(
        english.format(**values),
        japanese.format(**{name: in_japanese(value) for name, value in values.items()}),
    )


def together(parts: Iterable[str], between: str = "\n") -> Sentence:
    """Several sentences as one."""
    known = list(parts)
    return Sentence(between.join(known), between.join(str(in_japanese(each)) for each in known))


def in_japanese(value: object) -> object:
    """The Japanese of a Sentence; anything else as it is."""
    return value.ja if isinstance(value, Sentence) else value


def of_error(error: BaseException) -> str:
    """What an error says: a Sentence where it was raised with one, else its text."""
    first = error.args[0] if error.args else ""
    return first if isinstance(first, str) else str(error)


def shown(text: str, language: str | None) -> str:
    """The text in that language; in both, Japanese first, where the language is not known."""
    if not isinstance(text, Sentence) or text.ja == text:
        return str(text)
    if language is None:
        between = "\n\n" if "\n" in text else "\n"
        return f"{text.ja}{between}{text!s}"
    return text.ja if language == JAPANESE else str(text)


def of_system(environ: Mapping[str, str] | None = None) -> str | None:
    """The language of whoever reads this machine's terminal: ja, en (also for any third language), or None where the
    system does not say, as on most servers (`C`, `POSIX`, unset)."""
    given = os.environ if environ is None else environ
    name = next((given[each] for each in ("LC_ALL", "LC_MESSAGES", "LANG") if given.get(each)), "")
    if not name and sys.platform == "win32":
        name = locale.getlocale()[0] or ""
    name = name.split(".")[0].lower()
    if name in {"", "c", "posix"}:
        return None
    return JAPANESE if name.startswith("ja") else ENGLISH
