"""Says a comparison in plain words, in the reader's language: people on each side, how many of them bought again, the
difference with its interval, sales a head, and when there will be an answer. Never a figure that cannot be one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from bot import localtime
from console.figures.effects import (
    ABOUT_ORDERS,
    AFTER_RECOMMENDATIONS,
    ALL_GET_IT,
    CONTACTS,
    NO_SHOP_HOLD_OUT,
    NOBODY_YET,
    NOTHING_SHOWN,
    RECOMMENDED,
)
from console.shell.translation import gettext, reads_english
from journeys.flows.definition import OWN, FlowDefinition
from journeys.proof import periods
from journeys.proof.results import Result
from journeys.proof.statistics.values import Arm, Interval
from journeys.proof.statistics.verdict import Comparison, NoSales, Verdict

LONGEST_MONTHS = 24
"""An answer that is further away is no answer."""


@dataclass(frozen=True, slots=True)
class Said:
    """A comparison in words."""

    paragraphs: tuple[str, ...]
    kind: str
    """`earns`, `costs`, `undecided`, `no-result`; `none` where there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class _Sides:
    """What the two sides are called: those who got it, and those who did not."""

    rates: Callable[[str, str], str]
    earns: str
    costs: str


def of_result(result: Result) -> Said:
    """Those who got it against those who did not."""
    return _said(
        result,
        _Sides(
            lambda treated, held_out: gettext(
                "送った方 %(treated)sが購入、送らなかった方 %(held_out)s。",
                treated=treated,
                held_out=held_out,
            ),
            gettext("送ったほうが、また買う方がふえています。"),
            gettext("送ったほうが、また買う方がへっています。"),
        ),
    )


def of_variant(result: Result, variant: str) -> Said:
    """A variant of a step against the step's own message."""
    return _said(
        result,
        _Sides(
            lambda treated, held_out: gettext(
                "文面%(variant)s %(treated)sが購入、文面%(own)s %(held_out)s。",
                variant=variant,
                treated=treated,
                own=OWN,
                held_out=held_out,
            ),
            gettext("文面%(variant)sのほうが、また買う方が多いです。", variant=variant),
            gettext("文面%(own)sのほうが、また買う方が多いです。", own=OWN),
        ),
    )


def of_contacts(result: Result) -> Said:
    """Customers to whom staff could write by themselves, whether they found the time or not, against those whom
    they could not."""
    return _said(
        result,
        _Sides(
            lambda treated, held_out: gettext(
                "連絡の対象の方 %(treated)sがまた購入、連絡しなかった方 %(held_out)s。",
                treated=treated,
                held_out=held_out,
            ),
            gettext("連絡したほうが、また買う方がふえています。"),
            gettext("連絡したほうが、また買う方がへっています。"),
        ),
    )


def of_recommendations(result: Result, *, of_product: bool) -> Said:
    """Those whose message recommended a product against those whose message came without it: who bought that product,
    or anything."""

    def rates(treated: str, held_out: str) -> str:
        if of_product:
            return gettext(
                "おすすめした方 %(treated)sがその商品を購入、おすすめしなかった方 %(held_out)s。",
                treated=treated,
                held_out=held_out,
            )
        return gettext(
            "おすすめした方 %(treated)sが何かを購入、おすすめしなかった方 %(held_out)s。",
            treated=treated,
            held_out=held_out,
        )

    return _said(
        result,
        _Sides(
            rates,
            gettext("おすすめしたほうが、買う方がふえています。"),
            gettext("おすすめしたほうが、買う方がへっています。"),
        ),
    )


def name_of(key: str) -> str:
    """What a comparison is called that has no name of the owner's."""
    return {
        CONTACTS: gettext("今日の連絡"),
        RECOMMENDED: gettext("おすすめ商品：その商品のご注文"),
        AFTER_RECOMMENDATIONS: gettext("おすすめ商品：すべてのご注文"),
    }.get(key) or gettext("お知らせ全体（今年）")


def why_none(key: str) -> str:
    """Why there is no comparison."""
    return {
        NOBODY_YET: gettext("まだ、きっかけのあった方がいません。"),
        ALL_GET_IT: gettext("全員に送る設定です。比べる方がいないため、効果は出せません。"),
        ABOUT_ORDERS: gettext("ご注文の連絡なので、全員に送ります。比べる方がいないため、効果は出せません。"),
        NOTHING_SHOWN: gettext("まだ、おすすめ商品を入れたお知らせを送っていません。"),
        NO_SHOP_HOLD_OUT: gettext("お知らせ全体の効果は、今年まだ比べる方がいません。"),
    }[key]


def end_of_period(key: str) -> str:
    """Why a period ended."""
    return {
        periods.DECIDED: gettext("効果がはっきりしたため"),
        periods.PERCENT_CHANGED: gettext("割合を変えたため"),
        periods.STRUCTURE_CHANGED: gettext("シナリオの動きを変えたため"),
        periods.PAUSED: gettext("自動で一時停止したため"),
    }.get(key, key)


