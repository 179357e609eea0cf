"""The message builders make messages that LINE accepts, from any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.line import messages as line
from tests.line_limits import assert_valid

anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(sentence=anything, longest=st.integers(1, 30))
def test_a_shortened_sentence_fits_and_is_otherwise_unchanged(sentence: str, longest: int) -> None:
    shortened = line.cut(sentence, longest)
    assert units(shortened) <= longest
    assert shortened == sentence or shortened.endswith("…")


def test_an_emoji_is_two_units_and_never_cut_in_half() -> None:
    assert line.cut("🍵🍵🍵", 6) == "🍵🍵🍵"
    assert line.cut("🍵🍵🍵", 5) == "🍵🍵…"
    assert line.cut("🍵🍵🍵", 4) == "🍵…"


@pytest.mark.parametrize("sentence", ["お茶", "", "🍵" * 5000, "あ" * 5001, "改\n行"])
def test_a_text_of_any_length(sentence: str) -> None:
    assert_valid([line.text(sentence)])


def test_more_chips_than_line_shows_are_left_out() -> None:
    message = line.text("どれにしますか？", [line.say(f"{number}番") for number in range(20)])
    assert len(message["quickReply"]["items"]) == line.MOST_QUICK_REPLIES
    assert_valid([message])


def test_every_kind_of_action_with_words_that_are_too_long() -> None:
    endless = "とても長いことば" * 100
    actions = [
        line.postback(endless, "nps.score", endless, score=9),
        line.say(endless, endless),
        line.open_uri(endless, line.share("お友達に🍵")),
        line.open_uri("チャット", line.prefilled_chat("@goen", "紹介コード ABC")),
    ]
    assert_valid([line.text("どうぞ", actions)])
    card = line.bubble([line.words(endless), line.separator()], [line.button(action) for action in actions])
    assert_valid([line.flex(endless, card)])


def test_cards_side_by_side_are_twelve_at_most() -> None:
    cards = line.carousel([line.bubble([line.words(str(number))]) for number in range(15)])
    assert len(cards["contents"]) == 12
    assert_valid([line.flex("一覧", cards)])


def test_links_are_percent_encoded() -> None:
    assert (
        line.prefilled_chat("@goen", "紹介 A")
        == "https://line.me/R/oaMessage/%40goen/?%E7%B4%B9%E4%BB%8B%20A"
    )
    assert line.share("a b") == "https://line.me/R/share?text=a%20b"


def test_quick_replies_stand_below_the_last_message_where_alone_line_shows_them() -> None:
    chips = [line.say("はい", "はい")]
    others = [line.say("いいえ", "いいえ")]
    bare = [line.text("一"), line.text("二", chips)]
    assert line.choices_last([line.text("一", chips), line.text("二")]) == bare
    assert line.choices_last([line.text("一", others), line.text("二", chips)]) == bare
    assert line.choices_last(bare) == bare
    assert line.choices_last([]) == []
