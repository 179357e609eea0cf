"""The kind of a customer's message: lower bounds on the labelled set, confusable messages, and the time it takes."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

from benchmarks import listening as labelled
from support import listening
from support.listening import ConversationState, MessageKind, classifier, hear


def test_the_model_was_fitted_on_these_messages_and_rules() -> None:
    fitted = classifier.read(classifier.FILE).data_hash
    assert fitted == labelled.data_hash(), (
        "messages or rules changed: run `python -m benchmarks.fit_listening`"
    )


FLOORS = {  # of danger, harm and damage by class; of what reaches a person; false alarms
    "tuned": (0.98, 0.99, 0.01),
    "learned": (0.96, 0.98, 0.01),
    "held_out": (0.91, 0.95, 0.04),
    "blind": (0.89, 0.94, 0.04),
}


@pytest.mark.parametrize("part", FLOORS)
def test_the_labelled_set_is_heard(part: str) -> None:
    """The lower bounds are below what is measured, so that a new rule may lose a message, but not a class."""
    rows = labelled.messages(part)
    figures = labelled.measure(rows, map(labelled.heard_as, rows))
    by_class, reaching, false_alarms = FLOORS[part]

    for kind in ("danger", "harm", "damage"):
        right, whole = figures.recall[kind]
        assert right / whole >= by_class, kind
    reached, alarming = figures.reached
    assert reached / alarming >= reaching
    false, ordinary = figures.false_alarms
    assert false / ordinary <= false_alarms


def test_the_set_is_large_and_has_every_state_and_class() -> None:
    rows = labelled.messages()

    assert len(rows) >= 8_000
    assert len({each.text for each in rows}) >= 0.8 * len(rows)
    assert {each.state for each in rows} >= {str(state) for state in ConversationState} - {"consent"}
    assert {each.kind for each in rows} >= {"danger", "harm", "damage", "anger", "stop", "take_back", "score"}


DANGER = """
死にたい しにたい シニタイ 死にてぇ もう消えてしまいたい 生きてるのがつらい 生きる意味がわからない もう終わりにしたい
薬を全部飲みました 首を吊るしかない 娘が死にたいと言っています この世からいなくなりたい
"""
HARM = """
肌が真っ赤になりました かゆうてたまらん ひりひりして眠れません 子どもがキャップを飲み込んだ 犬が乾燥剤を食べちゃった
目に入って痛い やけどしました 蕁麻疹が出ました 赤みがひかない 飲んだらお腹を壊した 破片で指を切りました
"""
DAMAGE = """
届いたら割れてました 虫が入っていた カビが生えてる 頼んだのと違う商品が届いた 1個足りません 中身が漏れてベタベタ
賞味期限が切れてます 電源が入らない 封が開いてました
"""
ANGER = """
ふざけんな 最悪です 金返せ 消費者センターに言います もう二度と買いません さすがですね、3回目ですよ
対応が悪すぎる ええ加減にしてや 詐欺じゃないですか
"""
NO_ALARM = """
知りたいんやけど、送料は？ 乾燥がひどいんですけどおすすめは？ 不快感なく使えました 最低何回続ければいいですか
返金はいつになりますか？ やばい、めっちゃいい 死ぬほど好き 死ぬまで使います 殺菌できますか 燃えるゴミですか
痛くも痒くもない アレルギーの人でも使えますか？ もし肌に合わなかったら返品できますか？ かぶれやすい私でも平気でした
肌荒れが治りました 割れずに届いて安心しました 騙されたと思って使ったら最高でした ありえないくらいつるつる
怒っていません クレームではないのですが箱が大きいです 虫刺されにも使えますか カビないように保管する方法は？
目に入ったらどうすればいいですか 二度と他のは使えません おはよ 割れせんべいが好き カードの有効期限が切れた
鼻血が出るほど興奮した 生きる意味をもらいました シミが消えた 一瞬で消えました 死んだ祖母も好きでした
"""


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (kind, words)
        for kind, text in (
            (MessageKind.DANGER, DANGER),
            (MessageKind.HARM, HARM),
            (MessageKind.DAMAGE, DAMAGE),
            (MessageKind.ANGER, ANGER),
        )
        for words in text.split()
    ],
)
def test_an_alarm(kind: MessageKind, words: str) -> None:
    assert hear(words).kind is kind


@pytest.mark.parametrize("words", NO_ALARM.split())
def test_an_alarming_word_that_is_none(words: str) -> None:
    assert not hear(words).is_alarm


@pytest.mark.parametrize(
    ("words", "subkind"),
    [
        ("子どもがキャップを飲み込みました", "swallowed"),
        ("目に入りました", "eyes"),
        ("息が苦しいです", "breath"),
        ("やけどしました", "burn"),
        ("指を切りました", "wound"),
        ("吐きました", "stomach"),
        ("かぶれました", "skin"),
        ("ガラスの破片が入っていました", "foreign_body"),
        ("腐っていました", "spoiled"),
        ("瓶が割れていました", "broken"),
        ("注文と違います", "wrong"),
        ("一つ入っていません", "missing"),
        ("死にたい", "self"),
        ("友達が死にたいと言っています", "other"),
    ],
)
def test_what_kind_of_harm_decides_the_first_sentence(words: str, subkind: str) -> None:
    assert hear(words).subkind == subkind


@pytest.mark.parametrize(
    "words", ["おい", "？？？", "まだですか", "返事まだ？", "もしもーし", "!!!!", "ねえ"]
)
def test_who_waits_is_angry_with_less(words: str) -> None:
    assert hear(words, ConversationState.WAITING).kind is MessageKind.ANGER


@pytest.mark.parametrize("words", ["おい", "？？？", "まだですか", "もしもーし", "!!!!", "ねえ"])
def test_who_does_not_wait_may_just_call(words: str) -> None:
    assert not hear(words).is_alarm


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("もう送らないで", MessageKind.STOP),
        ("ストップ！", MessageKind.STOP),
        ("unsubscribe", MessageKind.STOP),
        ("please stop sending messages", MessageKind.STOP),
        ("やっぱり受け取りたい", MessageKind.RESUME),
        ("再開", MessageKind.RESUME),
        ("退会したいです", MessageKind.END),
        ("解約できますか？", MessageKind.END),
        ("ありがとー！", MessageKind.THANKS),
        ("はじめまして", MessageKind.GREETING),
        ("はい。", MessageKind.NOD),
        ("特にありません", MessageKind.NOTHING),
        ("あとで書きますね", MessageKind.LATER),
        ("何を書けばいいですか？", MessageKind.WHAT_TO_WRITE),
        ("今日は寒いですね", MessageKind.CHITCHAT),
        ("解決しました", MessageKind.HELPED),
        ("まだ困っています", MessageKind.NOT_HELPED),
        ("送料はいくら？", MessageKind.QUESTION),
        ("香りが気に入りました", MessageKind.OTHER),
        ("ありがとう、香りが最高でした", MessageKind.OTHER),
        ("特にないけど、強いて言えば香り", MessageKind.OTHER),
        ("お知らせが楽しみです", MessageKind.OTHER),
        ("配信の回数を減らしてほしい", MessageKind.OTHER),
        ("通知の音がかわいい", MessageKind.OTHER),
        ("返品がかんたんで助かりました", MessageKind.OTHER),
        ("ポイントがたまってうれしい", MessageKind.OTHER),
    ],
)
def test_wishes_and_courtesy(words: str, kind: MessageKind) -> None:
    assert hear(words).kind is kind


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("今のランク教えてください", "ランク"),
        ("クーポン見して", "クーポン"),
        ("ポイントなんぼ貯まっとる？", "ポイント"),
        ("友達紹介のカードちょうだい", "紹介"),
        ("あー、やっぱポイント見せて", "ポイント"),
        ("ランク見たい", "ランク"),
        ("今何ポイント？", "ポイント"),
    ],
)
def test_a_command_in_a_sentence(words: str, command: str) -> None:
    assert (hear(words).kind, hear(words).subkind) == (MessageKind.COMMAND, command)


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for info in pkgutil.walk_packages(listening.__path__):
        module = importlib.import_module(f"support.listening.{info.name}")
        for name, value in vars(module).items():
            several = value.items() if isinstance(value, dict) else [("", value)]
            for key, each in several:
                if isinstance(each, re.Pattern):
                    yield f"{info.name}.{name}{key}", each


HOSTILE = [
    "もう",
    "あ",
    "今",
    "すみません",
    "子ども",
    "さすが",
    "の",
    "1",
    "はい",
    "かゆ",
    "お知らせ",
    "割れ",
    "ながら",
]


@pytest.mark.parametrize(("name", "pattern"), [*patterns()])
def test_no_pattern_goes_back_over_its_text(name: str, pattern: re.Pattern[str]) -> None:
    """Ten milliseconds are usual. A pattern that backtracks takes seconds."""

    def seconds(text: str) -> float:
        began = time.perf_counter()
        pattern.search(text)
        return time.perf_counter() - began

    for seed in HOSTILE:
        text = (seed * 10_000)[:10_000]
        assert min(seconds(text) for _ in range(3)) < 0.4, f"{name}: {seed}"


@pytest.mark.parametrize("seed", HOSTILE)
def test_no_message_takes_long(seed: str) -> None:
    for text in ((seed * 10_000)[:10_000], (f"{seed}。" * 5_000)[:10_000]):
        began = time.perf_counter()
        hear(text, ConversationState.WAITING)
        assert time.perf_counter() - began < 2.0


@pytest.mark.parametrize(
    "words",
    ["ポイントが増えない", "ランクの条件を教えて", "ポイントはいつまで？", "クーポンくれてありがとう"],
)
def test_what_only_names_a_thing_asks_for_nothing(words: str) -> None:
    assert hear(words).kind is not MessageKind.COMMAND
