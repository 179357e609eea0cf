"""Rules out alarming words by their context: denied, over, asked about, hypothetical, or praise. Pure.

「かぶれました」 is an injury; 「かぶれやすい」, 「かぶれなかった」, 「かぶれたらどうすれば」 and
「かぶれが治りました」 are not. Each pattern reads a bounded number of letters, so the time is proportional to
the text's length.
"""

import re

from support.listening.folding import any_of

AHEAD = 40
"""Letters read after a word."""

_ENDING = "[しすにくされきけりえてでみがもはのをるんなら]{0,5}"
_FORMS = "[しすっれけえんとちゃじでまがいなに出くてきわかよう]{0,8}"
_DENIED = (
    rf"(?:い|た|たこと|たり)?{_ENDING}"
    "(?:な(?:い|か(?:っ|な)|く(?!な)|けれ|さそう)|ませ|ず(?:に|と)|へん|無)"
)
_OVER = any_of(
    """
    治(?!ら|りませ|まら|る(?:まで|の?か)) なお(?:り(?!ませ)|った) 引(?!か|きませ) ひ(?:いた|いて|きまし)
    減(?!ら|りませ) 消え(?!な|ませ) 落ち着(?!か|きませ) おさま(?!ら|りませ) 収ま(?!ら|りませ)
    改善(?!し(?:な|ませ)|され(?:な|ませ)) きれいに 綺麗に なめらかに 和ら やわら 楽(?:に|です|だ) よくな(?!ら)
    良くな(?!ら) 気にならな なくな 無くな とれ(?!な|ませ) 取れた
    """
)
_IF = rf"{_FORMS}(?:[ただ]ら(?!し)|[ただるいの](?:場合|とき|時|際)|れば|[てで]も(?!ら|う|た))"
_KIND_OF = any_of(
    """
    や?す(?:い|く|か) にく(?:い|く|か) づら(?:い|く|か) 物 体質 持ち 止め 予防 対策 ケア 防止 向け 用の 跡 あと 痕
    """
)
_ABOUT = (
    rf"(?:の|が|は|を|に|も)?{any_of('防 予防 対策 けあ 跡 痕 薬 方(?!が) 心配 不安 人 効 悩 困っていた')}"
)
_ASKED = (
    "[しすれけえりきなるくによんで]{0,4}(?:ます|です)(?:か|よね)"
    "|(?:なる|する|[るいくすにた])?(?:こと|の|心配|恐れ|おそれ|可能性)(?:が|は|も)?(?:あり?(?:ます|る)か|な|心配|不安)"
)
_DEGREE = "(?:する|した|い|な|の|る|って?い?た)?(?:ほど|くらい|ぐらい)"
_HEARSAY = "[^。]{0,6}(?:(?:という|って)(?:口こみ|話|評判|噂|うわさ|れびゅ)|と(?:聞|書いて))"
_NOT_SO = re.compile(
    rf"\A(?:{_KIND_OF}|{_DENIED}|[^。]{{0,8}}{_OVER}|{_IF}|{_ABOUT}|{_ASKED}|{_DEGREE}|{_HEARSAY}|た[^。]{{1,8}}(?:みたい|のよう)[なに])"
)
_SUPPOSED = re.compile("もし(?!もし)|万が?一|仮に|たとえ")
_PRAISED = re.compile(
    any_of(
        """
        平気(?!です?か|でしょ) 大丈夫(?:でした|です(?!か)|だった|だよ|やった) 安心 感動 やみつき 病みつき くせになる
        (?<!が)嬉し うれし 助かり(?:まし|ます) 気に入 最高 大好き (?<!ば)よかった (?<!ば)良かった 正解 つるつる
        すべすべ 救われ 手放せ 快適 満足 喜ん 治りまし 生き返 ぺろっと 重宝
        """
    )
)
_PRAISE_DENIED = re.compile("(?:でき|満足|安心|気に入|喜)[^。]{0,4}(?:な[いかく]|ませ)")


def happened(sentence: str, start: int, end: int) -> bool:
    """Whether the word at that place of a folded sentence says that something is or was so."""
    after = sentence[end : end + AHEAD]
    if _NOT_SO.match(after) or _SUPPOSED.search(sentence[max(0, start - AHEAD) : start]):
        return False
    return not _PRAISED.search(after) or _PRAISE_DENIED.search(after) is not None


def sign(pattern: re.Pattern[str], sentences: tuple[str, ...]) -> str:
    """The first match of the pattern that says something really happened; empty when there is none."""
    for sentence in sentences:
        for found in pattern.finditer(sentence):
            if happened(sentence, found.start(), found.end()):
                return found.group()
    return ""
