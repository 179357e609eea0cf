"""Writes figures in Japanese or English: values with their units, intervals, changes, windows.

Pages write for their reader (`of_reader`); commands and `docs/figures.md` choose a language (`of_language`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date
from babel.support import NullTranslations, Translations

from console.figures.definition import Unit, Value
from console.shell import translation
from console.shell.translation import N_, reads_english
from customers.values.windows import Window

CATALOGUES = Path(__file__).resolve().parent.parent / "translations"
NOTHING = "—"
COUNTED = {
    **dict.fromkeys((Unit.CUSTOMERS, Unit.BUYERS), N_("人")),
    **dict.fromkeys((Unit.ORDERS, Unit.QUESTIONS, Unit.ANSWERS, Unit.REFERRALS, Unit.TICKETS), N_("件")),
    Unit.MESSAGES: N_("通"),
    Unit.POINTS: N_("ポイント"),
    Unit.DAYS: N_("日"),
    Unit.MONTHS: N_("か月"),
}
"""The counter behind the number in Japanese."""


@dataclass(frozen=True, slots=True)
class Words:
    """Writes in one language."""

    language: str
    gettext: Callable[[str], str]

    def value(self, value: Value, unit: Unit) -> str:
        """The value with its unit; a dash for nothing."""
        return self.amount(value.value, unit)

    def amount(self, amount: float | None, unit: Unit) -> str:
        """An amount with its unit: 1,234人, ¥5,678, 12.3%, 1.87倍, +32."""
        if amount is None:
            return NOTHING
        match unit:
            case Unit.YEN:
                return f"{'-' if amount < 0 else ''}¥{abs(round(amount)):,}"
            case Unit.SHARE:
                return f"{amount * 100:.1f}%"
            case Unit.RATIO:
                return self.gettext(N_("%(times)s倍")) % {"times": f"{amount:.2f}"}
            case Unit.SCORE:
                return f"{amount:+.0f}" if round(amount) else "0"
            case _:
                return self._counted(amount, unit)

    def _counted(self, amount: float, unit: Unit) -> str:
        number = f"{amount:,.0f}" if float(amount).is_integer() else f"{amount:,.1f}"
        if self.language == "en":
            return f"{number} {unit.value.removesuffix('s') if amount == 1 else unit.value}"
        return f"{number}{COUNTED[unit]}"

    def interval(self, value: Value, unit: Unit) -> str:
        """From the lower to the upper end; empty without an interval."""
        if value.low is None or value.high is None:
            return ""
        return f"{self.amount(value.low, unit)}–{self.amount(value.high, unit)}"

    def basis(self, value: Value) -> str:
        """The count it rests on: 30 / 120 for a share; empty where the value is a count itself."""
        if value.count is None:
            return ""
        return f"{value.part:,} / {value.count:,}" if value.part is not None else f"{value.count:,}"

    def change(self, now: float, before: float, unit: Unit) -> str:
        """How much more or less it is, with a sign; a share's in points."""
        difference = now - before
        sign = "+" if difference > 0 else "-" if difference < 0 else "±"
        if unit is Unit.SHARE:
            return self.gettext(N_("%(points)sポイント")) % {"points": f"{sign}{abs(difference) * 100:.1f}"}
        return sign + self.amount(abs(difference), unit).removeprefix("+")

    def day(self, on: date) -> str:
        """A day with its year."""
        return str(format_date(on, self.gettext(N_("y年M月d日")), locale=self.language))

    def window(self, window: Window | None, on: date) -> str:
        """The first and the last day; of what has no beginning the last."""
        if window is None:
            return self.gettext(N_("%(day)sまで")) % {"day": self.day(on)}
        return f"{self.day(window.first_on)} – {self.day(window.last_on)}"


def of_reader() -> Words:
    """In the language of this request."""
    return Words("en" if reads_english() else "ja", translation.gettext)


@cache
def of_language(language: str) -> Words:
    """In Japanese (`ja`) or English (`en`), outside a request."""
    found: NullTranslations = (
        Translations.load(CATALOGUES, [language]) if language != "ja" else NullTranslations()
    )
    return Words(language, found.ugettext)
