"""Decides from a customer's words alone whether a human being should come first, and what is mere courtesy. Pure.

A word too many in the list costs an offer of staff that was not needed; a word too few leaves an angry customer
with a machine. So the list leans to the first.
"""

import re

from support.bm25 import bare, normalise
from support.listening.staff_words import asks_for_staff_too


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FEELINGS = _words(
    """
    最悪 最低 ひどい 酷い ふざけ ムカつ むかつ 腹が立 腹立 頭にき 頭に来 イライラ いらいら 怒って 怒り 怒る
    許せ 許さ ありえない あり得ない 有り得ない いい加減に いいかげんに 呆れ あきれ がっかり 失望 信用でき
    信じられない 二度と 不愉快 不快 馬鹿に バカに ばかに 舐めて なめて 話にならない 対応が悪 態度が悪 誠意
    """
)
"""Anger and disappointment, said of us."""

ACCUSATIONS = _words(
    """
    詐欺 騙され だまされ 騙し 嘘つき うそつき ぼったくり 偽物 泣き寝入り
    """
)
"""What they think we did."""

THREATS = _words(
    """
    訴え 弁護士 消費者センター 消費生活センター 国民生活センター 警察 通報 口コミに書 レビューに書 晒す
    責任者 上の人 クレーム 苦情
    """
)
"""Where they will take it."""

URGENCY = _words(
    """
    至急 大至急 緊急 今すぐ いますぐ すぐに連絡 早急 急いで 何度も連絡 何回も連絡 まだですか
    """
)
"""Words of someone who can't wait."""

HARM = _words(
    """
    返金 お金を返 金返せ 金かえせ 救急 病院に行 病院に運 入院 湿疹 蕁麻疹 じんましん 腫れ 吐いた 嘔吐
    血が出 出血 異物 虫が入 カビ 腐って 火傷 やけど 怪我 けがを
    """
)
"""Money wanted back, or a body or a thing harmed: too much is at stake for a written answer alone."""

HUMAN_FIRST = FEELINGS + ACCUSATIONS + THREATS + URGENCY + HARM
"""Found anywhere in the words, each of these brings the human being first."""

NEGATED = re.compile(
    "(?:怒って|不快では|不愉快では|急いで)(?:い)?(?:ない|ません)|クレームでは(?:ない|ありません)|急ぎません"
)
"""Said to reassure us: taken out before the list is looked through."""

COURTESIES = _words(
    """
    はい いいえ うん ううん ok おk オッケー おっけー 了解 了解です 了解しました りょうかい りょうかいです
    承知しました わかりました 分かりました わかった 分かった なるほど そうですか そうなんですね 大丈夫
    大丈夫です 結構です 問題ないです お願いします おねがいします お願いいたします よろしくお願いします
    よろしくお願いいたします よろしくおねがいします 宜しくお願いします 宜しくお願い致します よろしく
    ありがとう ありがとうございます ありがとうございました ありがとうです 有難う 有難うございます
    どうもありがとう どうも 感謝 感謝します 助かりました 助かります
    ご丁寧にありがとうございます こんにちは こんにちわ こんばんは こんばんわ おはよう おはようございます
    おやすみ おやすみなさい はじめまして 初めまして お世話になります お世話になっております お疲れ様です
    おつかれさまです 失礼します すみません すいません ごめんなさい
    """
)
"""Thanks, greetings and nods. They must be all that was written."""

QUESTION = re.compile(
    r"(?:\?|(?:です|ます|ません|でした|ました|でしょう)か(?:ね|な)?|.{4}かな|教えて(?:(?:ほし|欲し|くださ|下さ|ちょうだ)い.{0,6})?"
    r"|(?:知りたい|聞きたい(?:こと[がも]|の|ん)?|質問(?:が|も)?あ[りる])(?:です|ます|あ[りる]|の|ん|が|けど)*"
    r"|(?:いくら|いつ|どこ|どれ|どう|何|なに)(?:です|でしょう|になります)?)$"
)


HELPED = _words("解決しました 解決した 解決できました")
NOT_HELPED = _words(
    """
    まだ困っています まだ困ってます まだ困っている まだ困ってる 困っています 困ってます 困っている 困ってる
    解決しません 解決しない 解決しませんでした 解決しなかった 解決していません 解決してません 解決してない
    解決できません 解決できない 解決できませんでした まだ解決していません まだ解決してません 役に立ちません
    """
)
"""Said of the answer just given, instead of tapping the button that says so."""


def wants_a_human_first(words: str) -> bool:
    """Whether someone who writes this wants a person, is angry, in haste, or has been harmed: staff before any FAQ."""
    text = NEGATED.sub("", normalise(words))
    return any(sign in text for sign in HUMAN_FIRST) or asks_for_staff_too(words)


def asks_something(words: str) -> bool:
    """Whether the words end as a question does; 「なめらか」 and 「はるか」 are none."""
    return QUESTION.search(normalise(words).rstrip("。.!~ \n")) is not None


def it_helped(words: str) -> bool | None:
    """Whether the words say that an answer helped, or did not, and nothing else; None when they say neither."""
    said = bare(words)
    return said in HELPED if said in HELPED + NOT_HELPED else None


def is_courtesy(words: str) -> bool:
    """Whether the words are thanks, a greeting or a nod and nothing else: they ask for nothing."""
    return bare(words) in COURTESIES
