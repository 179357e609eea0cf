"""Which unanswered questions are one question, on a week of a shop's chats small enough to judge by reading."""

import random

from support.faq.clusters import Question, group

WEEK = [
    # customer, what they wrote
    (1, "駐車場はありますか"),
    (2, "駐車場ありますか？"),
    (3, "お店の駐車場はどこ"),
    (1, "駐車場はありますか"),
    (4, "店舗はありますか"),
    (5, "詰め替え用はありますか"),
    (6, "詰替え用ありますか？"),
    (7, "詰め替えはないですか"),
    (8, "石けんの香りは何種類ありますか"),
    (9, "香りの種類を教えて"),
    (10, "アルバイト募集していますか"),
    (11, "ありがとうございます"),
    (12, "？"),
    (13, "つめかえはありますか"),
    (14, "つめかえありますか"),
]
QUESTIONS = [Question(number, customer, words) for number, (customer, words) in enumerate(WEEK, 1)]


def groups(questions: list[Question]) -> list[tuple[int, list[str]]]:
    return [(each.customer_count, [phrase.words for phrase in each.phrases]) for each in group(questions)]


def test_questions_alike_are_one_and_customers_are_counted_once() -> None:
    assert groups(QUESTIONS) == [
        (3, ["詰め替え用はありますか", "詰替え用ありますか？", "詰め替えはないですか"]),
        (3, ["駐車場はありますか", "駐車場ありますか？", "お店の駐車場はどこ"]),
        (2, ["つめかえはありますか", "つめかえありますか"]),
        (2, ["石けんの香りは何種類ありますか", "香りの種類を教えて"]),
        (1, ["アルバイト募集していますか"]),
        (1, ["店舗はありますか"]),
    ]


def test_each_question_is_in_one_group_and_thanks_are_in_none() -> None:
    numbers = sorted(number for each in group(QUESTIONS) for number in each.question_ids)
    assert numbers == [number for number in range(1, 16) if number not in (12, 13)]


def test_the_same_questions_give_the_same_groups_in_whatever_order_they_come() -> None:
    shuffled = QUESTIONS[:]
    random.Random(3).shuffle(shuffled)
    assert group(shuffled) == group(QUESTIONS)


def test_marks_and_widths_make_no_other_phrase() -> None:
    [only] = group(
        [Question(1, 1, "ポイントは？"), Question(2, 2, "ﾎﾟｲﾝﾄは"), Question(3, 2, "「ポイント」は！")]
    )
    assert (len(only.phrases), only.customer_count, only.leader.words) == (1, 2, "「ポイント」は！")


def test_what_nearly_all_ask_is_still_one_question() -> None:
    """Words in every phrase are not rare, but must not count for nothing."""
    many = [
        Question(n, n, f"駐車場{end}")
        for n, end in enumerate(("は", "ありますか", "どこ", "の場所", "使えますか"))
    ]
    assert [each.customer_count for each in group(many)] == [5]


def test_no_questions_give_no_groups() -> None:
    assert group([]) == []
    assert group([Question(1, 1, "😀"), Question(2, 1, "")]) == []
