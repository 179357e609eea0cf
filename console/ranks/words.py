"""The words of the pages of ranks and points."""

from console.shell.translation import N_, gettext, reads_english
from rewards.figures.rank_history import Direction
from rewards.ledger.entries import EntryKind
from rewards.ranks.rules import Rank

AXES = {"money": N_("金額"), "behaviour": N_("行動"), "relationship": N_("関係性")}
DIRECTIONS = {Direction.ROSE: N_("ランクが上がった人"), Direction.FELL: N_("ランクが下がった人")}
KINDS = {
    EntryKind.EARN.value: N_("ためた"),
    EntryKind.BURN.value: N_("使った"),
    EntryKind.EXPIRE.value: N_("失効した"),
    EntryKind.REVERSE.value: N_("取り消した・戻した"),
    EntryKind.ADJUST.value: N_("スタッフが変えた"),
}
_CAUSES = {
    "acted": N_("お買い物や回答などの行動で、その場で上がった"),
    "refund": N_("注文の取り消しで、その注文による昇格を元に戻した"),
}
_NIGHT = "night:"


def rank(held: Rank | int | None) -> str:
    """A rank's name in the reader's language."""
    if held is None:
        return "—"
    return Rank(held).en if reads_english() else Rank(held).ja


def cause(stored: str, *, rose: bool) -> str:
    """Why a rank changed."""
    if stored.startswith(_NIGHT):
        if rose:
            return gettext("毎日の見直しで、条件に届いていた")
        return gettext("見直しの日に、お知らせのあとも条件に届いていなかった")
    return gettext(_CAUSES[stored]) if stored in _CAUSES else stored or gettext("記録なし")


def range_of(low: int, high: int) -> str:
    """The two ends of a class; one number where they are the same."""
    return str(low) if low == high else f"{low}–{high}"
