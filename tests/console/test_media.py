"""Media from customers as staff get it: who may fetch it, as what type, and what the chat says of it."""

import re

import pytest
from flask.testing import FlaskClient

from bot import localtime
from bot.db.database import write_transaction
from bot.files import media as stored
from bot.files import storage
from bot.files.media import Media
from customers.people.customer import Customer
from support.tickets.tickets import Ticket
from tests.console import chats
from tests.console.conftest import SignIn, get

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 100
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40
HTML = b"<html><script>alert(document.cookie)</script></html>"


@pytest.fixture
def hanako(sign_in: SignIn) -> Customer:
    return chats.customer("山田 花子")


def shown(client: FlaskClient, who: Customer) -> str:
    """The chat of an open ticket."""
    made = Ticket.get_or_none(Ticket.customer == who.id) or chats.ticket(who)
    page: str = get(client, f"/console/tickets/{made.id}/chat").text
    return page


def test_signed_out_nobody_gets_it(stranger: FlaskClient, hanako: Customer) -> None:
    chats.sent(hanako, "1", JPEG)
    answer = get(stranger, "/console/media/1")
    assert answer.status_code == 303
    assert b"picture" not in answer.data
    assert answer.headers["Cache-Control"] == "no-store"


def test_staff_get_a_picture_and_nothing_of_it_may_act(sign_in: SignIn, hanako: Customer) -> None:
    chats.sent(hanako, "1", JPEG)
    answer = get(sign_in("staff"), "/console/media/1")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/jpeg", JPEG)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Disposition"].startswith("inline")
    again = get(sign_in("owner"), "/console/media/1", **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("kind", "content"), [("image", HTML), ("image", b"<svg onload='alert(1)'/>"), ("file", b"%PDF-1.7")]
)
def test_whatever_is_not_surely_a_picture_can_only_be_saved(
    sign_in: SignIn, hanako: Customer, kind: str, content: bytes
) -> None:
    chats.sent(hanako, "1", content, kind=kind, file_name="お見積り.html")
    client = sign_in("staff")
    answer = get(client, "/console/media/1")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    page = shown(client, hanako)
    assert "お見積り.html" in page
    assert "心当たりのないものは開かないでください" in page
    assert "<img" not in page


def test_a_video_is_played_from_any_place_in_it(sign_in: SignIn, hanako: Customer) -> None:
    chats.sent(hanako, "1", MP4, kind="video")
    client = sign_in("staff")
    answer = get(client, "/console/media/1", Range="bytes=100-199")
    assert (answer.status_code, answer.data, answer.mimetype) == (206, MP4[100:200], "video/mp4")
    assert answer.headers["Content-Range"] == f"bytes 100-199/{len(MP4)}"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert re.search(r'<video [^>]*controls[^>]* src="/console/media/1"', shown(client, hanako))


def test_a_voice_message_is_heard(sign_in: SignIn, hanako: Customer) -> None:
    chats.sent(hanako, "1", MP4, kind="audio")
    client = sign_in("staff")
    assert get(client, "/console/media/1").mimetype == "audio/mp4"
    assert re.search(r'<audio [^>]*controls[^>]* src="/console/media/1"', shown(client, hanako))


def test_a_picture_appears_in_the_chat_when_it_came(sign_in: SignIn, hanako: Customer) -> None:
    client = sign_in("staff")
    chats.sent(hanako, "1")
    waiting = shown(client, hanako)
    assert "受信中…" in waiting
    assert get(client, "/console/media/1").status_code == 404
    renew = re.search(r'hx-get="([^"]+)"', waiting)
    assert renew
    address = renew[1].replace("&amp;", "&")
    assert get(client, address).status_code == 204
    chats.arrives("1", JPEG)
    answer = get(client, address)
    assert answer.status_code == 200
    assert '<a class="picture" href="/console/media/1" target="_blank" rel="noopener">' in answer.text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (stored.TOO_LARGE, "大きすぎるため、受け取れませんでした（上限 10 MB）"),
        (stored.NOT_AT_LINE, "LINEから受け取れませんでした"),
        (stored.ELSEWHERE, "LINEの外にあるため、表示できません"),
    ],
)
def test_why_there_is_nothing_to_see_is_said(
    sign_in: SignIn, hanako: Customer, reason: str, words: str
) -> None:
    chats.sent(hanako, "1")
    with write_transaction():
        stored.lose("1", reason)
    client = sign_in("staff")
    assert words in shown(client, hanako)
    assert get(client, "/console/media/1").status_code == 404


def test_what_was_taken_back_is_seen_by_nobody(sign_in: SignIn, hanako: Customer) -> None:
    chats.sent(hanako, "1", JPEG)
    client = sign_in("staff")
    first = get(client, "/console/media/1")
    chats.took_back(hanako, "1")
    assert get(client, "/console/media/1", **{"If-None-Match": first.headers["ETag"]}).status_code == 404
    page = shown(client, hanako)
    assert "送信を取り消しました" in page
    assert "/console/media/1" not in page


def test_a_file_that_got_lost_is_a_page_that_is_not_there(sign_in: SignIn, hanako: Customer) -> None:
    chats.sent(hanako, "1", JPEG)
    storage.discard(Media.get().key)
    client = sign_in("staff")
    for name in ("1", "2", "../../goen.sqlite3", "%2e%2e%2fgoen.sqlite3"):
        assert get(client, f"/console/media/{name}").status_code == 404


def test_a_files_name_cannot_break_out_of_page_or_header(sign_in: SignIn, hanako: Customer) -> None:
    chats.sent(hanako, "1", b"%PDF", kind="file", file_name='"><img src=x>\r\nX-Evil: 1.pdf')
    client = sign_in("staff")
    assert "<img src=x" not in shown(client, hanako)
    assert "X-Evil" not in get(client, "/console/media/1").headers


def test_a_picture_without_a_name_is_saved_under_its_day(sign_in: SignIn, hanako: Customer) -> None:
    chats.sent(hanako, "1", JPEG)
    day = localtime.local(Media.get().received_at).strftime("%Y%m%d")
    assert f"filename={day}-" in get(sign_in("staff"), "/console/media/1").headers["Content-Disposition"]
