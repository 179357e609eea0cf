"""The figures of sales and LTV: what customers on LINE buy in a year, whether they come back, and what they cost."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from console.figures.definition import Definition, Unit, Value
from console.figures.definitions import ltv_values
from console.shell.translation import N_
from customers.costs import acquisition_costs
from customers.figures import (
    buyers,
    repeat_counts,
    sales_counts,
)
from customers.figures.repurchase import matured_window
from customers.figures.sales import Group, ShopSales
from customers.people.customer import Customer
from customers.values import windows
from surveys.figures import latest_segments
from surveys.figures.latest_segments import SILENT
from surveys.nps.segments import Segment

YEAR_BUYERS = N_("LINEのお客様で、この12か月に購入した方")
ON_LINE = N_("LINEのお客様で、購入した方")
YEAR = N_("今日までの12か月")
SINCE_EVER = N_("今日まで")
SEGMENTS = (*Segment, SILENT)


def _sales(value: Callable[[ShopSales], Value]) -> Callable[[date], Value]:
    return lambda on: value(sales_counts.of_shop(on))


def _no_beginning(_on: date) -> None:
    return None


def _year_buyers(on: date) -> Any:
    return buyers.ids(buyers.bought_in(windows.year(on)))


def groups(on: date) -> Any:
    """The last 12 months of those who bought in them, by their latest answer."""
    return sales_counts.by_group(on, latest_segments.latest_segments(on), SILENT)


def in_segment(name: str, on: date) -> Any:
    """The condition of customers whose latest answer by that day is of that segment, or who gave none."""
    if name == SILENT:
        return ~latest_segments.has_answered(on, Customer.id)
    return latest_segments.is_of(Segment(name), on, Customer.id)


def buyers_in_segment(name: str, on: date) -> Any:
    """The condition of the year's buyers in that segment."""
    return buyers.bought_in(windows.year(on)) & in_segment(name, on)


def _of_segment(name: str, on: date) -> Value:
    return ltv_values.of_group(groups(on), name)


def _people_of_segment(name: str, on: date) -> Any:
    return buyers.ids(buyers_in_segment(name, on))


def _ratio(on: date) -> Value:
    found = groups(on)
    return ltv_values.ratio(found.get(Segment.PROMOTER, Group()), found.get(Segment.DETRACTOR, Group()))


def _segment(name: str, figure: str, title: str, meaning: str) -> Definition:
    return Definition(
        figure,
        title,
        meaning,
        YEAR_BUYERS,
        YEAR,
        Unit.YEN,
        windows.year,
        partial(_of_segment, name),
        partial(_people_of_segment, name),
    )


DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        "sales-year",
        N_("この12か月の売上"),
        N_(
            "LINEのお客様の購入の合計です。購入は、取り消されておらず、返金を引いて1円以上のご注文。金額は返金を引いた額で、あとからの返金はご注文の月から引きます。"
        ),
        YEAR_BUYERS,
        YEAR,
        Unit.YEN,
        windows.year,
        _sales(ltv_values.year_sales),
        _year_buyers,
    ),
    Definition(
        "order-price",
        N_("1回のご購入の金額"),
        N_("この12か月の売上を、購入の件数で割ります。"),
        YEAR_BUYERS,
        YEAR,
        Unit.YEN,
        windows.year,
        _sales(ltv_values.order_price),
        _year_buyers,
    ),
    Definition(
        "orders-per-buyer",
        N_("1人のご購入の回数"),
        N_("この12か月の購入の件数を、購入した方の人数で割ります。"),
        YEAR_BUYERS,
        YEAR,
        Unit.ORDERS,
        windows.year,
        _sales(ltv_values.orders_per_buyer),
        _year_buyers,
    ),
    Definition(
        "ltv",
        N_("LTV（購入者1人の1年の売上）"),
        N_(
            "この12か月の売上を、そのあいだに購入した方の人数で割ります。1回のご購入の金額に、1人のご購入の回数を掛けたものと同じです。はじめて買ったばかりの方も入ります。"
        ),
        YEAR_BUYERS,
        YEAR,
        Unit.YEN,
        windows.year,
        _sales(lambda found: ltv_values.average(found.year.sums)),
        _year_buyers,
        benchmark=N_("¥18,000以上（通販の進め方の記事による目安）"),
    ),
    Definition(
        "ltv-matured",
        N_("はじめの1年のLTV"),
        N_(
            "はじめてのご購入が365日以上前の方について、はじめてのご購入の日から365日のあいだの購入の合計を、人数で割ります。1年が終わっていない方は入りません。"
        ),
        N_("LINEのお客様で、はじめてのご購入が365日以上前の方"),
        N_("おひとりずつ、はじめてのご購入からの365日"),
        Unit.YEN,
        _no_beginning,
        _sales(lambda found: ltv_values.average(found.matured.sums)),
        lambda on: buyers.ids(buyers.is_matured(on)),
        benchmark=N_("¥18,000以上（通販の進め方の記事による目安）"),
    ),
    Definition(
        "year-retention",
        N_("翌年も購入した割合"),
        N_(
            "前の12か月に購入した方のうち、この12か月にも購入した方の割合です。一覧は、続けて購入した方です。"
        ),
        N_("LINEのお客様で、前の12か月に購入した方"),
        N_("今日までの12か月と、その前の12か月"),
        Unit.SHARE,
        windows.year,
        _sales(ltv_values.year_retention),
        lambda on: buyers.ids(buyers.stayed(on)),
    ),
    Definition(
        "next-year-sales",
        N_("次の1年に見込める売上（購入者1人あたり）"),
        N_(
            "1回のご購入の金額×1人のご購入の回数×翌年も購入した割合です。この1年に購入した方1人が、次の1年にもたらす見込みで、金額・回数・割合がこのまま続き、続ける方がふつうの方と同じように買うとしたときの額です。"
        ),
        YEAR_BUYERS,
        N_("今日までの12か月と、その前の12か月"),
        Unit.YEN,
        windows.year,
        _sales(ltv_values.next_year),
        _year_buyers,
    ),
    Definition(
        "second-purchase-rate",
        N_("2回目のご購入の割合"),
        N_(
            "はじめてのご購入が、180日前までの12か月にあった方のうち、その日から180日以内に2回目の購入をした方の割合です。まだ180日たっていない方は入りません。同じ日の2件も2回と数えます。一覧は、2回目の購入をした方です。"
        ),
        N_("LINEのお客様で、はじめてのご購入が180日前までの12か月にあった方"),
        N_("180日前までの12か月"),
        Unit.SHARE,
        matured_window,
        lambda on: ltv_values.matured(repeat_counts.steps(on), 2),
        lambda on: buyers.ids(buyers.of_step(1, on, came_back=True, matured=True)),
        benchmark=N_("20〜30％（通販の進め方の記事による目安）"),
    ),
    Definition(
        "continuation-rate",
        N_("継続率（2回目まで）"),
        N_(
            "はじめてのご購入をした方のうち、2回目の購入をした方の割合です。N回目までの継続率は、N回目の購入をした方の割合。期限はなく、昨日はじめて買った方も「まだ」として入るので、新しい方が増えると下がります。一覧は、2回目の購入をした方です。"
        ),
        ON_LINE,
        SINCE_EVER,
        Unit.SHARE,
        _no_beginning,
        lambda on: ltv_values.continuation(repeat_counts.steps(on), 2),
        lambda on: buyers.ids(buyers.has_orders(2, on)),
    ),
    Definition(
        "survival-rate",
        N_("残存率（3回目）"),
        N_(
            "2回目の購入をした方のうち、3回目の購入をした方の割合です。N回目の残存率は、ひとつ前の回の購入をした方のうち、N回目の購入をした方の割合。期限はありません。一覧は、3回目の購入をした方です。"
        ),
        N_("LINEのお客様で、2回目の購入をした方"),
        SINCE_EVER,
        Unit.SHARE,
        _no_beginning,
        lambda on: ltv_values.survival(repeat_counts.steps(on), 3),
        lambda on: buyers.ids(buyers.has_orders(3, on)),
    ),
    Definition(
        "share-18000-and-3",
        N_("1年に¥18,000以上・3回以上の割合"),
        N_(
            "この12か月に購入した方のうち、そのあいだの購入が3回以上で、合計が¥18,000以上の方の割合です。一覧は、その方たちです。"
        ),
        YEAR_BUYERS,
        YEAR,
        Unit.SHARE,
        windows.year,
        _sales(ltv_values.goal_share),
        lambda on: buyers.ids(buyers.reached_goal(on)),
        benchmark=N_("LTV ¥18,000以上・3回以上（通販の進め方の記事による目安）"),
    ),
    _segment(
        Segment.PROMOTER,
        "ltv-promoters",
        N_("推奨者のLTV"),
        N_("いちばん新しい回答が9・10の方の、この12か月の売上を、そのうち購入した方の人数で割ります。"),
    ),
    _segment(
        Segment.PASSIVE,
        "ltv-passives",
        N_("中立者のLTV"),
        N_("いちばん新しい回答が7・8の方の、この12か月の売上を、そのうち購入した方の人数で割ります。"),
    ),
    _segment(
        Segment.DETRACTOR,
        "ltv-detractors",
        N_("批判者のLTV"),
        N_("いちばん新しい回答が0〜6の方の、この12か月の売上を、そのうち購入した方の人数で割ります。"),
    ),
    _segment(
        SILENT,
        "ltv-silent",
        N_("回答のない方のLTV"),
        N_("まだ回答のない方の、この12か月の売上を、そのうち購入した方の人数で割ります。"),
    ),
    Definition(
        "ltv-ratio-promoters-detractors",
        N_("推奨者のLTVは批判者の何倍か"),
        N_(
            "推奨者のLTVを、批判者のLTVで割ります。幅は、比の対数でのデルタ法によります。よく買う方ほど高い点をつけることもあるので、点を上げれば売上がこれだけ増えるという意味ではありません。"
        ),
        N_("LINEのお客様で、この12か月に購入した、いちばん新しい回答が推奨者か批判者の方"),
        YEAR,
        Unit.RATIO,
        windows.year,
        _ratio,
        benchmark=N_("約2.4倍（通販の進め方の記事による目安）"),
    ),
    Definition(
        "order-gap-median",
        N_("次のご購入までの日数（中央値）"),
        N_(
            "同じ方の、ある購入から次の購入までの日数を短い順に並べた、真ん中の日数です。次の購入がこの12か月にあったものを数えます。まだ次の購入のない方は入りません。"
        ),
        N_("LINEのお客様の、2回目からの購入"),
        YEAR,
        Unit.DAYS,
        windows.year,
        lambda on: ltv_values.gap_median(repeat_counts.gaps_between_orders(on)),
    ),
    Definition(
        "ltv-cpo-ratio",
        N_("LTVはCPOの何倍か"),
        N_(
            "はじめの1年のLTVを、入力されたCPO（新しいお客様お一人を得るのにかかる費用）のうち、その月のもので割ります。売上のままで、粗利ではありません。"
        ),
        N_("LINEのお客様で、はじめてのご購入が365日以上前の方"),
        N_("おひとりずつ、はじめてのご購入からの365日"),
        Unit.RATIO,
        _no_beginning,
        lambda on: ltv_values.cpo_ratio(sales_counts.of_shop(on), acquisition_costs.costs_on(on)),
        lambda on: buyers.ids(buyers.is_matured(on)),
    ),
    Definition(
        "payback-month",
        N_("CPOを回収する月"),
        N_(
            "はじめてのご購入から30日ごとを1か月として、各月の売上を、その月が終わった方だけで平均し、足していきます。それに粗利率を掛けた額がCPOに届く、はじめの月です。30人に足りない月からは数えません。届かなければ、値はありません。"
        ),
        ON_LINE,
        N_("おひとりずつ、はじめてのご購入からの24か月まで"),
        Unit.MONTHS,
        _no_beginning,
        lambda on: ltv_values.payback_month(repeat_counts.payback_months(on), acquisition_costs.costs_on(on)),
    ),
)
