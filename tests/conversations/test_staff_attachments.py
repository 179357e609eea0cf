"""Staff answer with pictures, a video, a document or a gift: one call to LINE, once, and the customer can open it."""

import io
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from bot import localtime
from bot.db.database import write_transaction
from bot.files import media, storage
from bot.files.media import Media
from bot.queue.inbox import InboxEvent
from bot.queue.outbox import OutboxMessage
from rewards.coupons import coupons, reward_list
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Coupon
from rewards.ledger.entries import LedgerEntry
from support.replies import attachments, gifts
from support.replies.attachments import ReplyAttachment
from tests.conversations.scenario import Phone, Scenario
from tests.conversations.test_pictures import BASE, console
from tests.pictures_of_staff import MP4, PDF, photo

__all__ = ("console",)


@pytest.fixture
def misaki(scenario: Scenario) -> Phone:
    phone = scenario.customer()
    phone.says("スタッフと話す")
    return phone


def page_of(phone: Phone) -> str:
    assert phone.ticket
    return f"/console/tickets/{phone.ticket.id}"


def send(client: FlaskClient, page: str, *files: tuple[bytes, str], key: str = "", **form: Any) -> Any:
    """Send the reply's form as a browser without scripts does."""
    shown = client.get(page, base_url=BASE).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    number = re.search(r'name="gift" value="(\d+)"', shown)
    assert token
    assert number
    data = {"csrf_token": token[1], "gift": number[1], "key": key or str(uuid.uuid4()), **form}
    data["files"] = [(io.BytesIO(content), name) for content, name in files]
    headers = {"Referer": f"{BASE}{page}"}
    return client.post(
        f"{page}/reply", base_url=BASE, headers=headers, data=data, content_type="multipart/form-data"
    )


def test_text_and_pictures_are_one_free_call(scenario: Scenario, console: FlaskClient, misaki: Phone) -> None:
    page = page_of(misaki)
    assert misaki.says("よろしくお願いします") == [], "its reply token is free for staff"
    answer = send(console, page, (photo(), "蓋.jpg"), (photo("PNG"), "箱.png"), text="交換品はこちらです。")
    assert answer.status_code == 303
    words = misaki.hears()  # fetches each picture as LINE does
    assert words[0] == "交換品はこちらです。"
    kinds = [message["type"] for message in misaki.handset.received()[-3:]]
    assert kinds == ["text", "image", "image"]
    assert misaki.came_by()[-3:] == ["reply"] * 3
    sent = OutboxMessage.select().where(OutboxMessage.staff_id.is_null(is_null=False))
    assert sent.count() == 1
    shown = console.get(page, base_url=BASE).text
    assert shown.count('alt="スタッフが送った写真"') == 2
    for address in re.findall(r'<img src="(/console/media/staff-[^"]+)"', shown):
        assert console.get(address, base_url=BASE).status_code == 200


def test_a_push_with_five_pictures_counts_as_one(
    scenario: Scenario, console: FlaskClient, misaki: Phone
) -> None:
    scenario.sleep(minutes=5)
    channel = scenario.platform.channel
    before = channel.quota.used(channel.clock())
    files = [(photo(), f"{number}.jpg") for number in range(5)]
    assert send(console, page_of(misaki), *files, text="").status_code == 303
    misaki.hears()
    assert misaki.came_by()[-5:] == ["push"] * 5
    pushes = OutboxMessage.select().where(OutboxMessage.sent_as == "push")
    assert pushes.count() == 1
    assert channel.quota.used(channel.clock()) == before + 1


def test_six_things_are_more_than_line_takes(scenario: Scenario, console: FlaskClient, misaki: Phone) -> None:
    files = [(photo(), f"{number}.jpg") for number in range(5)]
    answer = send(console, page_of(misaki), *files, text="写真です。")
    assert answer.status_code == 422
    assert "合わせて5つまで" in answer.text
    assert "写真です。</textarea>" in answer.text
    assert answer.text.count("data-attached=") == 5, "nothing is lost"
    assert misaki.hears() == []


def test_the_same_form_twice_is_sent_once(scenario: Scenario, console: FlaskClient, misaki: Phone) -> None:
    page = page_of(misaki)
    attached = draft(console, page, (photo(), "蓋.jpg"))
    key = str(uuid.uuid4())
    for _ in range(2):
        assert send(console, page, key=key, text="こちらです。", attachment=attached).status_code == 303
    assert len(misaki.hears()) == 2
    assert send(console, page, key=key, text="こちらです。", attachment=attached).status_code == 303
    assert misaki.hears() == []
    assert InboxEvent.select().where(InboxEvent.source == "staff.replied").count() == 1


