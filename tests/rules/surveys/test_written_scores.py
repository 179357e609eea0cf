"""Which texts are a score and nothing else."""

import pytest

from surveys.nps.written_scores import is_number, score_in


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("10", 10),
        ("１０", 10),
        ("10点", 10),
        ("９点です", 9),
        (" 9 点 ", 9),
        ("8点かな。", 8),
        ("7点くらいですね", 7),
        ("0", 0),
        ("ゼロ", 0),
        ("じゅう", 10),
        ("十点", 10),
        ("十", 10),
        ("きゅう点！", 9),
        ("⑤", 5),
        ("9️⃣", 9),
        ("🔟", 10),
        ("10点✨✨", 10),
        ("09", 9),
    ],
)
def test_a_score_is_understood_however_it_is_written(text: str, score: int) -> None:
    assert score_in(text) == score


@pytest.mark.parametrize("text", ["11", "-1", "7.5", "100点", "−3"])
def test_other_numbers_are_numbers_and_no_scores(text: str) -> None:
    assert is_number(text)
    assert score_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "点",
        "👍",
        "9時に届きました",
        "9月",
        "10点満点でした、香りも好きです",
        "商品が2点届きません",
        "三日で届いた",
        "1001",
        "おい",
        "よんで",
        "にに",
        "9" * 5_000,
        "9-8",
        "1,000",
    ],
)
def test_other_words_are_neither(text: str) -> None:
    assert not is_number(text)
    assert score_in(text) is None
