"""How a step looks on LINE: what becomes a bubble, a card or a picture; names; how to stop; LINE's limits."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import settings as bot_settings
from bot.config import shop
from journeys.cards.product_cards import ShownProduct
from journeys.flows.definition import Step
from journeys.flows.step_messages import ShownTestimonial, StepContent, addresses, fill_in, render
from tests.line_limits import assert_valid
from tests.rules.journeys import steps

pytestmark = pytest.mark.usefixtures("settings")
PICTURE, PAGE, FILM = "https://shop.jp/tea.jpg", "https://shop.jp/how-to", "https://shop.jp/film"
LINK = {"label": "使い方を見る", "url": PAGE}
PRODUCT = ShownProduct(
    "湯のみ",
    "『緑茶』をお買い上げの方の3人に1人が、次のご注文で選んでいます",
    "https://shop.jp/cup",
    PICTURE,
    1_200,
)
VOICE = ShownTestimonial("香りがすてきです", "匿名のお客さま", "", "お礼として50ポイントを進呈しています")
COUPON = {"type": "text", "text": "クーポン"}
LONG = "あ" * 700


def step(**values: object) -> Step:
    return Step.model_validate({"key": "voices", **values})


def shape(message: dict[str, Any]) -> str:
    """The message in short: `text`, `image`, or the blocks of a card."""
    if message["type"] != "flex":
        return str(message["type"])
    return "+".join(name for name in ("hero", "body", "footer") if name in message["contents"])


@pytest.mark.parametrize(
    ("parts", "shapes"),
    [
        ({"text": "こんにちは"}, ["text"]),
        ({"text": "こんにちは", "link": LINK}, ["body+footer"]),
        ({"text": "こんにちは", "picture": PICTURE}, ["image", "text"]),
        ({"text": "こんにちは", "picture": PICTURE, "link": LINK}, ["hero+body+footer"]),
        ({"text": LONG, "link": LINK}, ["text", "footer"]),
        ({"text": "https://shop.jp/ をどうぞ", "link": LINK}, ["text", "footer"]),
        ({"text": "こんにちは", "video": LINK}, ["body+footer"]),
        ({"text": "こんにちは", "card": {"title": "お茶", "picture": PICTURE}}, ["text", "hero+body"]),
        ({"picture": PICTURE, "card": {"title": "お茶"}, "link": LINK}, ["hero+body+footer"]),
        ({"text": "こんにちは", "testimonial": "newest"}, ["text", "body"]),
        ({"text": "こんにちは", "testimonial": "newest", "link": LINK}, ["text", "body+footer"]),
        (
            {"text": "こんにちは", "testimonial": "newest", "card": {"title": "お茶"}, "link": LINK},
            ["text", "body+footer", "body"],
        ),
        ({"text": "こんにちは", "coupon": 3}, ["text", "text"]),
        ({"text": "こんにちは", "recommend": "history"}, ["text", "hero+body+footer"]),
        ({"recommend": "premium"}, ["hero+body+footer"]),
        ({"link": LINK}, ["footer"]),
        ({"set_tags": ["seen"]}, []),
    ],
)
def test_what_becomes_of_the_parts(parts: dict[str, object], shapes: list[str]) -> None:
    made = step(**parts)
    voice = VOICE if made.testimonial else None
    coupons = (COUPON,) if made.coupon else ()
    product = PRODUCT if made.recommend else None
    said = render(made, StepContent("花子", testimonial=voice, product=product, coupon_messages=coupons))
    assert [shape(each) for each in said] == shapes
    if said:
        assert_valid(said)


def test_buttons_set_tags_open_addresses_and_say_words() -> None:
    buttons = [
        {"label": "気になる", "tag": "has-concern"},
        {"label": "ページ", "url": PAGE},
        {"label": "相談", "say": "相談したい"},
    ]
    content = StepContent(
        links={PAGE: "https://goen.example/l/abc"}, tag_values={"enrolment": 12, "step": "voices"}
    )
    [card] = render(
        step(text="いかがですか？", buttons=buttons, video={"label": "動画", "url": FILM}), content
    )
    assert [button["action"] for button in card["contents"]["footer"]["contents"]] == [
        {"type": "uri", "label": "▶ 動画", "uri": FILM},
        {
            "type": "postback",
            "label": "気になる",
            "data": "flow.tag?enrolment=12&step=voices&tag=has-concern",
            "displayText": "気になる",
        },
        {"type": "uri", "label": "ページ", "uri": "https://goen.example/l/abc"},
        {"type": "message", "label": "相談", "text": "相談したい"},
    ]


@pytest.mark.parametrize(
    ("text", "named", "nameless"),
    [
        ("{name}さん、ありがとう！", "花子さん、ありがとう！", "ありがとう！"),
        ("{name}さん！\nどうぞ", "花子さん！\nどうぞ", "どうぞ"),
        ("{name}さんへ", "花子さんへ", "お客さまへ"),
        ("{name}様\n\nこの度は", "花子様\n\nこの度は", "この度は"),
        ("こんにちは、{name}さん。", "こんにちは、花子さん。", "こんにちは。"),
        ("どうも！ {name}さん、いかが？", "どうも！ 花子さん、いかが？", "どうも！ いかが？"),
        ("{name}は{shop}の友だち", "花子はひだまり堂の友だち", "お客さまはひだまり堂の友だち"),
        ("{nmae} {0} {} { 50%オフ }", "{nmae} {0} {} { 50%オフ }", "{nmae} {0} {} { 50%オフ }"),
        ("  ● 1つめ\n\n  ● 2つめ", "  ● 1つめ\n\n  ● 2つめ", "  ● 1つめ\n\n  ● 2つめ"),
    ],
)
def test_names_are_filled_in_and_all_else_leaves_as_written(text: str, named: str, nameless: str) -> None:
    assert (fill_in(text, "花子"), fill_in(text, "")) == (named, nameless)


def test_a_name_in_braces_stays_a_name() -> None:
    assert fill_in("{name}さん、{shop}です", "{shop}") == "{shop}さん、ひだまり堂です"


def test_a_testimonial_comes_with_its_words_as_they_are_and_its_disclosure() -> None:
    [_, card] = render(step(text="ほかの方の声です", testimonial="newest"), StepContent(testimonial=VOICE))
    shown = [part["text"] for part in card["contents"]["body"]["contents"]]
    assert shown == [
        "お客さまの声",
        "「香りがすてきです」",
        "匿名のお客さま",
        "お礼として50ポイントを進呈しています",
    ]


STOP = "配信をやめたいときは「配信停止」と送ってくださいね。"


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        ({"text": "おすすめです"}, 0),
        ({"text": "おすすめです", "link": LINK}, 0),
        ({"text": LONG, "link": LINK}, 1),
        ({"text": "あ" * 5000}, 0),
        ({"picture": PICTURE}, 1),
        ({"text": "おすすめです", "testimonial": "newest"}, 1),
    ],
)
def test_what_sells_says_how_to_stop_on_its_last_message(parts: dict[str, object], where: int) -> None:
    made = step(**parts)
    said = render(made, StepContent(testimonial=VOICE if made.testimonial else None, selling=True))
    assert [STOP in str(each) for each in said] == [at == where for at in range(len(said))]
    assert_valid(said)
    assert STOP not in str(render(step(**parts), StepContent(testimonial=VOICE)))


def test_a_step_whose_only_part_is_missing_says_nothing() -> None:
    assert render(step(testimonial="newest"), StepContent(selling=True)) == []


def test_the_shop_may_leave_the_line_out(settings: bot_settings.Settings) -> None:
    shop.use({"flow": {"words": {"stop": ""}}})
    assert render(step(text="おすすめです"), StepContent(selling=True)) == [
        {"type": "text", "text": "おすすめです"}
    ]
    shop.use({})


def test_each_address_is_listed_once() -> None:
    buttons = [{"label": "もう一度", "url": PAGE}, {"label": "別", "url": "https://shop.jp/other"}]
    made = step(
        text="どうぞ", link=LINK, video={"label": "動画", "url": FILM}, buttons=buttons, picture=PICTURE
    )
    assert addresses(made) == (FILM, PAGE, "https://shop.jp/other")


@settings(max_examples=50)
@given(steps.steps, st.text(max_size=20), st.booleans(), st.text(min_size=1).filter(str.strip))
def test_line_takes_whatever_a_step_can_hold(
    values: dict[str, Any], name: str, selling: bool, body: str
) -> None:
    made = Step.model_validate(values)
    voice = ShownTestimonial(body, name or "匿名", PICTURE, "進呈しています") if made.testimonial else None
    coupons = (COUPON,) if made.coupon else ()
    values = {"enrolment": 10**9, "step": made.key}
    said = render(made, StepContent(name, {}, voice, coupons, tag_values=values, selling=selling))
    if said:
        assert_valid(said)
    assert bool(said) >= bool(made.text.strip())
