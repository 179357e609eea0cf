"""The owner's notices about campaigns that wait for a person: those that are late, and those that stopped by
themselves. Each is taken down when somebody has decided."""

from bot import notices
from bot.notices import notice_text

_LATE, _STOPPED = "campaign-late:", "campaign-stopped:"
_WHY = {
    "quota": notice_text("今月送れる通数がなくなった"),
    "refused": notice_text("LINEがメッセージを受けつけなかった"),
}


def late(campaign_id: int, name: str) -> None:
    """It is later than planned and asks first."""
    notices.notify(
        f"{_LATE}{campaign_id}",
        notice_text(
            "キャンペーン「%(name)s」は予定より遅れています。送ってよいか、キャンペーンのページで確かめてください。"
            "確かめるまで送りません。",
            name=name,
        ),
    )


def stopped(campaign_id: int, name: str, reason: str) -> None:
    """It stopped because LINE takes no more."""
    notices.notify(
        f"{_STOPPED}{campaign_id}",
        notice_text(
            "%(why)sため、キャンペーン「%(name)s」を止めました。まだ届いていない方には、キャンペーンのページの"
            "「つづける」で送れます。",
            why=_WHY[reason],
            name=name,
        ),
    )


def take_down(campaign_id: int) -> None:
    """Somebody has decided."""
    for beginning in (_LATE, _STOPPED):
        notices.take_down(f"{beginning}{campaign_id}")