def test_two_windows_cannot_send_one_file_twice(
    scenario: Scenario, console: FlaskClient, misaki: Phone
) -> None:
    page = page_of(misaki)
    attached = draft(console, page, (photo(), "蓋.jpg"))
    assert send(console, page, text="", attachment=attached).status_code == 303
    late = send(console, page, text="もう一度", attachment=attached)
    assert late.status_code == 422
    assert "別の画面で送ったか" in late.text
    assert len(misaki.hears()) == 1
    assert InboxEvent.select().where(InboxEvent.source == "staff.replied").count() == 1


def test_a_video_is_played_from_any_place(scenario: Scenario, console: FlaskClient, misaki: Phone) -> None:
    assert send(console, page_of(misaki), (MP4, "使い方.mp4"), text="").status_code == 303
    misaki.hears()
    message = misaki.handset.received()[-1]
    assert message["type"] == "video"
    assert scenario.fetch(message["originalContentUrl"]).data == MP4


def test_a_document_is_a_card_that_can_be_opened_until_its_day(
    scenario: Scenario, console: FlaskClient, misaki: Phone
) -> None:
    assert send(console, page_of(misaki), (PDF, "領収書.pdf"), text="お送りします。").status_code == 303
    assert "「領収書.pdf」をお送りします" in misaki.hears()[1]
    address = misaki.opens("ファイルを開く")
    answer = scenario.fetch(address)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/pdf", PDF)
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    until = ReplyAttachment.get().open_until
    assert until is not None
    scenario.sleep(days=(until - localtime.today()).days)
    assert scenario.fetch(address).status_code == 200, "the day that the card names is the last one"
    scenario.pass_time(days=1)
    over = scenario.fetch(address)
    assert over.status_code == 410
    assert "期限が過ぎました" in over.text
    assert storage.find(Media.get().key) is None, "the file is deleted"
    assert Media.get().gone_because == media.OVER


def test_nobody_opens_what_was_not_sent_or_guesses(
    scenario: Scenario, console: FlaskClient, misaki: Phone
) -> None:
    draft(console, page_of(misaki), (photo(), "蓋.jpg"))
    row = ReplyAttachment.get()
    from support.replies import addresses

    address = addresses.address(row.token, "image/jpeg")
    assert scenario.fetch(address).status_code == 404, "a draft"
    send(console, page_of(misaki), text="", attachment=[row.id])
    misaki.hears()
    assert scenario.fetch(address).status_code == 200
    for wrong in (
        address.replace(row.token, "0" * 32),
        address.replace(".jpg", "").rpartition(".")[0],
        re.sub(r"\.[0-9a-f]{32}\.", ".é" + "0" * 31 + ".", address),
        f"{BASE}/f/../media/{row.media_id}",
    ):
        assert scenario.fetch(wrong).status_code == 404, wrong


def test_a_picture_to_a_customer_whose_data_is_erased_is_gone(
    scenario: Scenario, console: FlaskClient, misaki: Phone
) -> None:
    send(console, page_of(misaki), (photo(), "蓋.jpg"), text="")
    misaki.hears()
    address = misaki.handset.received()[-1]["originalContentUrl"]
    with write_transaction():
        Media.delete().execute()
    assert ReplyAttachment.select().count() == 0
    assert scenario.fetch(address).status_code == 404


def test_what_cannot_be_sent_is_said_and_the_text_stays(
    scenario: Scenario, console: FlaskClient, misaki: Phone
) -> None:
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00" + bytes(100)
    answer = send(
        console, page_of(misaki), (heic, "IMG_1.HEIC"), (b"MZ" + bytes(99), "x.exe"), text="こちらです。"
    )
    assert answer.status_code == 422
    assert "HEIC形式の写真は送れません" in answer.text
    assert "この種類のファイルは送れません" in answer.text
    assert "こちらです。</textarea>" in answer.text
    assert (misaki.hears(), Media.select().count()) == ([], 0)


@pytest.fixture
def coupon() -> int:
    """A coupon that staff may give, of which there is one."""
    with write_transaction():
        return reward_list.make(
            RewardDraft(
                name="送料無料", kind=RewardKind.THANK_YOU, value_text="送料無料", value_yen=200, stock=1
            )
        )


def test_a_coupon_and_points_go_along_with_the_reply(
    scenario: Scenario, console: FlaskClient, misaki: Phone, coupon: int
) -> None:
    page, before = page_of(misaki), misaki.points
    key = str(uuid.uuid4())
    misaki.says("遅れて届きました")
    form = {"text": "お詫びに。", "coupon": str(coupon), "points": "100", "reason": "遅れのお詫び"}
    for _ in range(2):
        assert send(console, page, key=key, **form).status_code == 303
        misaki.hears()
    assert (misaki.points, Coupon.select().count()) == (before + 100, 1)
    assert "お店から100ポイントをお贈りしました" in str(misaki.handset.received()[-1])
    assert misaki.came_by()[-3:] == ["reply"] * 3
    entry = LedgerEntry.select().order_by(LedgerEntry.id.desc()).first()
    assert (entry.note, entry.kind) == ("遅れのお詫び", "adjust")
    assert send(console, page, key=key, **form).status_code == 303, (
        "a repetition after the last one was given"
    )
    shown = console.get(page, base_url=BASE).text
    assert "クーポン「送料無料」、100ポイント" in shown
    refused = send(console, page, **form)
    assert refused.status_code == 422
    assert "在庫がありません" in refused.text


