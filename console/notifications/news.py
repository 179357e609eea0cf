"""What an open tab asks for every few seconds: new alerts of the person, and how many chats wait."""

from flask import Blueprint, Response, g, jsonify, request, url_for
from flask_login import current_user

from bot import localtime
from console.auth import push_devices as devices
from console.notifications import payload, recipients, still_true
from support.alerts import alerts, choices, sentences
from support.alerts.rules import STALE_AFTER, Kind, Occasion
from support.tickets import queues


def register(console: Blueprint) -> None:
    """Add the URL to the console's blueprint."""
    console.get("/notifications/new")(new_alerts)


def new_alerts() -> Response:
    """Alerts after the one named, none the first time; the newest one's number; the count of waiting chats."""
    after = request.args.get("after", type=int)
    newest = alerts.newest_id()
    found = []
    if after is not None and 0 <= after < newest:
        chosen = choices.of(current_user.id)
        for alert in alerts.since(after, localtime.now() - STALE_AFTER):
            ways = recipients.to(alert, current_user.id, chosen)
            if (ways.desktop or ways.sound) and still_true.is_still_true(alert):
                title = sentences.sentence(Occasion(alert.occasion), Kind(alert.kind), current_user.language)
                address = url_for("console.ticket", ticket_id=alert.ticket_id)
                found.append(
                    payload.content(title, address, payload.topic_of(alert))
                    | {"desktop": ways.desktop, "sound": ways.sound, "urgent": alert.kind == Kind.URGENT}
                )
    return jsonify(
        alerts=found,
        newest=newest,
        waiting=queues.waiting_count(),
        device=bool(devices.of_session(g.staff_session.id)),
    )
