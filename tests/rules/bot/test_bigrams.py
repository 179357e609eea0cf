"""Bigrams for Japanese search: neighbouring letters, whatever their width and case."""

from bot.text.bigrams import around, folded, marked, pairs, sought


def test_a_text_is_its_neighbouring_letters_and_none_across_marks() -> None:
    assert pairs(folded("返品できる？はい")) == ["返品", "品で", "でき", "きる", "はい"]
    assert pairs(folded("ABC 1")) == ["ab", "bc"]


def test_width_and_case_make_no_difference() -> None:
    assert folded("ﾊﾝﾄﾞｸﾘｰﾑ ＡＢＣ") == folded("ハンドクリーム abc")


def test_a_query_is_its_words() -> None:
    assert sought(" 返品　ＯＫ？ ") == ["返品", "ok"]


def test_what_matches_is_marked_as_it_was_written() -> None:
    assert marked("箱がＯＫです", ["ok"]) == [("箱が", False), ("ＯＫ", True), ("です", False)]
    assert marked("ささささ", ["ささ"]) == [("ささささ", True)]
    assert marked("", ["ok"]) == []


def test_of_a_long_text_the_part_that_matches_is_shown() -> None:
    text = "あ" * 300 + "返品" + "い" * 300
    part = around(text, ["返品"])
    assert "返品" in part
    assert part.startswith("…")
    assert part.endswith("…")
    assert len(part) == 122
    assert around("短い\n文", ["文"]) == "短い 文"


def test_a_name_is_marked_in_the_form_in_which_it_was_written() -> None:
    assert marked("山﨑です", sought("山崎")) == [("山﨑", True), ("です", False)]
    assert marked("ﾊﾞｼﾞﾙと邉\U000e0101", sought("ばじる 辺")) == [
        ("ﾊﾞｼﾞﾙ", True),
        ("と", False),
        ("邉\U000e0101", True),
    ]