def test_two_windows_give_once(scenario: Scenario, console: FlaskClient, misaki: Phone) -> None:
    page, before = page_of(misaki), misaki.points
    form = {"text": "お詫びに。", "points": "100", "reason": "お詫び", "gift": "1"}
    assert send(console, page, **form).status_code == 303
    late = send(console, page, **form)
    assert late.status_code == 422
    assert "別の画面から贈りものを送った" in late.text
    misaki.hears()
    assert misaki.points == before + 100
    assert send(console, page, **(form | {"gift": "2"})).status_code == 303, "meant, once seen"
    misaki.hears()
    assert misaki.points == before + 200


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"points": "100", "reason": " "}, "理由"),
        ({"points": "-5", "reason": "まちがい"}, "1から"),
        ({"points": "500", "reason": "お詫び"}, "景品表示法の上限（200円分）"),
        ({"coupon": "4711"}, "いま渡せません"),
    ],
)
def test_a_gift_that_may_not_be_given_is_refused(
    scenario: Scenario, console: FlaskClient, misaki: Phone, form: dict[str, str], words: str
) -> None:
    answer = send(console, page_of(misaki), text="お詫びに。", **form)
    assert answer.status_code == 422
    assert words in answer.text
    assert "お詫びに。</textarea>" in answer.text
    assert misaki.hears() == []


def test_a_coupon_sold_out_meanwhile_leaves_the_reply(
    scenario: Scenario, console: FlaskClient, misaki: Phone, coupon: int
) -> None:
    page = page_of(misaki)
    assert send(console, page, text="お詫びに。", coupon=str(coupon)).status_code == 303
    with write_transaction():
        assert coupons.issue(misaki.customer.id, coupon, 1, "another").coupon
    assert misaki.hears() == ["お詫びに。"]
    assert [gift.refused_because for gift in gifts.of_chat(misaki.customer.conversation_id or 0, 5)] == [
        "sold_out"
    ]
    assert "渡せませんでした（在庫がありません）" in console.get(page, base_url=BASE).text


def draft(client: FlaskClient, page: str, *files: tuple[bytes, str]) -> list[int]:
    """Attach files as drafts; their ids."""
    shown = client.get(page, base_url=BASE).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert token
    data = {"csrf_token": token[1], "files": [(io.BytesIO(content), name) for content, name in files]}
    headers = {"Referer": f"{BASE}{page}", "HX-Request": "true"}
    answer = client.post(
        f"{page}/attachments", base_url=BASE, headers=headers, data=data, content_type="multipart/form-data"
    )
    assert answer.status_code == 200, answer.text
    return [int(number) for number in re.findall(r'data-attached="(\d+)"', answer.text)]


def test_a_removed_draft_and_one_forgotten_are_deleted(
    scenario: Scenario, console: FlaskClient, misaki: Phone, tmp_path: Path
) -> None:
    page = page_of(misaki)
    first, second = draft(console, page, (photo(), "1.jpg"), (photo(), "2.jpg"))
    shown = console.get(page, base_url=BASE).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert token
    form = {"csrf_token": token[1], "remove": str(first), "text": "書きかけ"}
    headers = {"Referer": f"{BASE}{page}"}
    answer = console.post(f"{page}/attachments/remove", base_url=BASE, headers=headers, data=form)
    assert "書きかけ</textarea>" in answer.text
    assert [row.id for row in ReplyAttachment.select()] == [second]
    scenario.sleep(days=8)
    assert attachments.delete_old() == 1
    assert (ReplyAttachment.select().count(), Media.select().count()) == (0, 0)
    assert not [path for path in media.folder().iterdir() if path.is_file()]


def test_a_photo_loses_its_place_and_is_upright(
    scenario: Scenario, console: FlaskClient, misaki: Phone
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "東京都台東区上野1-2-3"
    send(console, page_of(misaki), (photo(exif=exif, size=(400, 300)), "自宅.jpg"), text="")
    misaki.hears()
    content = scenario.fetch(misaki.handset.received()[-1]["originalContentUrl"]).data
    with Image.open(io.BytesIO(content)) as sent:
        assert sent.size == (300, 400)
        assert not sent.getexif()
