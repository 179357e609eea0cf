"""Whether a message asks something, and whether it says that an answer helped. Pure."""

import re

from support.listening.folding import Folded, any_of

_ASKS = re.compile(
    any_of(
        r"""
        \? (?:です|ます|ません|でした|ました|でしょう|だろう|やろ|んすか)か?(?:ね|な)?(?<=か|ね|な|ろ)
        (?:です|ます|ません|でした|ました|でしょう)か(?:ね|な|しら|いな)? .{4}かな
        教えて(?:(?:ほし|欲し|くださ|下さ|ちょうだ)い.{0,6})? 教えてくれん?(?:ね|かな|や)?
        (?:知りたい|聞きたい(?:こと[がも]|の|ん)?|質問(?:が|も)?あ[りる])(?:です|ます|あ[りる]|の|ん|が|けど|や|
        ね)*+
        (?:いくら|いつ|どこ|どれ|どう|何|なに|なんぼ|どんな|どっち|どちら|誰|なぜ|なんで)(?:です|でしょう|
        になります|なん|や)?
        (?:する|ある|いい|できる|使う|使える|もらえる|なる|かかる|要る|いる|くる|来る|届く)(?:ん|の)(?:か|や|ね)?
        やろか やっけ だっけ でしたっけ ですっけ とね と$(?<=んと)
        """
    )
    + "$"
)
LONGEST_PLEA = 40
_WHAT_TO_DO = re.compile(
    "どうしたら|どうすれば|どうしよう|どうしたもん|どないしたら|どげんしたら|何したら|何をすれば|なにすれば|何すれば"
    "|病院(?:に|へ)?(?:行|い)(?:った(?:ほう|方)|くべき|かなきゃ|かんと|けば)|(?:大丈夫|だいじょうぶ)(?:です|でしょう|なん)?(?:か|\\?)"
)
_REDRESS = re.compile("返金|交換|返品|弁償|対応|謝|説明|連絡|電話|返事|写真|責任|お金")
_WISHES = re.compile(
    "(?:ほしい|欲しい|ください|下さい|たい|お願い|おねがい|希望|ちょうだい)(?:です|します|のですが|んですが|んですけど|んだけど)?$"
)
_HELPED = {"解決しました", "解決した", "解決できました", "解決", "解決です", "役に立ちました", "役立ちました"}
_NOT_HELPED = re.compile(
    "(?:まだ)?(?:困って(?:い)?(?:ます|る)|解決(?:し|でき|して|していま|してい)*+(?:ません(?:でした)?|な(?:い|かった)(?:です)?)|役に立(?:ちません|たない)(?:でした)?)"
)


def asks(text: str, said: Folded) -> bool:
    """Whether the message ends as a question does; 「なめらか」 and 「はるか」 are none."""
    return text.rstrip("。.!！~〜 　\n").endswith(("?", "？")) or (
        bool(said.sentences) and _ASKS.search(said.sentences[-1]) is not None
    )


def asks_what_to_do(said: Folded) -> bool:
    """Whether somebody asks what they should do now: 「どうしたらいい」, 「病院に行ったほうがいいですか」."""
    return len(said.letters) <= LONGEST_PLEA and _WHAT_TO_DO.search(said.letters) is not None


def wishes(said: Folded) -> bool:
    """Whether the message ends in a wish that is no redress: 「領収書ほしい」, not 「返金してください」."""
    return _WISHES.search(said.letters) is not None and _REDRESS.search(said.letters) is None


def helped(said: Folded) -> bool | None:
    """Whether the message says that an answer helped, or did not, and nothing else; None when it says neither."""
    if said.letters in _HELPED:
        return True
    return False if _NOT_HELPED.fullmatch(said.letters) else None
