"""The public page of testimonials: unchanged words, what was given for them, and nothing else of anybody."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.config import shop
from bot.db.database import write_transaction
from bot.files import storage
from customers.people import customer as customers
from surveys.testimonials import moderation, tables, testimonials
from surveys.testimonials import page as testimonials_page
from surveys.testimonials.tables import Consent

JPEG = b"\xff\xd8\xff\xe0picture"
GIVEN: dict[str, int] = {}


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    GIVEN.clear()
    shop.use({})
    app = Flask(__name__)
    app.register_blueprint(
        testimonials_page.pages(lambda causes: {each: GIVEN[each] for each in causes if each in GIVEN})
    )
    with app.test_client() as client:
        yield client


def a_testimonial(body: str = "しっとりします", name: str = "花子", picture: bool = False) -> int:
    with write_transaction():
        hanako = customers.follow("U" + "a" * 32)
        customers.learn_profile(hanako, "山田 花子")
        written = testimonials.write(hanako.id, body)
        testimonials.decide(hanako.id, written, Consent.NICKNAME if name else Consent.ANONYMOUS, name)
        found = moderation.find(written)
        assert found
        key = f"voices/{written:032}.jpg" if picture else ""
        if key:
            storage.put(key, JPEG, "image/jpeg")
        assert moderation.publish(found, 7, key)
    return written


def withdrawn(written: int) -> None:
    with write_transaction():
        testimonials.withdraw(tables.Testimonial.get_by_id(written).customer_id, written)


def test_the_words_stand_as_they_were_written_and_are_only_text(client: FlaskClient) -> None:
    a_testimonial("一行目\n  <script>alert(1)</script> & {shop}")
    page = client.get("/voices")
    assert page.status_code == 200
    assert (
        "<blockquote>一行目\n  &lt;script&gt;alert(1)&lt;/script&gt; &amp; {shop}</blockquote>" in page.text
    )
    assert "white-space:pre-wrap" in page.text


def test_nothing_of_the_writer_is_there_but_the_name_they_agreed_to(client: FlaskClient) -> None:
    a_testimonial(name="はな")
    a_testimonial(name="")
    page = client.get("/voices").text
    assert "はなさん" in page
    assert "匿名のお客さま" in page
    for secret in ("山田", "花子", "U" + "a" * 32, "ベーシック"):
        assert secret not in page


def test_what_was_given_for_each_is_said_beside_it(client: FlaskClient) -> None:
    GIVEN[f"testimonial:{a_testimonial('古いほう')}"] = 1_050
    a_testimonial("新しいほう")
    newest, oldest = client.get("/voices").text.split("</li>")[:2]
    assert "進呈しています" not in newest
    assert "この感想にはお礼として1,050ポイントを進呈しています" in oldest


def test_browsers_ask_each_time_and_learn_when_nothing_changed(client: FlaskClient) -> None:
    written = a_testimonial(picture=True)
    for path in ("/voices", f"/voices/{written}", f"/voices/pictures/{written:032}.jpg"):
        first = client.get(path)
        assert (first.status_code, first.headers["Cache-Control"]) == (200, "public, no-cache")
        headers = {"If-None-Match": first.headers["ETag"]}
        assert client.get(path, headers=headers).status_code == 304
        assert "Set-Cookie" not in first.headers
    withdrawn(written)
    assert client.get("/voices", headers=headers).status_code == 200
    assert client.get(f"/voices/{written}").status_code == 404
    assert client.get(f"/voices/pictures/{written:032}.jpg", headers=headers).status_code == 404


def test_a_picture_is_shown_while_its_testimonial_is(client: FlaskClient) -> None:
    written = a_testimonial(picture=True)
    page = client.get("/voices").text
    assert f'<img src="/voices/pictures/{written:032}.jpg" alt="花子さんのお写真">' in page
    answer = client.get(f"/voices/pictures/{written:032}.jpg")
    assert (answer.mimetype, answer.data) == ("image/jpeg", JPEG)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["../media/1", "..%2fmedia%2f1", "1", "%00.jpg"])
def test_no_other_file_of_ours_can_be_had(client: FlaskClient, name: str) -> None:
    a_testimonial(picture=True)
    storage.put("media/1", b"private", "image/jpeg")
    assert client.get(f"/voices/pictures/{name}").status_code == 404


def test_older_ones_are_a_page_further(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testimonials_page, "PAGE_LENGTH", 2)
    ids = [a_testimonial(str(number)) for number in range(3)]
    first = client.get("/voices").text
    assert first.index(f'id="v{ids[2]}"') < first.index(f'id="v{ids[1]}"')
    assert f'href="/voices?before={ids[1]}"' in first
    second = client.get(f"/voices?before={ids[1]}").text
    assert f'id="v{ids[0]}"' in second
    assert "前の感想へ" not in second
    assert f'id="v{ids[2]}"' in client.get("/voices?before=strange").text


def test_an_empty_page_says_so_and_nothing_on_it_may_act(client: FlaskClient) -> None:
    answer = client.get("/voices")
    assert "まだありません" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    assert "noindex" not in answer.headers.get("X-Robots-Tag", "")
