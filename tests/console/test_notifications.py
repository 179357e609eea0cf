"""Alerts of staff, from what happens to the message that a browser decrypts; and the page on which they are chosen."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import localtime
from bot.config import settings as bot_settings
from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from bot.routing import event_kinds
from bot.web_push import keys
from bot.web_push.client import PushClient
from console.auth import push_devices, sessions, staff_accounts
from console.auth.push_devices import PushDevice
from console.auth.sessions import StaffSession
from console.auth.staff_accounts import Staff
from console.notifications import deliveries
from console.notifications.deliveries import AlertDelivery
from console.notifications.sender import send_due
from customers.people import staff_lines
from support.alerts import alerts, choices
from support.alerts.alerts import StaffAlert
from support.alerts.rules import COOLDOWN, STALE_AFTER, Choices, Kind, Occasion, Ways
from support.tickets import notes, presence, tickets
from tests.console import chats
from tests.console.conftest import SignIn, get, post
from tests.push_service import PushService

NAME = "山田 花子"


@pytest.fixture
def service() -> Iterator[PushService]:
    made = PushService()
    yield made
    made.stop()


@pytest.fixture
def hana(app: Flask) -> Staff:
    return chats.person()


def a_device(person: Staff, service: PushService) -> PushDevice:
    """A browser in which the person is signed in and takes web push."""
    subscription = service.subscribe(keys.public_key())
    with write_transaction():
        session = sessions.find(person, sessions.begin(person, "Mozilla/5.0 (iPhone) Safari/605"))
        assert session is not None
        push_devices.add(session, person.id, subscription)
    return PushDevice.get(PushDevice.endpoint == subscription.endpoint)


def sent(service: PushService) -> list[dict[str, Any]]:
    """What arrives when the sender runs once."""
    before = len(service.received)
    send_due(PushClient())
    assert service.refusals == []
    return [each.payload for each in service.received[before:]]


def states() -> list[str]:
    return [row.state for row in AlertDelivery.select().order_by(AlertDelivery.id)]


def later() -> None:
    """As if the wait of what is tried again were over."""
    AlertDelivery.update(not_before=localtime.machine_now()).execute()


def test_a_waiting_customer_is_pushed_to_each_device_once(hana: Staff, service: PushService) -> None:
    a_device(hana, service)
    a_device(hana, service)
    made = chats.ticket(chats.customer(NAME))
    assert (
        sent(service)
        == [
            {
                "title": "担当のいないチャットにメッセージが届きました",
                "address": f"/console/tickets/{made.id}",
                "tag": f"chat-{made.id}",
                "waiting": 1,
            }
        ]
        * 2
    )
    assert sent(service) == []
    assert states() == ["sent", "sent"]


def test_the_headers_say_how_long_how_urgent_and_what_it_replaces(hana: Staff, service: PushService) -> None:
    a_device(hana, service)
    made = chats.ticket(chats.customer(NAME), tickets.DANGER)
    sent(service)
    headers = service.received[0].headers
    assert 0 < int(headers["ttl"]) <= STALE_AFTER.total_seconds()
    assert (headers["topic"], headers["urgency"]) == (f"chat-{made.id}", "high")


def test_no_alert_of_any_kind_says_anything_of_a_customer(hana: Staff, service: PushService) -> None:
    a_device(hana, service)
    own, who, words = chats.customer("佐藤 はな"), chats.customer(NAME), "とどいた瓶が割れていました"
    chats.wrote(who, words)
    made = chats.ticket(who, tickets.HARM)
    with write_transaction():
        notes.add(made.id, hana.id + 1, f"{NAME}さまの{words}", [hana.id])
        for occasion in Occasion:
            for assignee, urgency in ((None, 0), (hana.id, 0), (None, 2)):
                cause = f"{occasion}:{assignee}:{urgency}"
                alerts.notify(occasion, made.id, cause=cause, assignee_id=assignee, urgency=urgency)
        tickets.assign(made.id, hana.id)
        staff_lines.choose(hana.id, own)
        choices.choose(hana.id, Choices({kind: Ways(own_line=True) for kind in Kind}, own_line=True))
    found = sent(service)
    assert {each["title"] for each in found} >= {"お急ぎのチャットが1件", "メモで呼ばれています"}
    events = InboxEvent.select().where(InboxEvent.source == event_kinds.STAFF_ALERT_RAISED)
    said = [json.dumps(found, ensure_ascii=False), *(row.body for row in events)]
    assert len(said) > 1
    for each in said:
        assert not any(part in each for part in ("山田", "花子", NAME, "瓶", "割れ", str(who.line_user_id)))


def test_ten_messages_are_one_push_and_a_later_one_has_the_same_topic(
    hana: Staff, service: PushService
) -> None:
    a_device(hana, service)
    made = chats.ticket(chats.customer(NAME))
    for _ in range(10):
        with write_transaction():
            tickets.record_customer_message(made.id)
    assert len(sent(service)) == 1
    StaffAlert.update(made_at=localtime.now() - COOLDOWN).execute()
    with write_transaction():
        tickets.record_customer_message(made.id)
    assert len(sent(service)) == 1
    assert len({each.headers["topic"] for each in service.received}) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_whose_subscription_has_ended_is_removed(
    hana: Staff, service: PushService, status: int
) -> None:
    a_device(hana, service)
    service.answers = [(status, {})]
    chats.ticket(chats.customer(NAME))
    assert sent(service) == []
    assert PushDevice.select().count() == AlertDelivery.select().count() == 0


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_push_service_in_trouble_is_asked_again_later(
    hana: Staff, service: PushService, status: int
) -> None:
    a_device(hana, service)
    service.answers = [(status, {"Retry-After": "60"})]
    chats.ticket(chats.customer(NAME))
    assert sent(service) == []
    assert sent(service) == []  # not at once
    assert service.calls == 1
    later()
    assert len(sent(service)) == 1


def test_a_push_service_that_is_away_is_asked_again(hana: Staff, service: PushService) -> None:
    a_device(hana, service)
    service.stop()
    chats.ticket(chats.customer(NAME))
    send_due(PushClient())
    row = AlertDelivery.get()
    assert (row.state, row.attempt_count, row.status) == ("due", 1, None)
    assert row.not_before > localtime.machine_now()


def test_a_try_that_ended_without_a_record_is_made_again(hana: Staff, service: PushService) -> None:
    a_device(hana, service)
    chats.ticket(chats.customer(NAME))
    service.answers = [(503, {})]
    sent(service)
    with write_transaction():
        later()
        assert deliveries.take(AlertDelivery.get())
        assert not deliveries.take(AlertDelivery.get())  # leased: another worker does not send it as well
    assert sent(service) == []
    later()
    assert len(sent(service)) == 1


def test_what_was_answered_meanwhile_or_is_old_is_dropped(hana: Staff, service: PushService) -> None:
    a_device(hana, service)
    answered, old = (chats.ticket(chats.customer(name)) for name in ("甲", "乙"))
    service.answers = [(503, {}), (503, {})]
    sent(service)
    with write_transaction():
        tickets.record_staff_answer(answered.id, hana.id)
    StaffAlert.update(made_at=localtime.now() - STALE_AFTER).where(StaffAlert.ticket_id == old.id).execute()
    later()
    assert sent(service) == []
    assert states() == ["dropped", "dropped"]


def test_disabled_staff_get_nothing(hana: Staff, service: PushService) -> None:
    a_device(hana, service)
    with write_transaction():
        staff_accounts.disable(str(hana.email))
    chats.ticket(chats.customer(NAME))
    assert sent(service) == []
    assert service.calls == 0


def test_somebody_disabled_between_alert_and_sending_gets_nothing(hana: Staff, service: PushService) -> None:
    a_device(hana, service)
    chats.ticket(chats.customer(NAME))
    service.answers = [(503, {})]
    sent(service)
    with write_transaction():
        staff_accounts.disable(str(hana.email))
    later()
    assert sent(service) == []
    assert states() == ["dropped"]


@pytest.mark.parametrize("expired", ["seen_at", "made_at"])
def test_an_expired_session_gets_nothing(hana: Staff, service: PushService, expired: str) -> None:
    a_device(hana, service)
    StaffSession.update(**{expired: localtime.machine_now() - timedelta(days=15)}).execute()
    chats.ticket(chats.customer(NAME))
    assert sent(service) == []
    assert service.calls == 0


def test_signing_out_removes_the_device(hana: Staff, service: PushService) -> None:
    device = a_device(hana, service)
    with write_transaction():
        sessions.end(hana, device.session_id)
    assert PushDevice.select().count() == 0


def test_quiet_times_hold_and_urgent_may_come(hana: Staff, service: PushService) -> None:
    a_device(hana, service)
    local = localtime.local(localtime.now())
    minute = local.hour * 60 + local.minute
    begin, end = (minute - 60) % 1440, (minute + 60) % 1440
    with write_transaction():
        choices.choose(hana.id, Choices(quiet_from=begin, quiet_until=end))
    chats.ticket(chats.customer("甲"), tickets.DANGER)
    assert sent(service) == []
    with write_transaction():
        choices.choose(hana.id, Choices(quiet_from=begin, quiet_until=end, urgent_always=True))
    chats.ticket(chats.customer("乙"))
    chats.ticket(chats.customer("丙"), tickets.DANGER)
    assert [each["title"] for each in sent(service)] == ["お急ぎのチャットが1件"]


def test_whoever_has_the_chat_open_is_not_pushed(hana: Staff, service: PushService) -> None:
    a_device(hana, service)
    made = chats.ticket(chats.customer(NAME))
    presence.note(made.id, hana.id, typing=False)
    assert sent(service) == []


def test_an_alert_is_in_the_persons_language(hana: Staff, service: PushService) -> None:
    a_device(hana, service)
    with write_transaction():
        staff_accounts.set_language(hana, "en")
    chats.ticket(chats.customer(NAME))
    assert sent(service)[0]["title"] == "New message in a chat without an assignee"


def test_own_line_is_asked_once_for_each_alert_where_the_person_turned_it_on(
    hana: Staff, service: PushService
) -> None:
    own = chats.customer("佐藤 はな")
    with write_transaction():
        staff_lines.choose(hana.id, own)
    chats.ticket(chats.customer("甲"), tickets.DANGER)
    sent(service)
    put = InboxEvent.select().where(InboxEvent.source == event_kinds.STAFF_ALERT_RAISED)
    assert put.count() == 0  # off until it is turned on
    with write_transaction():
        choices.choose(hana.id, Choices(own_line=True))
    chats.ticket(chats.customer("乙"), tickets.DANGER)
    chats.ticket(chats.customer("丙"))
    sent(service)
    sent(service)
    assert put.count() == 1


def test_the_key_is_derived_and_nothing_of_it_is_stored(settings: bot_settings.Settings, hana: Staff) -> None:
    first = keys.public_key()
    assert keys.public_key() == first
    bot_settings.use(settings.model_copy(update={"secret_key": "another-key-of-the-tests-0123456789-abc"}))
    assert keys.public_key() != first
    assert 0 < keys.private_number() < keys.ORDER


def test_the_page_stores_what_was_chosen(sign_in: SignIn) -> None:
    client = sign_in("staff")
    page = "/console/notifications"
    answer = post(
        client,
        page,
        page=page,
        **{"mine-push": "on", "urgent-sound": "on", "quiet": "on", "urgent_always": "on"},  # type: ignore[arg-type]
        quiet_from="22:30",
        quiet_until="07:00",
    )
    assert answer.status_code == 303
    chosen = choices.of(Staff.get().id)
    assert chosen.of(Kind.MINE) == Ways(desktop=False, sound=False)
    assert chosen.of(Kind.URGENT) == Ways(push=False, desktop=False)
    assert (chosen.quiet_from, chosen.quiet_until, chosen.urgent_always) == (22 * 60 + 30, 7 * 60, True)
    shown = get(client, page).text
    assert 'name="quiet_from" value="22:30"' in shown


@pytest.mark.parametrize("until", ["22:00", "", "25:00", "8", "aa:bb"])
def test_quiet_times_that_are_none_are_refused_in_words(sign_in: SignIn, until: str) -> None:
    client, page = sign_in("staff"), "/console/notifications"
    post(client, page, page=page, quiet="on", quiet_from="22:00", quiet_until=until)
    assert "別の時刻で入れてください" in get(client, page).text
    assert choices.of(Staff.get().id) == Choices()


def subscribe(client: FlaskClient, service: PushService, **changed: str) -> int:
    made = service.subscribe(keys.public_key())
    form = {"endpoint": made.endpoint, "key": made.browser_key, "secret": made.browser_secret} | changed
    answer = post(client, "/console/notifications/devices", page="/console/notifications", **form)  # type: ignore[arg-type]
    return int(answer.status_code)


def test_a_browser_is_added_listed_tested_and_removed(
    sign_in: SignIn, settings: bot_settings.Settings, service: PushService
) -> None:
    client = sign_in("staff")
    bot_settings.use(settings.model_copy(update={"demo_dir": settings.data_dir}))
    assert subscribe(client, service) == 204
    for page in ("/console/notifications", "/console/account"):
        assert "（この端末）" in get(client, page).text
    made = post(client, "/console/notifications/test", page="/console/notifications").json["delivery"]
    address = f"/console/notifications/test/{made}"
    assert not get(client, address).json["is_over"]
    [payload] = sent(service)
    assert payload["tag"] == f"test-{made}"
    assert get(client, address).json["is_sent"]
    post(
        client,
        "/console/notifications/devices/remove",
        page="/console/account",
        device=str(PushDevice.get().id),
    )
    assert PushDevice.select().count() == 0
    assert "登録が切れていました" in get(client, address).json["words"]


@pytest.mark.parametrize(
    "changed",
    [
        {"endpoint": "https://10.0.0.1/push"},
        {"endpoint": "http://push.example.com/x"},
        {"key": "AAAA"},
        {"key": "あ"},
        {"secret": "AAAA"},
        {"secret": ""},
    ],
)
def test_a_subscription_that_cannot_be_is_refused(
    sign_in: SignIn, settings: bot_settings.Settings, service: PushService, changed: dict[str, str]
) -> None:
    client = sign_in("staff")
    bot_settings.use(settings.model_copy(update={"demo_dir": settings.data_dir}))
    assert subscribe(client, service, **changed) == 422
    assert PushDevice.select().count() == 0


def test_nobody_removes_or_reads_anothers(sign_in: SignIn, service: PushService) -> None:
    client = sign_in("staff")
    other = chats.person("鈴木 一郎", "owner")
    device = a_device(other, service)
    with write_transaction():
        test_of_other = deliveries.put(None, device.id, localtime.machine_now())
    page = "/console/notifications"
    post(client, f"{page}/devices/remove", page=page, device=str(device.id))
    post(client, f"{page}/devices/remove", page=page, endpoint=device.endpoint)
    assert PushDevice.select().count() == 1
    assert get(client, f"{page}/test/{test_of_other}").status_code == 404


def test_an_open_tab_is_given_new_alerts_once(sign_in: SignIn) -> None:
    client = sign_in("staff")
    first = get(client, "/console/notifications/new").json
    assert (first["alerts"], first["waiting"], first["device"]) == ([], 0, False)
    chats.ticket(chats.customer(NAME), tickets.DANGER)
    second = get(client, f"/console/notifications/new?after={first['newest']}").json
    [alert] = second["alerts"]
    assert (alert["title"], alert["urgent"], alert["sound"]) == ("お急ぎのチャットが1件", True, True)
    assert second["waiting"] == 1
    assert get(client, f"/console/notifications/new?after={second['newest']}").json["alerts"] == []


def test_the_app_has_the_shops_name_and_icons_that_are_there(sign_in: SignIn, stranger: FlaskClient) -> None:
    for language, name in (("ja", "ひだまり堂・Goen"), ("en", "ひだまり堂 · Goen")):
        manifest = get(stranger, f"/console/manifest.webmanifest?language={language}")
        assert manifest.json["name"] == name
        assert manifest.mimetype == "application/manifest+json"
    for icon in manifest.json["icons"]:
        assert get(stranger, icon["src"]).status_code == 200
    assert "manifest-src 'self'" in manifest.headers["Content-Security-Policy"]
    worker = get(stranger, "/console/service-worker.js")
    assert worker.mimetype == "text/javascript"
    assert "fetch" not in worker.text.replace(
        "answers no request", ""
    )  # it answers no request, so it stores no page
    assert "caches" not in worker.text
