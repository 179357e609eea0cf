"""The figures of the seven stages: people on each, the share that is on it still, days until the next."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from console.figures.definition import Definition, Unit, Value
from console.shell.translation import N_
from customers.values import windows
from journeys.enrolments.stages import Stage
from journeys.figures import stage_counts, stage_history
from journeys.figures.stage_history import ORDER

FEWEST = 30
"""Fewer people say nothing yet."""
POPULATION = N_("LINEでつながっているお客様")
ON: Mapping[Stage, str] = {
    Stage.ACQUIRED: N_("出会いの段階の方"),
    Stage.FIRST: N_("初回購入の段階の方"),
    Stage.REPEAT: N_("リピートの段階の方"),
    Stage.HIGHER_VALUE: N_("単価アップの段階の方"),
    Stage.FAN: N_("ファンの段階の方"),
    Stage.WORD_OF_MOUTH: N_("口コミ・紹介の段階の方"),
    Stage.PREMIUM_PRODUCT: N_("高単価商品の段階の方"),
}
DROP_OFF: Mapping[Stage, str] = {
    Stage.ACQUIRED: N_("出会いから次へ進んでいない割合"),
    Stage.FIRST: N_("初回購入から次へ進んでいない割合"),
    Stage.REPEAT: N_("リピートから次へ進んでいない割合"),
    Stage.HIGHER_VALUE: N_("単価アップから次へ進んでいない割合"),
    Stage.FAN: N_("ファンから次へ進んでいない割合"),
    Stage.WORD_OF_MOUTH: N_("口コミ・紹介から次へ進んでいない割合"),
}
DAYS: Mapping[Stage, str] = {
    Stage.ACQUIRED: N_("出会いから次へ進むまでの日数"),
    Stage.FIRST: N_("初回購入から次へ進むまでの日数"),
    Stage.REPEAT: N_("リピートから次へ進むまでの日数"),
    Stage.HIGHER_VALUE: N_("単価アップから次へ進むまでの日数"),
    Stage.FAN: N_("ファンから次へ進むまでの日数"),
    Stage.WORD_OF_MOUTH: N_("口コミ・紹介から次へ進むまでの日数"),
}


def _on(stage: Stage) -> Definition:
    return Definition(
        name=f"stage-{stage.value}",
        title=ON[stage],
        meaning=N_(
            "その日の終わりにこの段階にいた方の人数です。段階は7つで、お客様はいちばん先まで進んだ1つに数えます。"
            "出会い：お買い上げなし。初回購入：1回。リピート：2回以上。単価アップ：2回目からの平均が初回より高い。"
            "ファン：いちばん新しい回答が9か10、またはプレミアム以上。口コミ・紹介：招待でお友達が来た、または声が掲載された。"
            "高単価商品：プレミアム商品を買った。前の日は、段階の変更の記録からさかのぼります。記録より前は数えられません。"
        ),
        population=POPULATION,
        window_text=N_("その日の終わり（今日はいま）"),
        unit=Unit.CUSTOMERS,
        window=lambda _: None,
        count=lambda on: Value(stage_counts.count_on([stage], on) if _is_known(on) else None),
        people=lambda on: _people_on(stage, on),
    )


def _drop_off(stage: Stage) -> Definition:
    return Definition(
        name=f"stage-drop-off-{stage.value}",
        title=DROP_OFF[stage],
        meaning=N_(
            "この段階か、さらに先にいる方（ここまで届いた方）のうち、その日の終わりにまだこの段階にいる方の割合です。"
            "段階は飛ばせるので、先にいる方は、途中の段階にも届いたと数えます。これから進む方も入っています。"
            "届いた方が30人より少ないときは、割合を出しません。"
        ),
        population=POPULATION,
        window_text=N_("その日の終わり（今日はいま）"),
        unit=Unit.SHARE,
        window=lambda _: None,
        count=lambda on: _share(stage, on),
        people=lambda on: _people_on(stage, on),
    )


def _days(stage: Stage) -> Definition:
    return Definition(
        name=f"stage-days-{stage.value}",
        title=DAYS[stage],
        meaning=N_(
            "期間のうちにこの段階から先へ進んだ方が、この段階にいた日数（24時間を1日とした、過ぎた日の数）の中央値です。"
            "この段階のはじまりは、前の変更の時刻です。変更の記録より前からいた方は、出会いなら最初に見かけた時刻、"
            "初回購入なら最初のご注文の時刻（最初に見かけたのが後なら、そちら）とし、ほかの段階ならはじまりがわからないので除きます。"
            "はじまりの記録が、進んだ時刻より後になっている方も除きます。除いた回数は、値のそばに書きます。"
            "進んでいない方は入りません。30回より少ないときは、日数を出しません。"
        ),
        population=N_("期間のうちに、この段階から先へ進んだ、LINEでつながっているお客様"),
        window_text=N_("その日までの12か月"),
        unit=Unit.DAYS,
        window=windows.year,
        count=lambda on: _median(stage, on),
        people=lambda on: stage_counts.people_stayed(stage, windows.year(on)),
    )


def _is_known(on: date) -> bool:
    return stage_counts.is_known(on)


def _people_on(stage: Stage, on: date) -> Any:
    # Where there is no value there is no list.
    return stage_counts.people_on([stage] if _is_known(on) else [], on)


def _share(stage: Stage, on: date) -> Value:
    if not _is_known(on):
        return Value(None)
    part = stage_counts.count_on([stage], on)
    count = stage_counts.count_on(ORDER[ORDER.index(stage) :], on)
    return Value(part / count if count else None, part=part, count=count, is_too_few=count < FEWEST)


def _median(stage: Stage, on: date) -> Value:
    found = stage_counts.stays(windows.year(on), stage)[stage]
    count = sum(found.days.values())
    median: Any = stage_history.median(found.days)
    return Value(median, count=count, left_out=found.left_out, is_too_few=count < FEWEST)


DEFINITIONS: tuple[Definition, ...] = (
    *(_on(stage) for stage in ORDER),
    *(_drop_off(stage) for stage in ORDER[:-1]),
    *(_days(stage) for stage in ORDER[:-1]),
)
