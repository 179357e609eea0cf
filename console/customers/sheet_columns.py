"""The columns of the sheet of customers (顧客分析シート): title, what it means, and its value of one customer.

Values are of plain types: text, whole numbers, numbers, days; None leaves a cell empty. How they are written to a file
is for `sheet_files.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot import localtime
from console.campaigns import campaign_words
from console.customers.sheet_facts import Facts
from console.figures.answers_page import segment_in_words
from console.shell.translation import N_, gettext, reads_english
from customers.figures import rfm
from customers.figures.rfm import Axis
from customers.people import customer as customers
from journeys.sending.settings import push_cost_yen

Cell = str | int | float | date | None
JOINED = "、"


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    title: str
    meaning: str
    """How it is counted, in full sentences."""
    value: Callable[[Facts], Cell]
    is_listed: bool = False
    """Whether the short file of the list has it, too."""


def _day(at: datetime | None) -> date | None:
    return localtime.local_date(at) if at else None


def _yes(value: bool) -> str:
    return gettext("はい") if value else gettext("いいえ")


def _class(axis: Axis, value: int | None) -> str | None:
    return None if value is None else f"{axis.upper()}{rfm.place_of(axis, value) + 1}"


def _rank(facts: Facts) -> str | None:
    if facts.rank is None:
        return None
    return facts.rank[0].en if reads_english() else facts.rank[0].ja


def _stage(facts: Facts) -> str:
    return campaign_words.choices("audience.stages").get(facts.stage, facts.stage)


def bands(axis: Axis) -> str:
    """The borders of the classes of an axis, as in R1: 0-30."""
    return ", ".join(
        f"{axis.upper()}{place}: {band.first:,}{'+' if band.last is None else f'-{band.last:,}'}"
        for place, band in enumerate(rfm.BANDS[axis], 1)
    )


COLUMNS = (
    Column(N_("お客様の番号"), N_("この管理画面での番号です。"), lambda of: of.customer.id, True),
    Column(
        N_("会員番号"),
        N_("お店のシステムの会員番号のうち、このお客様と連携しているものです。"),
        lambda of: JOINED.join(of.numbers),
        True,
    ),
    Column(N_("LINEの名前"), N_("LINEのプロフィールの名前です。"), lambda of: of.customer.display_name, True),
    Column(
        N_("出会った日"),
        N_("友だち追加された日です。なければ、はじめて記録した日です。"),
        lambda of: _day(of.customer.registered_at or of.customer.first_seen_at),
        True,
    ),
    Column(
        N_("お買い上げの回数"),
        N_("書き出した日までの、取り消しも全額の返金もない、1円以上のご注文の数です。"),
        lambda of: of.orders.count,
        True,
    ),
    Column(
        N_("お買い上げの回数（12か月）"),
        N_("そのうち、書き出した日までの12か月のものです。"),
        lambda of: of.orders.year_count,
    ),
    Column(
        N_("お買い上げの合計（円）"),
        N_("お買い上げの金額の合計です。返金した分は引いてあります。"),
        lambda of: of.orders.sales_yen,
        True,
    ),
    Column(
        N_("LTV（12か月のお買い上げ、円）"),
        N_("そのうち、書き出した日までの12か月の合計です。"),
        lambda of: of.orders.year_yen,
    ),
    Column(
        N_("1回あたりの金額（円）"),
        N_("お買い上げの合計を回数で割り、円に丸めたものです。"),
        lambda of: of.orders.order_yen,
    ),
    Column(N_("最初のお買い上げ"), N_("最初のお買い上げのご注文日です。"), lambda of: of.orders.first_on),
    Column(
        N_("最後のお買い上げ"), N_("最後のお買い上げのご注文日です。"), lambda of: of.orders.last_on, True
    ),
    Column(
        N_("最後のお買い上げからの日数"),
        N_("最後のお買い上げから、書き出した日までの日数です。"),
        lambda of: of.orders.recency_days,
    ),
    Column(
        "R",
        N_("最後のお買い上げからの日数の区分です。"),
        lambda of: _class(Axis.RECENCY, of.orders.recency_days),
    ),
    Column(
        "F", N_("お買い上げの回数の区分です。"), lambda of: _class(Axis.FREQUENCY, of.orders.count or None)
    ),
    Column(
        "M",
        N_("お買い上げの合計（円）の区分です。"),
        lambda of: _class(Axis.MONEY, of.orders.sales_yen or None),
    ),
    Column(
        N_("お買い上げの間隔の中央値（日）"),
        N_("お買い上げから次のお買い上げまでの日数の、まんなかの値です。2回以上の方だけにあります。"),
        lambda of: of.orders.median_gap_days,
    ),
    Column(N_("ランク"), N_("最後に見直したときの会員ランクです。"), _rank, True),
    Column(
        N_("金額"),
        N_("ランクの3つの軸の1つめです。0から100までです。"),
        lambda of: of.rank[1].money if of.rank else None,
    ),
    Column(
        N_("行動"),
        N_("ランクの3つの軸の2つめです。0から100までです。"),
        lambda of: of.rank[1].behaviour if of.rank else None,
    ),
    Column(
        N_("関係性"),
        N_("ランクの3つの軸の3つめです。0から100までです。"),
        lambda of: of.rank[1].relationship if of.rank else None,
    ),
    Column(N_("ポイント"), N_("いまのポイントの残高です。"), lambda of: of.points, True),
    Column(N_("段階"), N_("ベルトコンベアの7つの段階のうち、いちばん先のものです。"), _stage, True),
    Column(
        N_("点数"),
        N_("いちばん新しい回答の点数です。"),
        lambda of: of.answers.score if of.answers else None,
        True,
    ),
    Column(
        N_("回答の区分"),
        N_("その点数の区分です。10と9は推奨者、8と7は中立者、6から0は批判者です。"),
        lambda of: segment_in_words(of.answers.segment) if of.answers else None,
    ),
    Column(
        N_("回答の数"),
        N_("これまでの回答の件数です。"),
        lambda of: of.answers.answer_count if of.answers else 0,
    ),
    Column(
        N_("最後の回答"),
        N_("いちばん新しい回答の日です。"),
        lambda of: _day(of.answers.answered_at) if of.answers else None,
    ),
    Column(
        N_("紹介で友だちになった方"),
        N_("このお客様の紹介で友だちになった方の人数です。"),
        lambda of: of.friends.joined_count,
    ),
    Column(
        N_("紹介でお買い上げの方"),
        N_("そのうち、お買い上げになった方の人数です。確認待ちと対象外の方は入りません。"),
        lambda of: of.friends.bought_count,
    ),
    Column(
        N_("お客様の声"),
        N_("書いてくださったお客様の声の件数です。"),
        lambda of: of.testimonials.written_count,
    ),
    Column(
        N_("掲載中のお客様の声"),
        N_("そのうち、いま掲載しているものの件数です。"),
        lambda of: of.testimonials.published_count,
    ),
    Column(
        N_("クーポン"),
        N_("お渡ししたクーポンの枚数です。取り消したものは入りません。"),
        lambda of: of.coupons.given_count,
    ),
    Column(
        N_("使えるクーポン"), N_("そのうち、いま使えるものの枚数です。"), lambda of: of.coupons.usable_count
    ),
    Column(N_("相談の件数"), N_("スタッフが受けた相談の件数です。"), lambda of: of.tickets.ticket_count),
    Column(N_("最後の相談"), N_("いちばん新しい相談の日です。"), lambda of: _day(of.tickets.last_opened_at)),
    Column(
        N_("お届けしたお知らせ"),
        N_("こちらから送り、LINEが受け付けたお知らせの通数です。無料で添えたものも入ります。"),
        lambda of: of.messages.sent_count,
    ),
    Column(
        N_("費用のかかったプッシュ"),
        N_("そのうち、費用のかかったプッシュの通数です。1回で送った数通は1通と数えます。"),
        lambda of: of.messages.push_count,
    ),
    Column(
        N_("お知らせの費用（円）"),
        N_("費用のかかったプッシュの数に、設定の1通の費用をかけたものです。"),
        lambda of: of.messages.push_count * push_cost_yen(),
    ),
    Column(
        N_("途中のシナリオ"),
        N_("いま途中のステップ配信の名前です。"),
        lambda of: JOINED.join(of.flows.inside),
    ),
    Column(
        N_("終えたシナリオ"),
        N_("最後まで進んだか、途中で出たステップ配信の名前です。"),
        lambda of: JOINED.join(of.flows.ended),
    ),
    Column(N_("タグ"), N_("お客様に付いているタグです。"), lambda of: JOINED.join(of.tags), True),
    Column(
        N_("お知らせを送れる"),
        N_("LINEでつながっていて、ブロックも配信停止もしていない方は「はい」です。"),
        lambda of: _yes(customers.can_be_pushed(of.customer)),
        True,
    ),
    Column(
        N_("配信停止の日"), N_("配信を止めたいと言われた日です。"), lambda of: _day(of.customer.opted_out_at)
    ),
    Column(N_("ブロックの日"), N_("ブロックされた日です。"), lambda of: _day(of.customer.blocked_at)),
)
"""All columns, in order."""
LISTED = tuple(each for each in COLUMNS if each.is_listed)
CLASSES = {"R": Axis.RECENCY, "F": Axis.FREQUENCY, "M": Axis.MONEY}
"""The columns of classes, by title."""


def title(column: Column) -> str:
    """The title in the reader's language."""
    return gettext(column.title)


def meaning(column: Column) -> str:
    """What the column means, in the reader's language; of classes with their borders."""
    said = gettext(column.meaning)
    return f"{said} {bands(CLASSES[column.title])}" if column.title in CLASSES else said
