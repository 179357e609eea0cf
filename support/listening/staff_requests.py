"""Recognises a request for staff, however it is spelt. Pure.

A request names a person or a call, may say what is wanted of them, and holds only words of asking. So
「スタッフの対応がよかった」 requests nobody: praise, a report (話した) and a refusal (話したくない) need
words that no request has.
"""

import re
import unicodedata

from support.listening.folding import Folded

LONGEST = 40
"""Letters of a sentence; a longer one says more than that."""
_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def _any_of(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


_FIRST = _any_of(
    """
    すみません すいません ごめんなさい あの えっと やっぱり? やはり できれば できたら 可能なら 可能であれば もう
    ちょっと 少し とりあえず とにかく まず いいから 一度 早く はやく すぐに? 今すぐ いますぐ 至急 直接 どうしても
    ぜひ じゃあ? では それなら お?電話で
    (?:ai|ぼっと|ろぼっと|機械|自動(?:応答|返信|音声)?)(?:(?:では|じゃ)なくて?|より)
    """
)
_STAFF = _any_of(
    """
    すたっふ (?:人間の)?おぺれた 担当 たんとう 有人 ゆうじん 店員 てんいん 店長 販売員 相談員 責任者 中の人 staff
    operator human agent
    """
)
"""Naming them is enough."""
_PEOPLE = _any_of(
    """
    人間 にんげん 人 ひと 係 かかり だれか 誰か どなたか お?店 しょっぷ そちら (?:お客様)?(?:相談)?窓口 お客様相談室
    (?:かすたま)?(?:さぽと|さびす)(?:せんた)? かすたませんた こるせんた
    (?:生身の|ちゃんとした|別の|ほかの|他の|上の|会社の|(?:話[のが])?(?:わか|分か)る|(?:くわ|詳)しい|
    話せる)(?:人間?|方|担当)
    """
)
"""These are a request only together with what is wanted of them; so is a call without a person."""
_TITLE = _any_of("さま さん 様 の?者 しゃ の?方 の?かた の人 対応 員 窓口 ちゃっと")
_LINK = _any_of("と に へ を が は も で の から による 直接 お?電話で ちゃっとで 早く")
_WISHED = _any_of(
    """
    (?<!の)お?話 お?はな 喋り しゃべり 会話 ご?相談 そうだん ご?連絡 れんらく ご?質問 しつもん お?問い?合わ?せ
    といあわせ お?電話 ちゃっと やり取り やりとり お?返事 ご?返信 こる つな 繋 かわ 代わ 替わ 変わ よん 呼ん 呼び
    出し だし (?<!から)聞い 聞き きい きき 答え (?<!の)対応 対応を お?願い おねがい 希望 きぼう いま いる いない
    いらっしゃ
    """
)
_OF_STAFF = _any_of("見て 伝え 教え 確認 用 どこ")
"""To be shown or informed of something is also asked of other people."""
_ASKING = _any_of(
    """
    と に を が は も の で て っ し せ さ ぎ げ く る す ん え け き れ だ か よ ね な(?!い)
    い(?=[でて]|ます|ません|たい|$) ます ません (?<=[えけれせき])ない たい こと 取り とり ほしい 欲しい 下さ もら
    いただ 頂 ちょうだい お?願い おねがい いたし 致し 希望 可能 出来 (?<=に)[乗の]っ あり ある どう たら ば
    (?<=[らば])いい しょう けど けれど 思い 思って お?話 (?<!の)ご?対応
    """
)
"""No word in it consists of others in it, so a long row of them matches in one way only and takes no time."""
_CALL_ME = (
    r"(?:折り返し|お?電話|ご?連絡)(?:を|が|で|の)?(?:お?電話|ご?連絡)?(?:を|が)?"
    r"(?:ほしい|欲しい|くださ|下さ|して|もら|いただ|頂|くれ|したい|できま|お?願い|お?話|相談|問い)"
)
_CALLS = re.compile(
    rf"\A{_FIRST}*(?:{_STAFF}{_TITLE}*(?:{_LINK}*(?:{_WISHED}|{_OF_STAFF}){_ASKING}*|{_ASKING}*)"
    rf"|{_PEOPLE}{_TITLE}*{_LINK}*{_WISHED}{_ASKING}*"
    rf"|(?:{_CALL_ME}|お?話(?:が|を)?(?:したい|聞いて)|ご?相談|お?問い?合わ?せ|といあわせ|直接{_WISHED}){_ASKING}*"
    r"|(?:(?:can|could|may)i|iwant|idlike|please|letme)?(?:to)?(?:talk|speak|chat|call)(?:to|with)?(?:a|an|the|your)?"
    r"(?:staff|human|person|operator|agent|someone|somebody)(?:please)?)\Z"
)
_NAMED = re.compile(rf"\A{_STAFF}{_TITLE}*\Z")
_SENTENCES = re.compile(r"[。．.!！?？\n]+")


_URGENT = re.compile(
    "(?:大?至急|緊急|今すぐ|いますぐ|すぐに?|早急に?|急いで)(?:で|に|の|お|ご)*+(?:連絡|電話|返事|返信|対応|回答|お願い|ください|下さい|し|来|で|確認)"
    "|^(?:大?至急|緊急|急いで|急ぎ)(?:です|で|お願いします|ください|お願い|！)*+$|(?:大至急|緊急事態|緊急です|至急です)"
    "|返金(?:を)?(?:して(?:ください|ほしい|下さい|もら|いただ|欲しい|くれ)|お願い|希望|求め|要求|したい|対応)|^返金$"
)


_OWN_DATA = re.compile(
    r"(?:個人情報|(?:私|わたし|あたし|自分|僕|ぼく|登録|会員|お?客様?)の?(?:個人)?(?:情報|でた|記録))(?:を|の|が)?(?:全部|すべて|全て)?(?:の)?"
    r"(?:消去?し(?:て|たい)|消してほし|削除(?:し(?:て|たい)|を?希望|を?お願い|依頼)|抹消し?|開示(?:して|し?たい|請求|を?お願い|を?求め)|"
    r"(?:写し|こぴ)(?:が|を)?(?:ほしい|欲しい|くださ|下さ|お願い))"
)
"""A wish that the law on personal information gives: to be erased, or to get a copy. Staff see to it."""


def is_urgent(said: Folded) -> bool:
    """Whether the customer cannot wait, or wants their money back."""
    return any(_URGENT.search(each) for each in said.sentences)


def asks_for_staff(text: str) -> bool:
    """Whether the text asks for staff and says nothing else."""
    letters = _letters(text)
    if len(letters) > LONGEST:
        return False
    return _CALLS.fullmatch(letters) is not None or _OWN_DATA.search(letters) is not None


def asks_for_staff_too(text: str) -> bool:
    """Whether a sentence of the text asks for staff, beside others; a mere 「スタッフさん！」 among them is
    an address."""
    sentences = [sentence for sentence in _SENTENCES.split(text) if _letters(sentence)]
    return any(asks_for_staff(each) and not _NAMED.fullmatch(_letters(each)) for each in sentences)


def _letters(text: str) -> str:
    """Lower case, hiragana and kanji, without marks and long vowels: オペレーター becomes おぺれた."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_KATAKANA)
    return "".join(letter for letter in plain if letter.isalnum() and letter != "ー")
