"""How the FAQ search ranks and when it gives no answer, on a few entries whose order can be worked out by hand."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.faq.search import Entry, FaqVerdict, Index, Nearness
from support.text.bm25 import bare, grams, pairs

SHIPPING, RETURNS, SKIP, POINTS = 1, 2, 3, 4
STOCK = [
    Entry(
        SHIPPING, "送料はいくらですか？", "お届け先によって変わります。", ("送料について教えて", "配送料は？")
    ),
    Entry(RETURNS, "返品はできますか？", "お送りいただく前にスタッフへご連絡ください。", ("商品を返したい",)),
    Entry(SKIP, "定期便をお休みしたいです", "次回の発送準備の前にお知らせください。", ("スキップしたい",)),
    Entry(POINTS, "ポイントの有効期限は？", "最後のお買い物から一年です。", ("ぽいんとのきげん",)),
]
SHARED = Path(__file__).resolve().parents[4] / "shared" / "faq" / "dev"

ANSWER, OFFER, NOTHING = FaqVerdict.ANSWER_OUTRIGHT, FaqVerdict.OFFER_TITLES, FaqVerdict.NOTHING_FITS

DECISIONS = [
    ("送料はいくらですか？", ANSWER, SHIPPING),
    ("送料は、いくらですか", ANSWER, SHIPPING),  # marks do not count
    ("ポイントの有効期限は", ANSWER, POINTS),
    ("ﾎﾟｲﾝﾄの有効期限は?", ANSWER, POINTS),  # half-width kana
    ("すみません、送料いくらですか？", ANSWER, SHIPPING),
    ("ぽいんとのきげん", ANSWER, POINTS),  # a paraphrase in hiragana alone
    ("ぽいんとのきげんは", ANSWER, POINTS),  # read as 「ポイントの期限は」
    ("ﾍﾝﾋﾟﾝ ﾃﾞｷﾏｽｶ", ANSWER, RETURNS),
    ("送料", ANSWER, SHIPPING),  # a word that one entry alone is asked by
    ("定期便を一回スキップしたいのですが", ANSWER, SKIP),
    ("昨日注文した者です。送料はいくらでしょうか？", ANSWER, SHIPPING),
    (
        "初めまして。いつも美味しいお茶をありがとうございます。\n送料はいくらですか？\nよろしくお願いします。",
        ANSWER,
        SHIPPING,
    ),
    ("初めまして、よろしくお願いします", NOTHING, None),
    ("こんにちは", NOTHING, None),
    ("ありがとうございます😊", NOTHING, None),
    ("明日の天気を教えて", NOTHING, None),
    ("😀😀😀", NOTHING, None),
    ("", NOTHING, None),
    ("？", NOTHING, None),
]


@pytest.mark.parametrize(("words", "verdict", "entry_id"), DECISIONS)
def test_decision(words: str, verdict: FaqVerdict, entry_id: int | None) -> None:
    decision = Index(STOCK).decide(words)
    assert decision.verdict is verdict
    assert decision.entry_ids[:1] == (() if entry_id is None else (entry_id,))


def test_two_questions_in_one_message_are_both_answered() -> None:
    decision = Index(STOCK).decide("ポイントの有効期限は？あと、商品を返したいです")
    assert (decision.verdict, set(decision.entry_ids)) == (ANSWER, {POINTS, RETURNS})


def test_a_choice_of_one_is_never_offered() -> None:
    stock = [*STOCK, Entry(5, "配送料はいくらから無料ですか？", "ページをご覧ください。")]
    decision = Index(stock).decide("送料")
    assert decision.verdict is OFFER
    assert len(decision.entry_ids) >= 2


def test_what_only_the_stock_can_decide_is_read_in_its_spelling() -> None:
    stock = [Entry(1, "ダージリンはありますか", "あります。"), *STOCK[1:]]
    assert Index(stock).decide("だーじりんありますか").entry_ids == (1,)


def test_at_most_three_titles_are_offered() -> None:
    stock = [Entry(number, f"送料と{word}", "") for number, word in enumerate("海山川空森")]
    decision = Index(stock).decide("送料")
    assert decision.verdict is OFFER
    assert len(decision.entry_ids) == 3


def test_two_entries_that_fit_alike_are_offered_and_not_guessed_between() -> None:
    stock = [Entry(1, "注文を変更したい", ""), Entry(2, "注文は変更したい", ""), *STOCK[1:]]
    decision = Index(stock).decide("注文も変更したい")
    assert (decision.verdict, decision.entry_ids[:2]) == (OFFER, (1, 2))


def test_a_phrase_written_at_two_entries_is_not_taken_for_either() -> None:
    stock = [
        Entry(1, "送料はいくら？", "本州の場合", ("送料",)),
        Entry(2, "返送料はいくら？", "返品の場合", ("送料",)),
    ]
    assert Index(stock).decide("送料").verdict is OFFER


def test_an_entry_without_a_question_is_found_by_its_answer() -> None:
    index = Index([Entry(1, "", "送料は全国一律です"), Entry(2, "", "返品は七日以内にどうぞ")])
    assert index.rank("返品したい")[0].entry_id == 2


def test_the_question_counts_more_than_the_answer() -> None:
    index = Index([Entry(1, "返品の期限", "七日です"), Entry(2, "七日です", "返品の期限")])
    assert [match.entry_id for match in index.rank("返品の期限")] == [1, 2]


def test_many_paraphrases_do_not_weaken_an_entry() -> None:
    plain = Index(STOCK).rank("返品の方法")[0]
    padded = Entry(
        RETURNS, STOCK[1].question, STOCK[1].answer, tuple(f"箱が{n}個つぶれた" for n in range(30))
    )
    assert Index([STOCK[0], padded, *STOCK[2:]]).rank("返品の方法")[0].entry_id == plain.entry_id == RETURNS


def test_an_empty_stock_abstains() -> None:
    assert Index([]).decide("送料はいくらですか").verdict is NOTHING
    assert Index([Entry(1, "", "")]).decide("送料はいくらですか").verdict is NOTHING


def test_the_longest_text_line_takes_is_no_trouble() -> None:
    assert Index(STOCK).decide("送料" * 2_500).matches
    assert Index(STOCK).decide("😀" * 2_500).verdict is NOTHING


def test_grams_leave_hiragana_out_and_do_not_cross_marks() -> None:
    assert dict(grams("ＡＢの、税は")) == {"a": 1, "b": 1, "ab": 1, "bの": 1, "税": 1, "税は": 1}


def test_pairs_keep_hiragana() -> None:
    assert pairs("返す、か") == {"返す", "すか"}
    assert pairs("か") == {"か"}
    assert bare("「Ａ・ｂ」 ！") == "ab"


def test_chitchat_of_strangers_is_hardly_ever_answered() -> None:
    """The share of open small talk that gets an entry as an answer: 3 % at most."""
    if not SHARED.is_dir():
        pytest.skip(
            "../shared/faq is not here: the questions it was developed with are no part of the project"
        )
    queries = [
        json.loads(line) for line in (SHARED / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    stock = [json.loads(line) for line in (SHARED / "faq.jsonl").read_text(encoding="utf-8").splitlines()]
    numbers = {row["id"]: number for number, row in enumerate(stock)}
    index = Index(Entry(numbers[row["id"]], row["question"], row["answer"]) for row in stock)
    chitchat = [query["query"] for query in queries if query["kind"] == "chitchat"]
    asked = [query for query in queries if query["relevant"]]
    answered = [words for words in chitchat if index.decide(words).verdict is ANSWER]
    assert len(answered) <= 0.03 * len(chitchat)
    right = [
        query
        for query in asked
        if index.rank(query["query"], 1)[0].entry_id in {numbers[name] for name in query["relevant"]}
    ]
    assert len(right) >= 0.70 * len(asked)


LARGER = [
    *STOCK,
    *(Entry(number, f"{word}について", "はい。") for number, word in enumerate("海山川空森", 10)),
]
NEAR = {entry.id: 0.80 for entry in LARGER} | {RETURNS: 0.82, POINTS: 0.92}
"""The cosines of texts that are about points without naming them."""


def near(cosines: Mapping[int, float]) -> Nearness:
    """A model in which any words are that near to each entry."""
    return lambda _words: cosines


def test_a_meaning_that_stands_out_is_answered_though_the_words_differ() -> None:
    decision = Index(LARGER).decide("貯めたものはいつ消えますか", near(NEAR))
    assert (decision.verdict, decision.entry_ids) == (ANSWER, (POINTS,))


@pytest.mark.parametrize(
    ("cosines", "verdict"),
    [
        (NEAR | {POINTS: 0.90, RETURNS: 0.899}, OFFER),  # two mean nearly the same
        (dict.fromkeys(NEAR, 0.76), NOTHING),  # nothing is near
        ({}, NOTHING),  # no model
    ],
)
def test_a_meaning_that_is_not_one_entrys_alone_is_no_answer(
    cosines: dict[int, float], verdict: FaqVerdict
) -> None:
    assert Index(LARGER).decide("貯めたものはいつ消えますか", near(cosines)).verdict is verdict


def test_what_shares_words_but_means_something_else_is_not_answered() -> None:
    words = "送料込みの福袋は発売しますか"
    far = near(dict.fromkeys(NEAR, 0.78))
    assert Index(LARGER).decide(words, far).verdict is not ANSWER


def test_an_entry_whose_meaning_is_not_known_yet_is_found_by_its_words() -> None:
    known = {key: value for key, value in NEAR.items() if key != SHIPPING}
    ranked = Index(STOCK).rank("送料についてですが", near=near(known))
    assert SHIPPING in [match.entry_id for match in ranked[:2]]
