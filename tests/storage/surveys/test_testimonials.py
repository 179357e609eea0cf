"""What may be published, on both databases: consent first, staff second, neither overtaken by the other."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from bot import localtime
from bot.db.database import write_transaction
from bot.files import pictures, storage
from customers.people import customer as customers
from surveys.testimonials import moderation, published, tables, testimonials
from surveys.testimonials.tables import Change, Consent, TestimonialState

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
STAFF = 7


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with localtime.fixed(NOON), write_transaction():
        yield


@pytest.fixture
def hanako() -> int:
    return int(customers.follow("U" + "a" * 32).id)


def wrote(customer_id: int, consent: Consent | None = Consent.NAMED, body: str = "しっとりします") -> int:
    written = testimonials.write(customer_id, body)
    if consent is not None:
        testimonials.decide(customer_id, written, consent, "花子" if consent is Consent.NAMED else "")
    return written


def seen(testimonial_id: int) -> tables.Testimonial:
    found = moderation.find(testimonial_id)
    assert found is not None
    return found


def publish(testimonial_id: int, picture: str = "") -> int | None:
    return moderation.publish(seen(testimonial_id), STAFF, picture)


def history(testimonial_id: int) -> list[tuple[str, str, str, int | None]]:
    rows = tables.TestimonialChange.select().where(tables.TestimonialChange.testimonial == testimonial_id)
    return [
        (row.change, row.shown_name, row.reason, row.staff_id)
        for row in rows.order_by(tables.TestimonialChange.id)
    ]


@pytest.mark.parametrize("consent", [None, Consent.REFUSED, Consent.WITHDRAWN])
def test_without_consent_nothing_is_published(hanako: int, consent: Consent | None) -> None:
    written = wrote(hanako, consent if consent is Consent.REFUSED else None)
    if consent is Consent.WITHDRAWN:
        testimonials.decide(hanako, written, Consent.NAMED, "花子")
        testimonials.withdraw(hanako, written)
    assert publish(written) is None
    assert published.published(10) == []


def test_who_decided_what_and_when_is_stored(hanako: int) -> None:
    written = wrote(hanako)
    publish(written)
    assert moderation.refuse(seen(written), STAFF, " 同じ写真が \n 2回 ") is not None
    publish(written)
    testimonials.withdraw(hanako, written)
    assert history(written) == [
        (Change.CONSENTED, "花子", "", None),
        (Change.PUBLISHED, "花子", "", STAFF),
        (Change.UNPUBLISHED, "", "同じ写真が 2回", STAFF),
        (Change.PUBLISHED, "花子", "", STAFF),
        (Change.WITHDRAWN, "", "", None),
    ]
    assert {row.changed_at for row in tables.TestimonialChange.select()} == {NOON}


def test_a_decision_holds_only_for_what_was_seen(hanako: int) -> None:
    written = wrote(hanako)
    before = seen(written)
    testimonials.decide(hanako, written, Consent.NICKNAME, "別の名前")
    assert moderation.publish(before, STAFF) is None, "another name"
    publish(written)
    assert moderation.publish(before, STAFF) is None, "published meanwhile"
    assert moderation.refuse(before, STAFF, "理由") is None
    assert seen(written).state == TestimonialState.PUBLISHED


def test_a_refusal_needs_its_reason_and_a_new_consent_does_not_undo_it(hanako: int) -> None:
    written = wrote(hanako)
    with pytest.raises(ValueError, match="reason"):
        moderation.refuse(seen(written), STAFF, " \n ")
    moderation.refuse(seen(written), STAFF, "ほかの方のお名前がある")
    testimonials.decide(hanako, written, Consent.ANONYMOUS)
    assert seen(written).state == TestimonialState.REFUSED
    assert [each.id for each in moderation.queue(TestimonialState.REFUSED, 10).testimonials] == [written]
    assert (
        moderation.queue(TestimonialState.REFUSED, 10).history[written][1].reason == "ほかの方のお名前がある"
    )


@pytest.mark.parametrize("leaves", ["withdrawn", "refused", "another name", "unsent"])
def test_the_public_picture_goes_with_the_page(hanako: int, leaves: str) -> None:
    written = wrote(hanako)
    tables.Testimonial.update(picture_message_id="4711").execute()
    storage.put("voices/0123.jpg", b"picture", "image/jpeg")
    publish(written, "voices/0123.jpg")
    assert published.has_picture("voices/0123.jpg")
    match leaves:
        case "withdrawn":
            testimonials.withdraw(hanako, written)
        case "refused":
            moderation.refuse(seen(written), STAFF, "理由")
        case "another name":
            assert testimonials.decide(hanako, written, Consent.NICKNAME, "Z")
        case _:
            testimonials.remove_unsent("4711")
    assert not published.has_picture("voices/0123.jpg")
    assert storage.find("voices/0123.jpg") is None


def test_words_that_were_unsent_are_forgotten_whatever_was_decided(hanako: int) -> None:
    for consent in (None, Consent.REFUSED, Consent.NAMED):
        written = testimonials.write(hanako, "しっとり", f"message-{consent}")
        if consent:
            testimonials.decide(hanako, written, consent, "花子")
        assert [gone.id for gone in testimonials.remove_unsent(f"message-{consent}")] == [written]
        assert (seen(written).body, seen(written).state) == ("", TestimonialState.WITHDRAWN)
        assert testimonials.decide(hanako, written, Consent.ANONYMOUS) is None


def test_the_page_goes_on_where_it_stopped_newest_first_even_when_that_one_left(hanako: int) -> None:
    ids = [wrote(hanako, body=str(number)) for number in range(5)]
    for number, written in enumerate(ids):
        with localtime.fixed(NOON + timedelta(minutes=number // 2)):
            publish(written)
    assert [voice.id for voice in published.published(2)] == [ids[4], ids[3]]
    testimonials.withdraw(hanako, ids[3])
    assert [voice.id for voice in published.published(9, before=ids[3])] == [ids[2], ids[1], ids[0]]


def test_queues_go_on_where_they_stopped_who_waits_longest_first(hanako: int) -> None:
    ids = [wrote(hanako, body=str(number)) for number in range(3)]
    page = moderation.queue(TestimonialState.WAITING, 2)
    assert [each.id for each in page.testimonials] == ids[:2]
    rest = moderation.queue(TestimonialState.WAITING, 2, page.next_after)
    assert ([each.id for each in rest.testimonials], rest.next_after) == (ids[2:], None)
    publish(ids[0])
    counted = moderation.counts()
    assert (
        counted[TestimonialState.WAITING],
        counted[TestimonialState.PUBLISHED],
        counted[TestimonialState.REFUSED],
    ) == (2, 1, 0)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" M.S. \n", "M.S."),
        ("はな\u200bこ\u202e", "はなこ"),
        ("二\n行", "二 行"),
        ("あ" * 21, ""),
        ("\u3000 ", ""),
    ],
)
def test_a_nickname_is_one_short_line_of_what_can_be_seen(typed: str, name: str) -> None:
    assert testimonials.nickname_of(typed) == name


# Pictures


def photograph(side: int = 2000) -> bytes:
    """As a phone takes it: rotated, with place, time and the phone's name in it."""
    image = Image.new("RGB", (side, side // 2), "#884400")
    exif = Image.Exif()
    exif[0x0110] = "Hanako's phone"
    exif[0x0112] = 6  # turn to the right
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 39.0, 29.0), 3: "E", 4: (139.0, 44.0, 28.0)})
    drawn = io.BytesIO()
    image.save(drawn, "JPEG", exif=exif, comment=b"at home", icc_profile=b"profile of this phone")
    return drawn.getvalue()


def test_the_public_copy_has_the_image_and_nothing_of_the_place() -> None:
    taken = photograph()
    assert Image.open(io.BytesIO(taken)).getexif().get_ifd(0x8825)[2] == (35.0, 39.0, 29.0)

    shown = pictures.redrawn(taken, 1280)

    image = Image.open(io.BytesIO(shown))
    assert image.size == (640, 1280), "upright, and no larger than a page needs"
    assert dict(image.getexif()) == {}
    assert not {"exif", "icc_profile", "comment", "photoshop", "xmp"} & image.info.keys()
    for secret in (b"Exif", b"Hanako", b"home", b"profile of"):
        assert secret not in shown


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff\xe0broken", b"GIF89a", b"<svg/>", photograph()[:900]]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(pictures.Unfit):
        pictures.redrawn(content, 1280)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_a_transparent_picture_gets_a_white_background(mode: str) -> None:
    drawn = io.BytesIO()
    clear = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    (clear.quantize(4) if mode == "PA" else clear.convert(mode)).save(drawn, "PNG")
    shown = Image.open(io.BytesIO(pictures.redrawn(drawn.getvalue(), 1280)))
    assert shown.getpixel((5, 5)) == (255, 255, 255)
