"""Staff publish testimonials unchanged, or refuse them with a reason; each decision is stored with who and when."""

import io
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from bot.db.database import write_transaction
from bot.files import storage
from bot.queue.inbox import InboxEvent
from customers.people.customer import Customer
from rewards.ledger import ledger
from surveys.testimonials import moderation, published, tables, testimonials
from surveys.testimonials.tables import Consent, TestimonialState
from tests.console import chats
from tests.console.conftest import SignIn, get, post
from tests.console.pictures import broken_lid

PAGE = "/console/testimonials"
WORDS = "香りは好きです。\n<b>ただ</b>、少し高いかな。"


def wrote(
    who: Customer, consent: Consent = Consent.NAMED, picture: bytes | None = None, points: int = 50
) -> int:
    if picture is not None:
        chats.sent(who, "4711", picture)
    name = who.display_name if consent is Consent.NAMED else ""
    with write_transaction():
        written = testimonials.write(
            who.id, WORDS, picture_message_id="4711" if picture is not None else None
        )
        testimonials.decide(who.id, written, consent, name)
        if points:
            ledger.earn(who.id, "testimonial", points, f"testimonial:{written}")
    return written


def decide(client: FlaskClient, testimonial_id: int, verdict: str, **form: str):  # type: ignore[no-untyped-def] # werkzeug's TestResponse
    """Press a button of that card, as the page shows it."""
    found = moderation.find(testimonial_id)
    assert found
    page = get(client, f"{PAGE}?queue={found.state}").text
    card = page.partition(f"/testimonials/{testimonial_id}/{verdict}")[2].partition("</form>")[0]
    hidden = dict(re.findall(r'name="(seen_\w+)" value="([^"]*)"', card))
    return post(client, f"{PAGE}/{testimonial_id}/{verdict}", page=PAGE, **(hidden | form))


def events(kind: str) -> list[dict[str, object]]:
    return [json.loads(row.body) for row in InboxEvent.select().where(InboxEvent.source == kind)]


def state(testimonial_id: int) -> str:
    found = moderation.find(testimonial_id)
    assert found
    return str(found.state)


@pytest.fixture
def hanako() -> Customer:
    return chats.customer("山田 花子")


def test_staff_see_the_words_as_they_are_and_what_was_agreed_to(sign_in: SignIn, hanako: Customer) -> None:
    staff = sign_in("staff")
    assert "ここには、まだ感想がありません" in get(staff, PAGE).text
    wrote(hanako)
    page = get(staff, PAGE).text
    assert "香りは好きです。\n&lt;b&gt;ただ&lt;/b&gt;、少し高いかな。" in page
    assert "LINEの名前で掲載OK" in page
    assert "山田 花子さん" in page
    assert "<dd>50</dd>" in page
    assert "<textarea" not in page, "no word of it can be changed"


def test_each_queue_is_an_address_and_a_strange_one_is_the_first(sign_in: SignIn, hanako: Customer) -> None:
    staff = sign_in("staff")
    written = wrote(hanako)
    for queue in ("published", "refused", "withdrawn", "private"):
        assert f'id="t-{written}"' not in get(staff, f"{PAGE}?queue={queue}").text
    for queue in ("waiting", "strange", "written"):
        assert f'id="t-{written}"' in get(staff, f"{PAGE}?queue={queue}").text
    assert f'id="t-{written}"' not in get(staff, f"{PAGE}?queue=waiting&after={written}").text


def test_published_is_shown_at_once_and_the_worker_gets_an_event(sign_in: SignIn, hanako: Customer) -> None:
    written = wrote(hanako, Consent.ANONYMOUS)
    staff = sign_in("staff")
    assert decide(staff, written, "publish").status_code == 303
    [voice] = published.published(9)
    assert (voice.body, voice.shown_name) == (WORDS, "")
    [event] = events("testimonial.published")
    assert event["testimonial_id"] == written
    assert "佐藤 はな" in get(staff, f"{PAGE}?queue=published").text, "who published it"


