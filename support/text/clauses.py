"""Splits a customer's message into the clauses that may be questions, without greetings and courtesies. Pure.

「昨日注文した者です。送料はいくらでしょうか？」 becomes 「送料はいくらでしょうか」. The results for the
clauses are combined in `support/faq/search.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from support.text.bm25 import bare

MOST_CLAUSES = 2
"""Clauses that are searched on their own; each takes the model of meaning's time again."""
FEWEST_LETTERS = 2
_MARKS = re.compile(
    r"(?<=[?？])|[。．!！\n…♪]+|(?<=[^\d])\.(?=\D|$)|[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u200D]+"
)
_LINKS = re.compile(
    r"(?:(?<=けど)|(?<=けれど)|(?<=けれども)|(?<=(?:です|ます|した|せん)が)|(?<=ので)(?!す|しょ|は)|(?<=たいのと)|(?<=ねん)、"
    r"|(?<=[とてでらやし])、|(?<=んで)、|[ 　]+)[、,]?"
)
_SORRY = (
    r"(?:すみません|すいません|申し訳(?:ありません|ございません|ないです)|恐れ入ります|恐縮です"
    r"|失礼(?:し|いたし|致し)ます)"
)
_THANKS = r"(?:有難う|ありがとう)(?:ござい(?:ます|ました))?"
_PLEASE = r"お(?:願|ねが)い(?:(?:いた|致)?します|申し上げます|です)"
_COURTESY = re.compile(
    rf"""
    こんにち[はわ]|こんばん[はわ]|おはよう(?:ございます)?|[は初]じめまして|初めまして
    |(?:いつも|大変|長い間|これまで|本当に|いろいろと?|お){{0,6}}世話に(?:なって(?:おり|い)?ます|なりま(?:す|した))
    |(?:いつも|先日は|昨日は|先程は|先ほどは|この前は|本日は)[^。!！?？\n]{{0,20}}{_THANKS}
    |(?:どうも|本当に|誠に|ご丁寧に){{0,4}}{_THANKS}
    |(?:夜分(?:遅く)?|夜遅く|朝早く|突然|急|何度も|度々|たびたび|お忙しい(?:ところ|中)|勝手を言って)
     (?:のご連絡|なご連絡)?(?:に|で|を)?(?:大変|誠に|本当に)?{_SORRY}が?
    |(?:大変|誠に|本当に){{0,4}}{_SORRY}が?
    |ご?(?:お手数|迷惑|面倒)を?(?:お?かけ(?:し|いたし|致し)(?:ます|て)|ですが){_SORRY}?が?
    |ご?(?:確認|対応|返信|回答|教示)(?:の(?:ほど|程))?を?(?:何卒|どうぞ|よろしく|宜しく){{0,4}}{_PLEASE}
    |(?:何卒|どうぞ|では|以上|よろしく|宜しく){{0,6}}{_PLEASE}
    |[一-龥々ァ-ヶー]{{1,6}}と(?:申|もう)します
    """,
    re.VERBOSE,
)
"""Polite phrases, which say nothing of what is asked."""
_TWO_THINGS = re.compile(
    r"\A(.{2,15}?)と、?(.{2,15}?)(?:を|が|って|は|も|について)?(?:教えて|知りたい|聞きたい|わかり|分かり).*\Z"
)
_WHO_WRITES = re.compile(r"^.{0,40}(?:した|していた|している|ている|てた)者です(?:が|けど)?$")
_ASKS = re.compile(
    r"[?？]$|(?:か|かな|かしら|かね|かいな|かの|やろか|じゃろか|やろ|のん?|ん|け|や|とう|なんぼ|いくら|いつ|どこ|どれ)$"
    r"|(?:たい|ほしい|欲しい|教えて|下さい|ください|もらえ|いただけ|頂け|ちょうだい|お願い|希望|知りたい|存じます)"
    r"(?:です|のです|んです|ます|ません|の|ん|が|けど|ねん|や|よ|ね|な)*$"
    r"|(?:ない|ません|へん|できない)(?:です|のです|んです|の|ん|が|けど|ねん|よ|ね|な)*$"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be searched: the message without its courtesies, and its clauses that ask for something. A
    message of a single clause has none."""

    whole: str
    clauses: tuple[str, ...] = ()


def asked(words: str) -> Asked:
    """What the message may be asking; `whole` is empty when it holds nothing but courtesy."""
    sentences = [
        each for each in map(_without_courtesies, _MARKS.split(words)) if len(bare(each)) >= FEWEST_LETTERS
    ]
    whole = " ".join(sentences)
    asking = [each for each in sentences if asks(each)] or sentences
    parts = [part for each in asking for part in _split_sentence(each)]
    clauses = asking if len(sentences) > 1 else []
    clauses = [*clauses, *(part for part in parts if part not in clauses and part != whole)]
    return Asked(whole, tuple(dict.fromkeys(clauses)))


def asks(clause: str) -> bool:
    """Whether the clause is a question, a wish or a lack, rather than a statement."""
    return _ASKS.search(clause.strip()) is not None


def _without_courtesies(sentence: str) -> str:
    rest = _COURTESY.sub(" ", sentence).strip(" 　、,")
    return "" if _WHO_WRITES.match(rest) else rest


def _split_sentence(sentence: str) -> list[str]:
    if two := _TWO_THINGS.fullmatch(sentence):
        return [two[1], two[2]]
    parts = [part.strip(" 　、,") for part in _LINKS.split(sentence)]
    long_enough = [part for part in parts if len(bare(part)) >= 4]
    if len(long_enough) < 2:
        return []
    return [part for part in long_enough if asks(part)] or long_enough[-1:]
