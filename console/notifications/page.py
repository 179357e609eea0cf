"""The page on which people choose what alerts them, and by which ways; their devices; and a test of this one."""

from flask import Blueprint, Response, abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from bot import localtime
from bot.config import settings
from bot.db.database import write_transaction
from bot.web_push import client, endpoints, keys
from bot.web_push.client import Subscription
from console.auth import push_devices as devices
from console.notifications import deliveries
from console.notifications.deliveries import AlertDelivery
from console.shell import audit
from console.shell.translation import N_, gettext
from customers.people import staff_lines
from support.alerts import choices
from support.alerts.rules import Choices, Kind, Ways

KINDS = {
    Kind.MINE: N_("自分が担当のチャット"),
    Kind.UNASSIGNED: N_("担当のいないチャット"),
    Kind.URGENT: N_("お急ぎ・お怒り・危険なチャット（だれの担当でも）"),
    Kind.MENTION: N_("メモで自分が呼ばれたとき"),
}
WAYS = {
    "push": N_("プッシュ"),
    "desktop": N_("デスクトップ"),
    "sound": N_("音"),
    "own_line": N_("自分のLINE"),
}


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/notifications")(notifications)
    console.post("/notifications")(change_notifications)
    console.post("/notifications/devices")(add_push_device)
    console.post("/notifications/devices/remove")(remove_push_device)
    console.post("/notifications/test")(test_notification)
    console.get("/notifications/test/<int:delivery_id>")(test_outcome)


def notifications() -> str:
    """What the person chose, and their devices."""
    return render_template(
        "console/notifications.html",
        kinds=KINDS,
        ways=WAYS,
        chosen=choices.of(current_user.id),
        own_line=staff_lines.of_staff(current_user.id),
        push_devices=devices.of_staff(current_user.id),
        session_id=g.staff_session.id,
        public_key=keys.public_key(),
        clock=_clock,
    )


def change_notifications() -> AnyResponse:
    """Store what the person chose."""
    quiet_from, quiet_until = None, None
    if request.form.get("quiet"):
        quiet_from, quiet_until = _minute("quiet_from"), _minute("quiet_until")
        if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
            flash(
                gettext("静かにする時間は、はじまりと終わりを別の時刻で入れてください。例：22:00から8:00"),
                "error",
            )
            return redirect(url_for("console.notifications"), 303)
    chosen = Choices(
        {kind: Ways(**{way: f"{kind}-{way}" in request.form for way in WAYS}) for kind in Kind},
        own_line="own_line" in request.form,
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        urgent_always="urgent_always" in request.form,
    )
    with write_transaction():
        choices.choose(current_user.id, chosen)
    flash(gettext("通知の設定を保存しました。"))
    return redirect(url_for("console.notifications"), 303)


def add_push_device() -> AnyResponse:
    """Store this browser's subscription; 422 for one that cannot be."""
    wanted = Subscription(*(request.form.get(name, "") for name in ("endpoint", "key", "secret")))
    may = endpoints.may_be_called(wanted.endpoint, local=settings.current().demo)
    if not may or not client.is_usable(wanted):
        return Response(gettext("この端末の通知の宛先が正しくありません。"), 422)
    with write_transaction():
        devices.add(g.staff_session, current_user.id, wanted)
    return Response(status=204)


def remove_push_device() -> AnyResponse:
    """Remove one of the person's devices, by its number or by its address at the push service."""
    device_id, endpoint = request.form.get("device", type=int), request.form.get("endpoint", "")
    with write_transaction():
        if device_id is None:
            devices.remove_endpoint(current_user.id, endpoint)
        else:
            devices.remove(current_user.id, device_id)
    if "endpoint" in request.form:
        return Response(status=204)
    flash(gettext("その端末への通知を止めました。"))
    return redirect(url_for("console.notifications"), 303)


def test_notification() -> AnyResponse:
    """Send a test to the devices of this session; the number by which its outcome can be asked for."""
    audit.stop()  # a test changes nothing of the shop
    found = devices.of_session(g.staff_session.id)
    with write_transaction():
        made = [deliveries.put(None, device.id, localtime.machine_now()) for device in found]
    return jsonify(delivery=made[0] if made else None)


def test_outcome(delivery_id: int) -> AnyResponse:
    """What became of a test, in words; `is_over` says whether that is its end."""
    row = AlertDelivery.get_or_none(AlertDelivery.id == delivery_id, AlertDelivery.alert.is_null())
    if row is None:
        return jsonify(is_over=True, is_sent=False, words=_in_words(deliveries.FAILED, 410))
    if row.device.staff_id != current_user.id:
        abort(404)
    over = row.state != deliveries.DUE
    words = _in_words(str(row.state), row.status)
    return jsonify(is_over=over, is_sent=row.state == deliveries.SENT, words=words)


def _in_words(state: str, status: int | None) -> str:
    if state == deliveries.SENT:
        return gettext(
            "送りました。数秒たっても出ないときは、この端末の設定で、ブラウザー（またはこのアプリ）の通知と、おやすみモードを確かめてください。"
        )
    if state == deliveries.DUE and status is None:
        return gettext(
            "まだ送れていません。お店のワーカーが動いていないか、通知を届けるサーバーにつながりません。"
        )
    if status in (404, 410):
        return gettext("この端末の登録が切れていました。もう一度「この端末で受け取る」を押してください。")
    return gettext(
        "通知を届けるサーバーが受け付けませんでした（%(status)s）。しばらくして、もう一度お試しください。",
        status=status or "-",
    )


def _minute(name: str) -> int | None:
    hour, colon, minute = request.form.get(name, "").partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal() and len(hour) < 3 and len(minute) < 3):
        return None
    total = int(hour) * 60 + int(minute)
    return total if int(hour) < 24 and int(minute) < 60 else None


def _clock(minute: int | None, otherwise: str) -> str:
    return otherwise if minute is None else f"{minute // 60:02}:{minute % 60:02}"
