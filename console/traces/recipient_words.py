"""Says in the reader's language what became of a campaign's message to a recipient, and why."""

from console.shell.translation import N_, gettext
from console.traces import trace_words
from journeys.campaigns import tables

RECIPIENT_STATES = {
    tables.WAITING: N_("これから"),
    tables.IN_A_CALL: N_("LINEへ送信中"),
    tables.PLANNED: N_("順番を待っています"),
    tables.SENT: N_("届けました"),
    tables.SKIPPED: N_("送りませんでした"),
    tables.FAILED: N_("届きませんでした"),
    tables.HELD_OUT: N_("送らずに比べる方"),
}
REASONS = {
    "staff": N_("スタッフが止めたため"),
    "quota": N_("LINEの今月の送信数がなくなったため"),
    "outage": N_("システムがしばらく止まっていたため"),
    "refused": N_("LINEに受け付けられなかったため"),
    "cancelled": N_("キャンペーンを取り消したため"),
    "shop": N_("お店全体の効果を確かめるため"),
    "held-out": N_("効果を確かめるため"),
}


def recipient_state(key: str) -> str:
    """What became of the message to a recipient."""
    return gettext(RECIPIENT_STATES[key]) if key in RECIPIENT_STATES else key


def reason(key: str) -> str:
    """Why somebody got nothing, or why a campaign is stopped; the key itself where it is new."""
    return gettext(REASONS[key]) if key in REASONS else trace_words.reason(key)


def recipient(state_key: str, reason_key: str) -> str:
    """What became of the message to a recipient, and why."""
    said = recipient_state(state_key)
    return gettext("%(said)s（%(detail)s）", said=said, detail=reason(reason_key)) if reason_key else said
