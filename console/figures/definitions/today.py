"""The figures of the owner's page 「きょう」: supporters, sales of the month, who waits, messages. Referrals are in
`referrals.py`, NPS in `survey.py`."""

from collections.abc import Callable
from datetime import date
from typing import Any

import peewee

from bot import localtime
from bot.queue import month_quota
from console.figures.definition import Definition, Unit, Value
from console.shell.translation import N_
from customers.figures import shop_sales
from customers.people.customer import Customer, can_be_written_to
from customers.values import windows
from customers.values.windows import Window
from journeys.sending import costs
from journeys.sending.settings import push_cost_yen
from support.hours import business_hours
from support.hours import settings as hours_settings
from support.tickets import waiting_tickets
from surveys.figures import supporters

TRIBE = 100
"""The number of supporters that the method aims for, in customers."""
ON_LINE = N_("LINEのお客様")
ALL_ORDERS = N_("お店から届いたすべての注文（LINEにつながっていない方の分も含みます）")
UNASKED = N_("こちらから送ったメッセージ（ステップ配信・キャンペーン・お知らせ。お返事は数えません）")
NOW = N_("いま")
UNTIL_TODAY = N_("はじめから今日まで")
THIS_MONTH = N_("今月1日から今日まで")


def reachable_supporters(on: date) -> Any:
    """Query of the supporters on that day who can be written to."""
    promoters = supporters.promoters_on(on)
    return Customer.select(Customer.id).where(Customer.id.in_(promoters), can_be_written_to())


def last_month(on: date) -> Window:
    """The same days of the month before."""
    return windows.same_days_before(windows.month_to(on), 1)


def last_year(on: date) -> Window:
    """The same days a year before."""
    return windows.same_days_before(windows.month_to(on), 12)


def _no_window(_on: date) -> None:
    return None


def _supporters(on: date) -> Value:
    return Value(int(reachable_supporters(on).count()))


def _sales(window: Callable[[date], Window]) -> Callable[[date], Value]:
    def count(on: date) -> Value:
        found = shop_sales.of(window(on))
        return Value(found.yen, count=found.order_count)

    return count


def _linked_share(on: date) -> Value:
    found = shop_sales.of(windows.month_to(on))
    return Value(found.linked_share, part=found.linked_yen, count=found.yen)


def _only_now(count: Callable[[], float | int | None]) -> Callable[[date], Value]:
    """What is known of this moment alone: of another day there is no value."""
    return lambda on: Value(count() if on == localtime.today() else None)


def _waiting_count() -> int:
    return waiting_tickets.waiting().count


def _waiting_people(on: date) -> Any:
    waiting = waiting_tickets.waiting_customers()
    return waiting if on == localtime.today() else waiting.where(peewee.Value(1) == 0)


def oldest_wait_hours() -> float | None:
    """How many hours of working time the customer who has waited longest has waited."""
    oldest_at = waiting_tickets.waiting().oldest_at
    if oldest_at is None:
        return None
    begin, now = localtime.local(oldest_at), localtime.local(localtime.now())
    return business_hours.working_time(hours_settings.hours(), begin, now).total_seconds() / 3600


def _messages(on: date) -> Value:
    return Value(costs.sent_on(windows.month_to(on)).sent_count)


def _free_share(on: date) -> Value:
    found = costs.sent_on(windows.month_to(on))
    return Value(found.free_share, part=found.sent_count - found.push_count, count=found.sent_count)


def _messages_yen(on: date) -> Value:
    found = costs.sent_on(windows.month_to(on))
    return Value(found.push_count * push_cost_yen(), count=found.push_count)


DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        name="supporters",
        title=N_("届く支持者"),
        meaning=N_(
            "いちばん新しい評価が9か10で、いまメッセージを送れるお客様の数です。"
            "ブロックした方、配信を止めた方、トーク画面のない方は数えません。"
            "過去の日については、その日までの評価でかぞえ、送れるかどうかはいまの状態で見ます。"
        ),
        population=ON_LINE,
        window_text=UNTIL_TODAY,
        unit=Unit.CUSTOMERS,
        window=_no_window,
        count=_supporters,
        people=reachable_supporters,
        benchmark=N_("めざす数は100人（100人のトライブ）"),
    ),
    Definition(
        name="sales-month",
        title=N_("今月の売上"),
        meaning=N_(
            "注文日が今月1日から今日までの、取り消されていない注文の代金の合計から、返金を引いた額です。"
            "0円の注文は数えません。返金は、いつのものでも、元の注文の日の売上から引きます。"
        ),
        population=ALL_ORDERS,
        window_text=THIS_MONTH,
        unit=Unit.YEN,
        window=windows.month_to,
        count=_sales(windows.month_to),
        people=lambda on: shop_sales.people(windows.month_to(on)),
    ),
    Definition(
        name="sales-same-days-last-month",
        title=N_("先月の同じ日までの売上"),
        meaning=N_(
            "今月の売上と同じ数え方で、先月1日から、今日と同じ日（ない月は末日）までの額です。"
            "今日が月末なら、先月の末日までです。"
        ),
        population=ALL_ORDERS,
        window_text=N_("先月1日から同じ日まで"),
        unit=Unit.YEN,
        window=last_month,
        count=_sales(last_month),
        people=lambda on: shop_sales.people(last_month(on)),
    ),
    Definition(
        name="sales-same-days-last-year",
        title=N_("去年の同じ日までの売上"),
        meaning=N_(
            "今月の売上と同じ数え方で、去年の同じ月の1日から、今日と同じ日（ない月は末日）までの額です。"
            "今日が月末なら、その月の末日までです。"
        ),
        population=ALL_ORDERS,
        window_text=N_("去年の同じ月の1日から同じ日まで"),
        unit=Unit.YEN,
        window=last_year,
        count=_sales(last_year),
        people=lambda on: shop_sales.people(last_year(on)),
    ),
    Definition(
        name="sales-month-linked-share",
        title=N_("LINEにつながっている割合"),
        meaning=N_("今月の売上のうち、LINEのお客様とつながっている注文の額の割合です。"),
        population=ALL_ORDERS,
        window_text=THIS_MONTH,
        unit=Unit.SHARE,
        window=windows.month_to,
        count=_linked_share,
        people=lambda on: shop_sales.people(windows.month_to(on)),
    ),
    Definition(
        name="chats-waiting",
        title=N_("お返事待ちのチャット"),
        meaning=N_(
            "スタッフの返事をいま待っているお客様のチャットの数です。「あとで」にしたものは除きます。"
            "いまの数だけが分かり、過去の日の数はありません。"
        ),
        population=ON_LINE,
        window_text=NOW,
        unit=Unit.TICKETS,
        window=_no_window,
        count=_only_now(_waiting_count),
        people=_waiting_people,
    ),
    Definition(
        name="oldest-wait",
        title=N_("いちばん長い待ち時間"),
        meaning=N_(
            "お返事待ちのチャットのうち、いちばん長くお待ちの方の待ち時間を、営業時間だけで数えたものです。"
            "いまの値だけが分かり、過去の日の値はありません。一覧は、お返事待ちの方すべてです。"
        ),
        population=ON_LINE,
        window_text=NOW,
        unit=Unit.HOURS,
        window=_no_window,
        count=_only_now(oldest_wait_hours),
        people=_waiting_people,
    ),
    Definition(
        name="messages-month",
        title=N_("今月送ったメッセージ"),
        meaning=N_(
            "今月LINEが受け取った、こちらから送ったメッセージの数です。1回の送信にまとめた分もそれぞれ数えます。"
        ),
        population=UNASKED,
        window_text=THIS_MONTH,
        unit=Unit.MESSAGES,
        window=windows.month_to,
        count=_messages,
    ),
    Definition(
        name="messages-free-share",
        title=N_("費用なしで送れた割合"),
        meaning=N_(
            "今月送ったメッセージのうち、費用がかからなかった割合です。お客様への返信に添えた分と、"
            "ほかのメッセージの送信にまとめた分がそうです。"
        ),
        population=UNASKED,
        window_text=THIS_MONTH,
        unit=Unit.SHARE,
        window=windows.month_to,
        count=_free_share,
    ),
    Definition(
        name="messages-yen",
        title=N_("今月の送信費用"),
        meaning=N_(
            "今月こちらから送ったメッセージのうち費用がかかった送信の回数に、"
            "1通の費用（設定の push_cost_yen）をかけた額です。"
        ),
        population=UNASKED,
        window_text=THIS_MONTH,
        unit=Unit.YEN,
        window=windows.month_to,
        count=_messages_yen,
    ),
    Definition(
        name="quota-left",
        title=N_("今月あと送れる数"),
        meaning=N_(
            "LINEのプランで今月送れる数から、LINEが答えた使った数と、そのあと送った数を引いたものです。"
            "プランに上限がないとき、LINEの答えがまだないときは、値はありません。過去の日の値もありません。"
        ),
        population=N_("お店のLINE公式アカウント（個別連絡用の2つ目は含みません）"),
        window_text=N_("今月"),
        unit=Unit.MESSAGES,
        window=windows.month_to,
        count=_only_now(month_quota.left),
    ),
)