def test_a_picture_is_published_without_what_the_phone_wrote_into_it(
    sign_in: SignIn, hanako: Customer
) -> None:
    taken = Image.open(io.BytesIO(broken_lid()))
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 39.0, 29.0)})
    with_place = io.BytesIO()
    taken.save(with_place, "JPEG", exif=exif)
    written = wrote(hanako, picture=with_place.getvalue())
    staff = sign_in("staff")
    assert 'src="/console/media/4711"' in get(staff, PAGE).text
    decide(staff, written, "publish", picture="on")
    [voice] = published.published(9)
    stored = storage.find(voice.picture)
    assert stored is not None
    with stored.file:
        image = Image.open(stored.file)
        assert max(image.size) == 1280
        assert not image.getexif().get_ifd(0x8825)


def test_staff_may_leave_the_picture_out(sign_in: SignIn, hanako: Customer) -> None:
    written = wrote(hanako, picture=broken_lid())
    decide(sign_in("staff"), written, "publish")
    [voice] = published.published(9)
    assert voice.picture == ""


def test_a_picture_that_cannot_be_shown_publishes_nothing(sign_in: SignIn, hanako: Customer) -> None:
    written = wrote(hanako, picture=b"\xff\xd8\xff\xe0broken")
    staff = sign_in("staff")
    decide(staff, written, "publish", picture="on")
    assert "この写真は載せられませんでした" in get(staff, PAGE).text
    assert (state(written), events("testimonial.published")) == (TestimonialState.WAITING, [])


def test_a_picture_on_its_way_is_waited_for(sign_in: SignIn, hanako: Customer) -> None:
    chats.sent(hanako, "4711")
    written = wrote(hanako)
    tables.Testimonial.update(picture_message_id="4711").execute()
    staff = sign_in("staff")
    decide(staff, written, "publish", picture="on")
    assert "写真を受信しています" in get(staff, PAGE).text
    assert state(written) == TestimonialState.WAITING


def test_a_refusal_is_stored_with_its_reason_and_nobody_is_notified(
    sign_in: SignIn, hanako: Customer
) -> None:
    written = wrote(hanako)
    staff = sign_in("staff")
    decide(staff, written, "refuse", reason="  ")
    assert "理由を入れてください" in get(staff, PAGE).text
    assert state(written) == TestimonialState.WAITING
    decide(staff, written, "refuse", reason="効果を断言している")
    page = get(staff, f"{PAGE}?queue=refused").text
    assert "効果を断言している" in page
    assert "佐藤 はな" in page
    assert InboxEvent.select().count() == 0
    assert ledger.balance(hanako.id) == 50, "points are for writing"


def test_what_was_published_can_be_unpublished_and_the_worker_gets_an_event(
    sign_in: SignIn, hanako: Customer
) -> None:
    written = wrote(hanako)
    owner = sign_in("owner")
    decide(owner, written, "publish")
    decide(owner, written, "refuse", reason="ご本人から電話")
    assert published.published(9) == []
    [event] = events("testimonial.unpublished")
    assert event["testimonial_id"] == written
    assert state(written) == TestimonialState.REFUSED


def test_a_button_on_a_page_that_was_overtaken_does_nothing(sign_in: SignIn, hanako: Customer) -> None:
    written = wrote(hanako)
    staff = sign_in("staff")
    stale: dict[str, Any] = {"seen_state": "waiting", "seen_name": "別の名前", "seen_picture": ""}
    for verdict in ("publish", "refuse"):
        post(staff, f"{PAGE}/{written}/{verdict}", page=PAGE, reason="理由", **stale)
        assert "いまの間に変わりました" in get(staff, PAGE).text
    with write_transaction():
        testimonials.withdraw(hanako.id, written)
    post(staff, f"{PAGE}/{written}/publish", page=PAGE, **(stale | {"seen_name": "山田 花子"}))
    assert state(written) == TestimonialState.WITHDRAWN
    assert post(staff, f"{PAGE}/999/publish", page=PAGE).status_code == 404


def test_many_come_twenty_at_a_time(sign_in: SignIn) -> None:
    for number in range(25):
        wrote(chats.customer(f"お客様 {number}"))
    staff = sign_in("staff")
    page = get(staff, PAGE).text
    assert page.count("<article") == 20
    last = re.search(r"after=(\d+)", page)
    assert last
    assert get(staff, f"{PAGE}?queue=waiting&after={last[1]}").text.count("<article") == 5