def share_of(definition: FlowDefinition) -> str:
    """How many the flow holds out, as its settings say."""
    if definition.holdout_percent is None:
        return gettext("自動")
    return f"{definition.holdout_percent}%"


def _said(result: Result, sides: _Sides) -> Said:
    comparison = result.comparison
    if comparison.sample_ratio_is_broken:
        return Said(_broken(result), Verdict.NO_RESULT)
    if not result.counted:
        return Said((_waiting(result),), Verdict.UNDECIDED)
    rates = sides.rates(_of_arm(result.treated), _of_arm(result.held_out))
    if comparison.rate is None:
        one_side = gettext("まだ片方に人がいないため、比べられません。")
        return Said((_people(result), one_side), Verdict.UNDECIDED)
    verdict = {
        Verdict.EARNS: sides.earns,
        Verdict.COSTS: sides.costs,
    }.get(comparison.verdict, gettext("まだはっきりしません。"))
    over = gettext("全員の日数が過ぎました。この人数では、差があるともないとも言えません。")
    outlook = over if result.is_over else _forecast(result)
    forecast = outlook if comparison.verdict is Verdict.UNDECIDED else ""
    paragraphs = (
        _joined(rates, _difference(comparison.rate)),
        _joined(verdict, forecast),
        _sales(comparison),
    )
    return Said(tuple(each for each in paragraphs if each), comparison.verdict)


def _joined(*sentences: str) -> str:
    return (" " if reads_english() else "").join(each for each in sentences if each)


def _broken(result: Result) -> tuple[str, ...]:
    planned = gettext(
        "%(treated)s人と%(held_out)s人に分かれましたが、送らない方は%(percent)s%%のはずです。"
        "偶然ではほとんど起こらない差なので、結果は出しません。",
        treated=f"{result.treated.count:,}",
        held_out=f"{result.held_out.count:,}",
        percent=result.percent,
    )
    causes = gettext(
        "考えられる原因：片方の方だけが消えた（お客様の削除や統合）、片方だけが記録された（取りこみや復元の途中）、"
        "署名用のキーが変わった。原因がなくなったあと、割合を変えると、新しく比べはじめます。"
    )
    return planned, causes


def _waiting(result: Result) -> str:
    first = localtime.local_date(result.first_at)
    return gettext(
        "いま%(count)s人（送らない方を含む）。きっかけから%(days)s日のあいだのご注文で比べるので、"
        "最初の数字は%(month)s月%(day)s日からです。",
        count=f"{result.assigned:,}",
        days=result.outcome_days,
        month=first.month,
        day=first.day,
    )


def _people(result: Result) -> str:
    return gettext(
        "送った方は%(treated)s人、送らなかった方は%(held_out)s人です。",
        treated=f"{result.treated.count:,}",
        held_out=f"{result.held_out.count:,}",
    )


def _of_arm(arm: Arm) -> str:
    return gettext(
        "%(count)s人中%(buyers)s人（%(rate)s%%）",
        count=f"{arm.count:,}",
        buyers=f"{arm.buyer_count:,}",
        rate=f"{(arm.rate or 0) * 100:.1f}",
    )


def _difference(rate: Interval) -> str:
    return gettext(
        "差 %(estimate)sポイント（%(low)s〜%(high)s）。",
        estimate=_points(rate.estimate),
        low=_points(rate.low),
        high=_points(rate.high),
    )


def _forecast(result: Result) -> str:
    foreseen = result.foreseen()
    if foreseen is None:
        return gettext("いつ答えが出るかは、まだ言えません。")
    months, difference = foreseen
    points = f"{difference * 100:.0f}"
    if months > LONGEST_MONTHS:
        return gettext(
            "%(points)sポイントの差があっても、このペースでは、答えが出るまでに2年より長くかかります。",
            points=points,
        )
    return gettext(
        "%(points)sポイントの差があるなら、このペースで、あと約%(months)sか月で答えが出ます。",
        points=points,
        months=max(1, ceil(months - 0.5)),
    )


def _sales(comparison: Comparison) -> str:
    if comparison.sales is not None:
        return gettext(
            "おひとりあたりの売上の差 %(estimate)s円（%(low)s〜%(high)s円）。",
            estimate=_yen(comparison.sales.estimate),
            low=_yen(comparison.sales.low),
            high=_yen(comparison.sales.high),
        )
    if comparison.sales_reason in (NoSales.FEW_PEOPLE, NoSales.FEW_BUYERS):
        return gettext("おひとりあたりの売上は、少ないほうが100人、そのうち購入が30人になってから比べます。")
    return ""


def _points(value: float) -> str:
    return _signed(f"{value * 100:+.1f}")


def _yen(value: float) -> str:
    return _signed(f"{value:+,.0f}")


def _signed(text: str) -> str:
    return "±0" if not text.strip("+-0.,") else text.replace("-", "−")
