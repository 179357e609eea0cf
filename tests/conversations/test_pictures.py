"""A customer sends a picture, audio, a file: staff see it, whatever LINE's state meanwhile, until it is unsent."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.db.database import write_transaction
from bot.files import media
from bot.files.media import GONE, STORED, WANTED, Media
from console.auth import staff_accounts
from demo.line.channel import Content
from demo.line.faults import FaultKind
from tests.conversations.scenario import Phone, Scenario, said

JPEG = b"\xff\xd8\xff\xe0" + b"a lid in two halves" * 5000
PASSWORD = "correct horse battery"
BASE = "https://goen.example"


@pytest.fixture
def misaki(scenario: Scenario) -> Phone:
    phone = scenario.customer()
    phone.says("スタッフと話す")
    return phone


@pytest.fixture
def console(scenario: Scenario) -> FlaskClient:
    """The console, signed in to as staff."""
    with write_transaction():
        staff_accounts.add("hana@example.jp", "佐藤 はな", "staff", PASSWORD)
    client = scenario.web
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


def stored() -> Media:
    found: Media = Media.get()
    return found


def test_a_picture_sent_while_staff_have_the_chat_is_seen_by_them(
    scenario: Scenario, misaki: Phone, console: FlaskClient
) -> None:
    message_id = misaki.handset.send_image(JPEG)
    assert misaki.hears() == [], "the bot is silent while staff have the chat"
    assert f'<img src="/console/media/{message_id}"' in chat(console, misaki)
    assert picture(console, message_id) == JPEG


def test_a_picture_sent_to_the_bot_is_answered_and_waits_for_staff(
    scenario: Scenario, console: FlaskClient
) -> None:
    misaki = scenario.customer()
    message_id = misaki.handset.send_image(JPEG)
    assert "お写真ありがとうございます" in said(misaki.hears())
    misaki.taps("スタッフと話す")
    assert f'<img src="/console/media/{message_id}"' in chat(console, misaki)


def test_what_line_is_still_preparing_comes_later_and_delays_no_answer(
    scenario: Scenario, misaki: Phone, console: FlaskClient
) -> None:
    scenario.platform.faults.inject("content", FaultKind.PREPARING, times=2)
    message_id = misaki.handset.send_image(JPEG)
    misaki.hears()
    assert "受信中…" in chat(console, misaki)
    scenario.staff_say(misaki.ticket, "写真を確認します。")
    assert misaki.hears() == ["写真を確認します。"]
    for _ in range(2):
        assert stored().state == WANTED
        scenario.sleep(seconds=4)
        scenario.settle()
    assert picture(console, message_id) == JPEG


@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.RATE_LIMIT, FaultKind.DROP])
def test_an_error_of_line_loses_no_picture(
    scenario: Scenario, misaki: Phone, console: FlaskClient, kind: FaultKind
) -> None:
    scenario.platform.faults.inject("content", kind)
    message_id = misaki.handset.send_image(JPEG)
    misaki.hears()
    assert picture(console, message_id) is None
    scenario.sleep(seconds=3)
    scenario.settle()
    assert picture(console, message_id) == JPEG


def test_a_picture_taken_back_is_deleted_and_said_to_be(
    scenario: Scenario, misaki: Phone, console: FlaskClient
) -> None:
    message_id = misaki.handset.send_image(JPEG)
    misaki.hears()
    misaki.handset.unsend(message_id)
    assert misaki.hears() == []
    assert picture(console, message_id) is None
    assert "送信を取り消しました" in chat(console, misaki)
    assert list(media.folder().iterdir()) == []


def test_a_picture_taken_back_before_line_gave_it_out_is_gone(scenario: Scenario, misaki: Phone) -> None:
    scenario.platform.faults.inject("content", FaultKind.PREPARING)
    message_id = misaki.handset.send_image(JPEG)
    misaki.hears()
    scenario.platform.channel.contents[message_id] = Content(
        b"", "", gone=True
    )  # unsent: LINE answers 410 at once
    scenario.sleep(seconds=3)
    scenario.settle()
    assert (stored().state, stored().gone_because) == (GONE, media.NOT_AT_LINE)


def test_a_file_and_a_voice_message_reach_staff_too(
    scenario: Scenario, misaki: Phone, console: FlaskClient
) -> None:
    scenario.platform.channel.contents["4711"] = Content(b"%PDF-1.7 ...", "application/pdf")
    misaki.sends(type="file", id="4711", fileName="領収書.pdf", fileSize=12)
    misaki.handset.send_audio(b"\x00\x00\x00\x18ftypM4A " + b"voice" * 100)
    misaki.hears()
    page = chat(console, misaki)
    assert "領収書.pdf" in page
    assert "<audio" in page
    assert picture(console, "4711") == b"%PDF-1.7 ..."
    assert [row.state for row in Media.select()] == [STORED, STORED]


def test_the_log_holds_ids_and_no_names(
    scenario: Scenario, misaki: Phone, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    scenario.platform.channel.contents["4711"] = Content(b"%PDF-1.7 ...", "application/pdf")
    misaki.sends(type="file", id="4711", fileName="佐藤美咲の診断書.pdf", fileSize=12)
    out, err = capsys.readouterr()
    assert "診断書" not in out + err
    assert "診断書" not in "".join(path.name for path in tmp_path.rglob("*"))
