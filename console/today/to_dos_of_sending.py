"""To-dos about what the shop sends: effects that are certain now, campaigns that wait for a person, pushes that are left
this month.
"""

from collections.abc import Iterator

from flask import url_for

from bot.queue import month_quota
from console.shell.pages import yen as in_yen
from console.shell.translation import gettext, ngettext
from console.today.morning import Answered, Morning
from console.today.ranking import ToDo
from journeys.campaigns import unfinished
from journeys.campaigns.tables import LATE, Campaign
from journeys.proof.statistics.verdict import Verdict
from journeys.sending import budget, budget_state

FEW_LEFT = 0.1
"""Of the month's pushes: with a smaller part left, the owner is asked to choose."""


def effects(morning: Morning) -> Iterator[ToDo]:
    """Flows and campaigns whose effect is certain."""
    for each in morning.answered:
        yield ToDo(
            f"effect:{each.key}",
            _answer_in_words(each),
            url_for(each.endpoint, **each.values),
            each.year_yen or 0,
            _effect_estimate(each),
        )


def waiting_campaigns(morning: Morning) -> Iterator[ToDo]:
    """Campaigns that are late, or that stopped by themselves: nothing is sent until somebody decides."""
    for campaign, waiting_count in unfinished.waiting_for_a_person():
        yield ToDo(
            f"campaign:{campaign.id}",
            _campaign_in_words(campaign, waiting_count),
            url_for("console.campaign", campaign_id=campaign.id),
            round(waiting_count * morning.yen_per_message),
            _by_messages(waiting_count, morning),
            morning.today,
        )


def pushes_left(morning: Morning) -> ToDo | None:
    """The month's pushes are nearly used up, or will not do for all that is foreseen."""
    left, month, row = month_quota.left(), month_quota.this_month(), budget_state.current()
    quota = month.quota if month is not None else None
    waiting_count = row.waiting_count if row is not None else 0
    is_few = left is not None and quota is not None and left < quota * FEW_LEFT
    if not waiting_count and not is_few:
        return None
    parts = []
    if left is not None:
        parts.append(
            ngettext(
                "今月送れるメッセージは、あと%(num)d通です。",
                "今月送れるメッセージは、あと%(num)d通です。",
                left,
            )
        )
    if waiting_count:
        parts.append(
            ngettext(
                "このままだと%(num)d通が来月まで待ちます。何を先に送るか、確かめましょう。",
                "このままだと%(num)d通が来月まで待ちます。何を先に送るか、確かめましょう。",
                waiting_count,
            )
        )
    else:
        parts.append(gettext("大切なお知らせに取っておくか、プランを確かめましょう。"))
    return ToDo(
        "pushes-left",
        "".join(parts),
        url_for("console.messages"),
        round(waiting_count * morning.yen_per_message),
        _by_messages(waiting_count, morning),
        budget.month_end(morning.today),
    )


def _answer_in_words(each: Answered) -> str:
    if each.verdict == Verdict.EARNS:
        return gettext(
            "「%(name)s」の答えが出ました: 送ったほうが、また買う方がふえています。これからどうするか決めましょう。",
            name=each.name,
        )
    return gettext(
        "「%(name)s」の答えが出ました: 送ったほうが、また買う方がへっています。止めるか、書き直しましょう。",
        name=each.name,
    )


def _effect_estimate(each: Answered) -> str:
    if each.year_yen is None:
        return gettext("お一人あたりの売上の差は、まだ人数が足りず、金額にできません。")
    return gettext(
        "お一人あたりの売上の差 %(yen)s × 1年に見込まれる%(people)s人 × 変えられる方の割合 %(percent)s%%（送った方と送らなかった方の比較）",
        yen=in_yen(round(each.yen_a_head or 0)),
        people=f"{each.people_a_year:,}",
        percent=f"{each.share * 100:.0f}",
    )


def _campaign_in_words(campaign: Campaign, waiting_count: int) -> str:
    values = {"name": campaign.name, "count": f"{waiting_count:,}"}
    if campaign.state == LATE:
        return gettext(
            "キャンペーン「%(name)s」が予定より遅れています。まだの%(count)s人に送ってよいか、決めましょう。",
            **values,
        )
    return gettext(
        "キャンペーン「%(name)s」が途中で止まりました。まだの%(count)s人にどうするか、決めましょう。",
        **values,
    )


def _by_messages(count: int, morning: Morning) -> str:
    if not morning.yen_per_message:
        return gettext("まだ、送ったあとの注文の実績がなく、金額にできません。")
    return gettext(
        "%(count)s通 × 1通のあとの注文の額 %(yen)s（この3か月の実績）",
        count=f"{count:,}",
        yen=in_yen(round(morning.yen_per_message)),
    )
