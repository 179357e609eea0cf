"""Says in the reader's language why a customer is in the queue of individual contact, and what became of others."""

from datetime import date

from console.shell.translation import N_, gettext, ngettext
from console.traces import trace_words
from journeys.contacts import rules
from journeys.contacts.tables import (
    BOUGHT,
    CONTACTED,
    DUE,
    HELD_OUT,
    LEFT_OUT,
    MISSED,
    NOT_NEEDED,
    REVERSED,
    SENDING,
    Contact,
)

NOT_NEEDED_REASONS = {
    "spoken": N_("ほかで話した"),
    "gift": N_("贈り物だった"),
    "moved": N_("もう使わない・引っ越した"),
    "other": N_("そのほか"),
}

STATES = {
    DUE: N_("一覧にいる"),
    SENDING: N_("送信待ち"),
    CONTACTED: N_("連絡した"),
    NOT_NEEDED: N_("連絡しないことにした"),
    BOUGHT: N_("自分で買ってくださった"),
    MISSED: N_("連絡できずに期限が過ぎた"),
    LEFT_OUT: N_("連絡できない方だった"),
    REVERSED: N_("注文が取り消された"),
    HELD_OUT: N_("効果を確かめるため連絡しない方"),
}


def why(row: Contact, today: date) -> list[str]:
    """Why the customer is in the queue, as sentences."""
    days = (today - row.purchased_on).days
    said = [ngettext("最後のお買い物から%(num)d日。", "最後のお買い物から%(num)d日。", days)]
    if row.usual_days and row.order_count > rules.FEWEST_FOR_USUAL:
        said.append(
            ngettext("いつもは%(num)d日ごとに購入。", "いつもは%(num)d日ごとに購入。", row.usual_days)
        )
    elif row.usual_days:
        said.append(ngettext("前は%(num)d日で購入。", "前は%(num)d日で購入。", row.usual_days))
    if row.repurchase_days:
        product = row.product_name or gettext("最後のお買い物")
        said.append(
            gettext(
                "「%(product)s」の買い替えの目安は%(days)d日。", product=product, days=row.repurchase_days
            )
        )
    return said


def days_left(row: Contact, today: date) -> str:
    """How long the customer stays in the queue."""
    left = (row.until_on - today).days
    return ngettext("あと%(num)d日", "あと%(num)d日", left)


def state(row: Contact) -> str:
    """What became of it, with the reason."""
    said = gettext(STATES[row.state])
    if row.state == NOT_NEEDED:
        return f"{said}（{gettext(NOT_NEEDED_REASONS.get(row.reason, NOT_NEEDED_REASONS['other']))}）"
    if row.state == LEFT_OUT:
        return f"{said}（{trace_words.reason(row.reason)}）"
    return said
