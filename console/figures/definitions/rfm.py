"""The figures of RFM: buyers, and those who came, went and came back within three months."""

from datetime import date

from console.figures.definition import Definition, Unit, Value
from console.shell.translation import N_
from customers.figures import rfm_counts
from customers.figures.rfm_counts import Sought
from customers.values import windows
from customers.values.windows import Window

MONTHS = 3
POPULATION = N_("LINEでつながっているお客様で、買ったことのある方")
WINDOW_TEXT = N_("その日までの3か月")


def _window(on: date) -> Window:
    return windows.months(on, MONTHS)


def _sought(name: str, on: date) -> tuple[Sought, ...]:
    earlier = windows.same_day_before(on, MONTHS)
    return {
        "rfm-buyers": (Sought(on),),
        "rfm-new": (Sought(earlier, is_new=True), Sought(on)),
        "rfm-lost": (Sought(earlier, is_gone=False), Sought(on, is_gone=True)),
        "rfm-returned": (Sought(earlier, is_gone=True), Sought(on, is_gone=False)),
    }[name]


def _defined(name: str, title: str, meaning: str) -> Definition:
    is_of_all_time = name == "rfm-buyers"
    return Definition(
        name=name,
        title=title,
        meaning=meaning,
        population=POPULATION,
        window_text=N_("その日まで") if is_of_all_time else WINDOW_TEXT,
        unit=Unit.CUSTOMERS,
        window=(lambda _: None) if is_of_all_time else _window,
        count=lambda on: Value(int(rfm_counts.people(*_sought(name, on)).count())),
        people=lambda on: rfm_counts.people(*_sought(name, on)),
    )


DEFINITIONS: tuple[Definition, ...] = (
    _defined(
        "rfm-buyers",
        N_("買ったことのある方"),
        N_(
            "その日までに1回でも買った方の人数です。お買い上げは、取り消されておらず、返金を引いても0円より大きいご注文です。"
            "Rはその日までの最後のご注文日からの日数（0〜30、31〜60、61〜90、91〜180、181〜365、366以上）、Fは回数（1、2、3〜4、5〜9、10以上）、"
            "Mは返金を引いた合計（5,000円未満、1万円未満、18,000円未満、5万円未満、10万円未満、10万円以上）で分けます。"
        ),
    ),
    _defined(
        "rfm-new",
        N_("はじめて買った方（3か月）"),
        N_("3か月前の同じ日までに買ったことがなく、その日までに買った方の人数です。"),
    ),
    _defined(
        "rfm-lost",
        N_("離れた方（3か月）"),
        N_(
            "3か月前の同じ日には、最後のお買い上げから180日以内で、その日には181日以上たっている方の人数です。"
        ),
    ),
    _defined(
        "rfm-returned",
        N_("戻った方（3か月）"),
        N_(
            "3か月前の同じ日には、最後のお買い上げから181日以上で、その日には180日以内になっている方の人数です。"
        ),
    ),
)
