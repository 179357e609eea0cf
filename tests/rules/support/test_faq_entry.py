"""An FAQ entry: what its fields may hold, its CSV form, the diff of a change, and an entry made from a chat."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.faq import card as faq_card
from support.faq import file as faq_file
from support.faq.diff import Line, of_lists, of_texts
from support.faq.learning import draft, personal_details

TEXT = {"type": "text", "text": "送料は550円"}
LINK: dict[str, Any] = {
    "type": "button",
    "action": {"type": "uri", "label": "料金表", "uri": "https://goen.example/fees"},
}


def bubble(*parts: Any, **more: Any) -> dict[str, Any]:
    return {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [*parts]}, **more}


FIT = [
    bubble(TEXT),
    bubble(TEXT, {"type": "separator"}, LINK, size="kilo"),
    bubble({"type": "box", "layout": "horizontal", "contents": [TEXT, TEXT]}),
    bubble(TEXT, hero={"type": "image", "url": "https://goen.example/a.jpg"}),
    bubble({"type": "text", "contents": [{"type": "span", "text": "送料", "weight": "bold"}]}),
    bubble(TEXT | {"size": "14px", "margin": "md", "weight": "bold", "wrap": True, "flex": 0}),
    bubble({"type": "button", "action": {"type": "message", "label": "はい", "text": "はい"}}),
]
UNFIT = [
    # the card, and the field that is named
    ("{", "1行目"),
    ("[]", ""),
    ({"type": "carousel", "contents": []}, "type"),
    ({"type": "bubble"}, ""),
    (bubble(TEXT, size="huge"), "size"),
    (bubble({"type": "text", "text": ""}), "body.contents[0].text"),
    (bubble(TEXT, {"type": "text", "text": 5}), "body.contents[1].text"),
    (bubble({"type": "video"}), "body.contents[0].type"),
    (bubble("x"), "body.contents[0]"),
    (bubble({"type": "text", "text": "a", "color": "red"}), "body.contents[0].color"),
    (bubble(TEXT | {"size": "big"}), "body.contents[0].size"),
    (bubble(TEXT | {"margin": 8}), "body.contents[0].margin"),
    (bubble(TEXT | {"weight": "heavy"}), "body.contents[0].weight"),
    (bubble(TEXT | {"wrap": "true"}), "body.contents[0].wrap"),
    (bubble(TEXT | {"flex": "1"}), "body.contents[0].flex"),
    (bubble(LINK | {"style": "big"}), "body.contents[0].style"),
    (
        bubble({"type": "text", "contents": [{"type": "span", "text": "a", "weight": 700}]}),
        "body.contents[0].contents[0].weight",
    ),
    (
        bubble(TEXT, hero={"type": "image", "url": "https://goen.example/a.jpg", "aspectRatio": "wide"}),
        "hero.aspectRatio",
    ),
    (bubble(TEXT, hero={"type": "image", "url": "https://goen.example/箱.jpg"}), "hero.url"),
    (
        bubble({"type": "button", "action": LINK["action"] | {"uri": "https://goen.example/送料"}}),
        "body.contents[0].action.uri",
    ),
    (bubble({"type": "button"}), "body.contents[0].action"),
    (
        bubble({"type": "button", "action": {"type": "postback", "label": "a"}}),
        "body.contents[0].action.type",
    ),
    (
        bubble({"type": "button", "action": LINK["action"] | {"uri": "ftp://a"}}),
        "body.contents[0].action.uri",
    ),
    (
        bubble({"type": "button", "action": LINK["action"] | {"label": "あ" * 41}}),
        "body.contents[0].action.label",
    ),
    (bubble(TEXT, hero={"type": "image", "url": "http://goen.example/a.jpg"}), "hero.url"),
    (bubble({"type": "box", "layout": "diagonal", "contents": []}), "body.contents[0].layout"),
    (bubble({"type": "box", "layout": "baseline", "contents": [LINK]}), "body.contents[0].contents[0].type"),
    (bubble(*[{"type": "text", "text": "あ" * 2_000}] * 6), ""),
]


@pytest.mark.parametrize("card", FIT)
def test_a_card_that_line_takes_is_taken(card: Any) -> None:
    assert faq_card.fault_of(json.dumps(card)) is None
    assert faq_card.read(json.dumps(card)) == card


@pytest.mark.parametrize(("card", "place"), UNFIT)
def test_a_card_that_line_refuses_is_refused_with_its_place(card: Any, place: str) -> None:
    text = card if isinstance(card, str) else json.dumps(card, ensure_ascii=False)
    fault = faq_card.fault_of(text)
    assert fault is not None
    assert fault.place == place
    assert fault.reason
    assert faq_card.read(text) is None


def test_a_card_nested_without_end_is_refused() -> None:
    part: Any = TEXT
    for _ in range(12):
        part = {"type": "box", "layout": "vertical", "contents": [part]}
    fault = faq_card.fault_of(json.dumps(bubble(part)))
    assert fault
    assert "入れ子" in fault.reason
    assert faq_card.fault_of("[" * 100_000) is not None


def test_a_diff_shows_what_was_removed_before_what_took_its_place() -> None:
    assert of_texts("一\n二\n三", "一\n弐\n三") == [
        Line("kept", "一"),
        Line("removed", "二"),
        Line("added", "弐"),
        Line("kept", "三"),
    ]
    assert of_lists(["a"], ["a", "b"]) == [Line("kept", "a"), Line("added", "b")]
    assert of_texts("", "新しい") == [Line("added", "新しい")]
    assert of_texts("同じ", "同じ") == []


@pytest.mark.parametrize(
    ("words", "question", "paraphrases"),
    [
        (["駐車場はありますか？"], "駐車場はありますか？", ()),
        (
            ["すみません", "駐車場はありますか", "車で行きたいです"],
            "駐車場はありますか",
            ("車で行きたいです",),
        ),
        (["定期便を休みたいです", "よろしくお願いします"], "定期便を休みたいです", ()),
        (["箱がつぶれていました", "箱がつぶれていました"], "箱がつぶれていました", ()),
        (["長い\n二行の質問ですか"], "長い 二行の質問ですか", ()),
        (["ありがとう"], "", ()),
        ([], "", ()),
    ],
)
def test_a_chat_becomes_a_question_and_its_paraphrases(
    words: list[str], question: str, paraphrases: tuple[str, ...]
) -> None:
    made = draft(words, "はい。\r\nどうぞ。 ")
    assert (made.question, made.paraphrases, made.answer) == (question, paraphrases, "はい。\nどうぞ。")


def test_what_is_about_one_customer_alone_is_found() -> None:
    texts = [
        "山田さま、伝票番号は1234-5678-9012です。",
        "hanako@example.jp、東京都台東区へお送りします。3日後です。",
    ]
    assert personal_details(texts, "山田 花子") == [
        "山田",
        "1234-5678-9012",
        "hanako@example.jp",
        "東京都台東区",
    ]
    assert personal_details(["3営業日でお届けします。送料は550円です。"], "林 誠") == []


words = st.text(min_size=1, max_size=40)


@given(
    st.lists(
        st.tuples(
            words, words, st.lists(words, max_size=3), st.lists(st.text(max_size=8), max_size=3), words
        ),
        max_size=5,
        unique_by=lambda row: faq_file.one_line(row[0]),
    )
)
def test_what_was_exported_is_imported_as_it_was(table: list[Any]) -> None:
    """Whatever people typed: once it is stored, export and import give it back letter by letter."""
    rows = [
        faq_file.Row(
            0,
            faq_file.one_line(question),
            faq_file.as_written(answer),
            faq_file.paraphrases_of("\n".join(paraphrases)),
            faq_file.tags_of("\n".join(tags)),
            faq_file.one_line(product),
            "",
        )
        for question, answer, paraphrases, tags, product in table
    ]
    rows = [row for row in rows if row.question and row.answer]
    file = io.StringIO(newline="")
    faq_file.write(rows, file)
    back, bad = faq_file.read(("\ufeff" + file.getvalue()).encode())
    assert bad == []
    assert [(r.question, r.answer, r.paraphrases, r.tags, r.product, r.card) for r in back] == [
        (r.question, r.answer, r.paraphrases, r.tags, r.product, r.card) for r in rows
    ]


@pytest.mark.parametrize(
    "content",
    ['"質問', '"質問"と,回答\nはい,はい\n', '質問,回答\n"送料', f"質問,回答\n{'あ' * 200_000},はい\n"],
)
def test_a_file_that_is_no_csv_is_reported_and_never_breaks(content: str) -> None:
    rows, [bad] = faq_file.read(content.encode())
    assert rows == []
    assert "引用符の閉じ忘れ" in bad.reason


def test_a_column_that_is_not_there_says_nothing() -> None:
    [row], bad = faq_file.read("質問,回答\n送料は,550円\n".encode())
    assert bad == []
    assert (row.paraphrases, row.tags, row.product, row.card) == (None, None, None, None)


def test_no_cell_of_an_export_is_a_formula() -> None:
    file = io.StringIO(newline="")
    faq_file.write([faq_file.Row(0, "=A1", "@x", ("+1",), ("-t",), "=p", "")], file)
    assert "'=A1,'+1,'@x,'-t,'=p," in file.getvalue()
