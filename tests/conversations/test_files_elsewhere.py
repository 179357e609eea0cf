"""A shop with its files in a bucket: media is fetched, shown, published and deleted as on a disk."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from bot.db.database import write_transaction
from bot.files import media, storage
from bot.files.media import Media
from bot.notices import Notice
from console.auth import staff_accounts
from surveys.testimonials.tables import Testimonial as Written
from tests.console.conftest import BASE
from tests.console.pictures import broken_lid
from tests.conversations.scenario import Phone, Scenario, said
from tests.conversations.test_staff_attachments import page_of, send
from tests.pictures_of_staff import PDF, photo
from tests.s3_stand_in import Bucket
from tests.storage.bot.test_s3 import stored_in

PASSWORD = "correct horse battery"
JPEG = broken_lid()


@pytest.fixture
def bucket(scenario: Scenario) -> Iterator[Bucket]:
    made = Bucket()
    stored_in(made)
    yield made
    made.close()


@pytest.fixture
def console(scenario: Scenario) -> FlaskClient:
    """The console, signed in to as staff."""
    with write_transaction():
        staff_accounts.add("hana@example.jp", "佐藤 はな", "staff", PASSWORD)
    page = "/console/sign-in"
    _post(scenario.web, page, page, email="hana@example.jp", password=PASSWORD)
    return scenario.web


def _post(client: FlaskClient, path: str, page: str, **form: str) -> int:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page, base_url=BASE).text)
    assert token
    form["csrf_token"] = token[1]
    headers = {"Referer": BASE + page}
    return client.post(path, base_url=BASE, data=form, headers=headers).status_code


def writes_with_a_picture(scenario: Scenario) -> tuple[Phone, str]:
    misaki = scenario.customer()
    misaki.says("感想を書く")
    misaki.says("しっとりします")
    message_id = misaki.handset.send_image(JPEG)
    misaki.hears()
    misaki.taps("匿名なら掲載OK")
    return misaki, message_id


def test_a_picture_is_stored_there_and_viewed_from_any_place(
    scenario: Scenario, bucket: Bucket, console: FlaskClient
) -> None:
    _, message_id = writes_with_a_picture(scenario)
    assert [content for content, _ in bucket.objects.values()] == [JPEG]
    assert list(media.folder().iterdir()) == [], "nothing stays on this machine's disk"
    path = f"/console/media/{message_id}"
    assert console.get(path, base_url=BASE).data == JPEG
    part = console.get(path, base_url=BASE, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, JPEG[100:200])


def test_published_withdrawn_and_taken_back_it_goes_from_there(
    scenario: Scenario, bucket: Bucket, console: FlaskClient
) -> None:
    misaki, message_id = writes_with_a_picture(scenario)
    form = {"seen_state": "waiting", "seen_name": "", "seen_picture": message_id, "picture": "on"}
    publish = f"/console/testimonials/{Written.get().id}/publish"
    assert _post(console, publish, "/console/testimonials", **form) == 303
    scenario.settle()
    address = re.search(r'src="(/voices/pictures/[^"]+)"', scenario.web.get("/voices").text)
    assert address
    assert scenario.web.get(address[1]).mimetype == "image/jpeg"
    assert len(bucket.objects) == 2

    assert "取り下げました" in said(misaki.says("声を取り下げる"))
    assert scenario.web.get(address[1]).status_code == 404, "at once"
    misaki.handset.unsend(message_id)
    misaki.hears()
    scenario.pass_time(minutes=1)
    assert bucket.objects == {}, "and deleted soon after"


def test_staff_answer_with_files_that_the_customer_opens(
    scenario: Scenario, bucket: Bucket, console: FlaskClient
) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")
    page = page_of(misaki)
    answer = send(console, page, (photo(), "蓋.jpg"), (PDF, "使い方.pdf"), text="ご覧ください。")
    assert answer.status_code == 303
    misaki.hears()  # fetches the picture as LINE does
    assert "image" in [message["type"] for message in misaki.handset.received()[-3:]]
    shown = console.get(page, base_url=BASE).text
    sources = re.findall(r'src="(/console/media/staff-[^"]+)"', shown)
    assert sources
    assert all(console.get(each, base_url=BASE).status_code == 200 for each in sources)
    assert any(content == PDF for content, _ in bucket.objects.values())
    assert list(media.folder().iterdir()) == [], "nothing stays on this machine's disk"


def test_while_it_is_away_nothing_is_lost_and_the_owner_is_notified(
    scenario: Scenario, bucket: Bucket, console: FlaskClient
) -> None:
    bucket.refuses = True
    _, message_id = writes_with_a_picture(scenario)
    assert Media.get().state == media.WANTED
    assert "MEDIA_STORE=s3" in Notice.get().sentence
    bucket.refuses = False
    scenario.sleep(seconds=5)
    scenario.settle()
    assert Media.get().state == media.STORED

    bucket.refuses = True
    assert console.get(f"/console/media/{message_id}", base_url=BASE).status_code == 503
    bucket.refuses = False
    found = storage.find(Media.get().key)
    assert found is not None
    found.file.close()
