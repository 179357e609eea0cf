"""A customer sends a picture, a voice, a file: staff see it, whatever LINE does meanwhile, until it is taken back."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.db.database import write_transaction
from bot.files import media
from bot.files.media import GONE, KEPT, WANTED, Media
from console.auth import staff_accounts
from demo.line.channel import Content
from demo.line.faults import Kind
from tests.conversations.scenario import Phone, Town, said

JPEG = b"\xff\xd8\xff\xe0" + b"a lid in two halves" * 5000
PASSWORD = "correct horse battery"
BASE = "https://goen.example"


@pytest.fixture
def misaki(town: Town) -> Phone:
    phone = town.customer()
    phone.says("スタッフと話す")
    return phone


@pytest.fixture
def console(town: Town) -> FlaskClient:
    """The console as a person of staff sees it, signed in."""
    with write_transaction():
        staff_accounts.add("hana@example.jp", "佐藤 はな", "staff", PASSWORD)
    client = town.web
    page = client.get("/console/sign-in", base_url=BASE).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = {"csrf_token": token[1], "email": "hana@example.jp", "password": PASSWORD}
    referer = {"Referer": f"{BASE}/console/sign-in"}
    answer = client.post("/console/sign-in", base_url=BASE, data=form, headers=referer)
    assert answer.status_code == 303
    return client


def chat(client: FlaskClient, phone: Phone) -> str:
    """The chat as the console shows it."""
    assert phone.ticket
    return client.get(f"/console/tickets/{phone.ticket.id}", base_url=BASE).text


def picture(client: FlaskClient, message_id: str) -> bytes | None:
    answer = client.get(f"/console/media/{message_id}", base_url=BASE)
    return answer.data if answer.status_code == 200 else None


def kept() -> Media:
    found: Media = Media.get()
    return found


def test_a_picture_sent_while_staff_have_the_chat_is_seen_by_them(
    town: Town, misaki: Phone, console: FlaskClient
) -> None:
    message_id = misaki.handset.send_image(JPEG)
    assert misaki.hears() == [], "the bot does not talk over the staff"
    assert f'<img src="/console/media/{message_id}"' in chat(console, misaki)
    assert picture(console, message_id) == JPEG


def test_a_picture_sent_to_the_bot_is_answered_and_waits_for_staff(town: Town, console: FlaskClient) -> None:
    misaki = town.customer()
    message_id = misaki.handset.send_image(JPEG)
    assert "お写真ありがとうございます" in said(misaki.hears())
    misaki.taps("スタッフと話す")
    assert f'<img src="/console/media/{message_id}"' in chat(console, misaki)


def test_what_line_is_still_preparing_comes_later_and_delays_no_answer(
    town: Town, misaki: Phone, console: FlaskClient
) -> None:
    town.platform.faults.inject("content", Kind.PREPARING, times=2)
    message_id = misaki.handset.send_image(JPEG)
    misaki.hears()
    assert "受信中…" in chat(console, misaki)
    town.staff_say(misaki.ticket, "写真を確認します。")
    assert misaki.hears() == ["写真を確認します。"]
    for _ in range(2):
        assert kept().state == WANTED
        town.sleep(seconds=4)
        town.settle()
    assert picture(console, message_id) == JPEG


@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.RATE_LIMIT, Kind.DROP])
def test_a_bad_moment_of_lines_costs_no_picture(
    town: Town, misaki: Phone, console: FlaskClient, kind: Kind
) -> None:
    town.platform.faults.inject("content", kind)
    message_id = misaki.handset.send_image(JPEG)
    misaki.hears()
    assert picture(console, message_id) is None
    town.sleep(seconds=3)
    town.settle()
    assert picture(console, message_id) == JPEG


def test_a_picture_taken_back_is_deleted_and_said_to_be(
    town: Town, misaki: Phone, console: FlaskClient
) -> None:
    message_id = misaki.handset.send_image(JPEG)
    misaki.hears()
    misaki.handset.unsend(message_id)
    assert misaki.hears() == []
    assert picture(console, message_id) is None
    assert "送信を取り消しました" in chat(console, misaki)
    assert list(media.folder().iterdir()) == []


def test_a_picture_taken_back_before_line_gave_it_out_is_gone(town: Town, misaki: Phone) -> None:
    town.platform.faults.inject("content", Kind.PREPARING)
    message_id = misaki.handset.send_image(JPEG)
    misaki.hears()
    town.platform.channel.contents[message_id] = Content(b"", "", gone=True)  # unsent: LINE says 410 at once
    town.sleep(seconds=3)
    town.settle()
    assert (kept().state, kept().gone_because) == (GONE, media.NOT_AT_LINE)


def test_a_file_and_a_voice_message_reach_staff_too(town: Town, misaki: Phone, console: FlaskClient) -> None:
    town.platform.channel.contents["4711"] = Content(b"%PDF-1.7 ...", "application/pdf")
    misaki.sends(type="file", id="4711", fileName="領収書.pdf", fileSize=12)
    misaki.handset.send_audio(b"\x00\x00\x00\x18ftypM4A " + b"voice" * 100)
    misaki.hears()
    page = chat(console, misaki)
    assert "領収書.pdf" in page
    assert "<audio" in page
    assert picture(console, "4711") == b"%PDF-1.7 ..."
    assert [row.state for row in Media.select()] == [KEPT, KEPT]


def test_the_log_holds_ids_and_no_names(
    town: Town, misaki: Phone, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    town.platform.channel.contents["4711"] = Content(b"%PDF-1.7 ...", "application/pdf")
    misaki.sends(type="file", id="4711", fileName="佐藤美咲の診断書.pdf", fileSize=12)
    out, err = capsys.readouterr()
    assert "診断書" not in out + err
    assert "診断書" not in "".join(path.name for path in tmp_path.rglob("*"))
