"""Recognises that a customer wishes their personal information to be erased, or to be a member no longer. Pure.

「個人情報を削除してほしい」 and 「退会したい」 are such wishes. A question about the way (「退会方法」) is the FAQ's;
what is denied, done or imagined is none, nor is the wish to erase something else: an order, a notice, a picture.
"""

import re

from support.listening.folding import Folded

LONGEST = 80
"""Letters of a sentence that is read."""
_DATA = (
    r"(?:個人情報|こじんじょうほう|(?:私|わたし|あたし|自分|じぶん|僕|ぼく|俺|うち|登録|会員|お?客様?)(?:の|した)?(?:個人)?(?:情報|でた|記録)"
    r"|\A(?:全部の?)?でた|会員登録|\A(?:この)?登録|(?<!line)(?<!lineの)(?<!らいん)(?<!らいんの)あかうんと)"
)
_ALL = (
    r"(?:を|の|は|も|が|って|とか|など)*(?:全部|ぜんぶ|全て|すべて|完全に|今すぐ|いますぐ|すぐに?|早く|きれいに)*"
    r"(?:を|の)?"
)
_DO_IT = r"して(?!も(?!ら)|い(?:ます|る|た(?!だ))|しま|ある)"
_ERASED = (
    rf"(?:(?:消|け|消去|削除|さくじょ|抹消){_DO_IT}|(?:消|け|消去|削除|抹消)し(?:たい|といて|とい|ちゃって)|(?:消|け)せ(?:ます|る|ませ)"
    r"|(?:削除|さくじょ|消去|抹消)(?:\Z|(?:を|の)?(?:希望|お願い|おねがい|依頼|求め|ご対応)|(?:は|が)?(?:できます|でき(?:る|ません)|可能|いただ)))"
)
_ERASES_DATA = re.compile(_DATA + _ALL + _ERASED)
_LEAVES = re.compile(
    r"(?:退会|たいかい)(?:を|の)?(?:\Z|し(?:たい|ます|て(?:くだ|下さ|ほ|もら|いただ))|する(?:の?で)?\Z|(?:希望|お願い|おねがい|申し)|で(?:お願い|おねがい)|さ?せて(?:くだ|下さ|もら|いただ|ほ))"
    r"|会員(?:登録)?(?:を|は)?(?:や|辞)め(?:たい|たく|ます|させて|る\Z)"
)
_OTHER = re.compile(r"定期|頒布会|さぶすく|めるまが|配信|通知|お知らせ|ぐるぷ|生協")
"""What one can leave without leaving the shop."""
_NOT = re.compile(
    r"方法|やり方|手順|仕方|しかた|手続き(?:を教|は$)|どう(?:やって|やる|すれ|したら|する|なる|なり)|どこ(?:から|で|に)|いつまで|教えて|知りたい"
    r"|(?:たら|れば|ると|場合)(?!いい|よい)|(?:し|消し|やめ)(?:ません|ない|たくない|なくて)|不要|され(?:ます|る|た|て)|しました|した(?:[のんあけ]|$)|済み|できました"
    r"|て(?:いただ(?:き|いて)|もらって|くださって|くれて)(?:ありがと|助か|感謝)|ありますか|必要(?:です)?か|迷|悩|検討|思って(?:い?まし?た|た)|(?:の|ん)?(?:つもり|予定)は"
)


def wishes_erasure(said: Folded) -> bool:
    """Whether a sentence of the message wishes it."""
    return any(_wishes(each[:LONGEST]) for each in said.sentences)


def _wishes(sentence: str) -> bool:
    if _NOT.search(sentence):
        return False
    if _ERASES_DATA.search(sentence):
        return True
    return _LEAVES.search(sentence) is not None and _OTHER.search(sentence) is None
