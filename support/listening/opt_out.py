"""Recognises requests to stop or resume unasked messages, to leave an exchange, and to cancel something. Pure.

The request must be the message, or a sentence of it: 「お知らせが楽しみです」 and 「通知の音がかわいい」 ask
for nothing.
"""

import re

from support.listening.folding import Folded, any_of, literal_of

LONGEST = 40
_MESSAGES = any_of(
    """
    この?らいん 公式らいん らいん line 配信 めるまが めるまがじん めっせじ お?知らせ おしらせ 通知 つうち 宣伝 広告
    こうこく cm dm 案内 ご案内 せるす 勧誘 営業 める れんらく お?便り たより くぽんの?(?:案内|お知らせ)
    自動(?:配信|送信|めっせじ) こういうの こんなの これ
    """
)
_BEFORE = any_of(
    """
    すみません すいません ごめんなさい もう あの できれば 悪いけど お願いだから お願いします うざいから うざい
    うるさいから うるさい しつこい しつこいから 邪魔だから いいかげん いい加減 頼むから これ以上 今後 今後は 二度と
    一切 こちら(?:に|への) この しばらく 当分 ええわ いいから やっぱり やっぱ
    """
)
_POLITE = literal_of(
    """
    して し て で い っ お ご たい ほしい 欲しい 希望 思 願い ねがい 願 います 方法 手続き 手続 ください くださ
    下さい 頂け いただけ くれ もらえ もらい もらいたい ます ませ か のですが んですが けど んだ な よ ね いたし 致し
    す り う る です でき 可能 わ の ん と や へん に しといて んと いて だけ とって おいて
    """
)
_STOPPED = any_of(
    """
    停止 解除 拒否 不要 すとっぷ とめ 止め 停め やめ 辞め いらな いりませ いらん 要らな 要りませ 要らん 結構
    けっこう おふ off 切り 切っ きり 断り 中止 終了 おわり 終わり 必要な 必要あり むよう 無用 かいじょ ていし みゅと
    たくさん もういい 迷惑 うるさ うざ しつこ 多すぎ 多い 多過ぎ おおすぎ 多すぎる 多くて おおい 頻繁 じゃま 邪魔 嫌
    いや
    """
)
_DONT_SEND = any_of(
    """
    送らないで 送らんで 送らんといて 送らんとって 送るな 送んな 送ってくるな 送ってこないで 送ってこんで
    送ってこんといて 送って来ないで 送りつけないで 送信しないで 送付しないで 配信しないで 通知しないで 連絡しないで
    連絡してこないで 連絡してくるな 連絡してこんといて
    連絡してこんで 連絡不要 連絡いりません 連絡いらない 連絡するな 寄越さないで よこすな
    よこさないで こないで 来ないで こんといて こんで 来んといて くるな 届かないようにして 届かないように
    来ないようにして 来ないように こないようにして 出さないで 流さないで おくらないで おくるな おくらんで
    話しかけないで 送ってこなくて(?:も)?(?:いい|結構|大丈夫) 送らなくて(?:も)?(?:いい|結構|大丈夫) してこないで
    しないで せんといて するな すんな してくるな ほっといて 放っておいて かまわないで
    """
)
_WHOLLY = any_of("もう 全部 すべて 一切 しばらく 当分 今後 ちょっと ほんとに? 本当に まじで 正直")
_BLOCK = "ぶろっく(?:する|します|しま|した|して(?:やる|いい|も)|すんぞ|させて|しちゃ)"
_BARE = any_of(
    """
    すとっぷ stop unsubscribe optout quit end cancelall stopit stopall 解除 停止 登録解除 配信解除 配信停止 通知おふ
    通知オフ 受信拒否 受け取り拒否 受取拒否 受信停止 友だち解除 友達解除 拒否 登録の?削除 めるまが解除 めるまが停止
    購読解除 購読停止 配信おふ つうちおふ 送信停止
    """
)
_PLEASE = any_of(
    """
    です ね よ ください 下さい ほしい もらえます?か? いただけます?か? お願いします くれ や 欲しい わ な ん
    """
)
_STOP = re.compile(
    r"\A"
    + any_of(
        rf"""
        {_BEFORE}*+{_BARE}(?:を|に|は)?{_POLITE}*+
        {_BEFORE}*+(?:もう|この|その)?(?:(?:らいん|line|お店|そちら|ここ|公式)の)?{_MESSAGES}(?:を|は|が|の|も|って|
        とか|の数が|の回数が|の頻度が|等)?{_WHOLLY}?(?:の)?(?:{_STOPPED}{_POLITE}*+|{_DONT_SEND}{_PLEASE}*+)
        (?:もう|今後|二度と|これ以上|一切|しつこい|頼むから)*+(?!しないで|するな|すんな|
        せんと){_DONT_SEND}{_PLEASE}*+
        (?:もう|この|うざいから|うるさいから|しつこいから|迷惑だから|これ以上送(?:るなら|
        ったら))*+(?:この)?(?:あかうんと|らいん|line)?(?:を)?{_BLOCK}(?:よ|ね|から|わ|ます|ん|で|ぞ|です|な|もう)*+(?:さよ[うお]?なら|ばいばい)?
        (?:登録|友だち|友達|とうろく)(?:を|は)?解除(?:し)?(?:たい|て)?{_POLITE}*+
        (?:please)?(?:stop|dont|donot|nomore)(?:sending|send|messag[a-z]{{0,4}}|notif[a-z]{{0,9}}|text[a-z]{{0,3}}|
        contact[a-z]{{0,3}})(?:messages?|notifications?|texts?|this|anymore|any|please|me)*+
        (?:please)?(?:unsubscribe|removeme|optmeout|turnoffnotifications?)(?:me|please|fromthis|fromthislist)*+
        """
    )
)
_SUBSCRIPTION = "(?:定期便|定期購入|定期|継続)"
_RESUME = re.compile(
    r"\A(?:やっぱり?|やはり|もう一度|もういちど|また|すみません|ごめんなさい|さっきの|再度|改めて)*+"
    + any_of(
        rf"""
        (?:{_MESSAGES}|受信|購読|受け取り|受取)(?:を|は|の|が)?(?:また|やっぱり|もう一度|再び)?(?:再開|さいかい|
        おん|on|再登録|受け取り?たい|受け取る|うけとりたい|ほしい|欲しい|もらいたい|送って|おくって|希望|続けて|
        戻して|受けたい|読みたい|見たい|いる|お願い|届けて|再度|受け取ります|解除を?取り消|停止を?取り消|
        停止を?解除|届くようにして|来るようにして){_POLITE}*+
        (?:再開|さいかい|start|resume|subscribe|optin|resubscribe){_POLITE}*+
        (?:受け取り|受取り|うけとり)(?:たい|ます|希望|たくなり){_POLITE}*+
        (?:停止|解除|すとっぷ|通知おふ)(?:を|は|の)?(?:やめ|取り消|取消|解除|戻|なしに|きゃんせる|
        間違い?え?)[すしてるましたいに]*+{_POLITE}*+
        (?:また|やっぱり)?(?:送って|送り|届けて|おくって|配信して|配信)(?:ほしい|欲しい|ください|もいい|いいです|
        大丈夫){_POLITE}*+
        """
    )
)
SEND_AFTER_ALL = "send_after_all"
_SEND_AFTER_ALL = re.compile(
    r"\A(?:やっぱり?|やはり|ごめん|ごめんなさい|すみません|さっきの(?:なし|は(?:なし|取り消し)で)?|また)*+"
    rf"(?:{_MESSAGES})?(?:を|は|も)?(?:送って|おくって|届けて|送っとって|来て|きて|(?:ほし|欲し)い){_POLITE}*+"
)
"""These may also mean an order that is to be sent; they count only for a customer who had stopped the messages."""
_REASONS = any_of(
    """
    やっぱり? やはり すみません すいません ごめん ごめんなさい 今回は 今日は いまは 今は もう ちょっと なんか いや
    えっと あ せっかくですが 恥ずかし(?:い|くて)(?:から|ので)? 忙し(?:い|くて)(?:から|ので)? 時間(?:が)?なくて
    めんどくさい(?:から|ので)?
    面倒(?:な)?(?:ので|だから)? 文章(?:は)?苦手(?:なので|だから)?
    """
)
_WRITING = any_of(
    """
    感想 れびゅ 口こみ 口コミ お客様の声 こめんと 投稿 回答 返事 入力 これ この話 あんけと 答え 書き込み
    (?:書く|かく|答える|送る|投稿する|載せる|出す)(?:の|ん)
    """
)
_GIVES_UP = any_of(
    """
    やめ(?:ます|る|とく|ときます|ておきます|ておく|とこう|ました|たい|よう|にします)
    遠慮(?:します|しときます|しておきます)
    遠慮させて(?:ください|もらいます|いただきます) 辞退(?:します)? ぱす(?:で|します)? 終わりに(?:します|して|したい)
    中止(?:します|で)? なし(?:で|にします|にして)
    """
)
_LEAVES = re.compile(
    rf"\A(?:{_REASONS})*+(?:{_WRITING})?(?:は|を|の|も)?(?:もう|やっぱり?)?(?:{_GIVES_UP})"
    r"(?:ね|わ|よ|です|ください|お願いします|すみません|ごめんなさい|ごめん|ん|かな)*+"
)
_ENDS = re.compile(
    rf"\A(?:{_SUBSCRIPTION}(?:を|は|の)?(?:解約|停止|休止|きゃんせる|やめ|止め)"
    r"|(?:この|ご|先ほどの|さっきの)?注文(?:を|は|の)?(?:取り消し|取消し?|きゃんせる|やめ)"
    r"|(?:会員|あかうんと|登録)(?:を|は|の)?(?:退会|削除|やめ)"
    rf"|退会|解約|返品)(?:を|は|が|の|に|と|も)?{_POLITE}*+"
)
_LESS = re.compile("(?:回数|頻度|量|数)(?:を|が)?(?:減ら|少な)")


def stops(said: Folded) -> str:
    """The words that ask to stop unasked messages; empty when there are none."""
    return _whole(_STOP, said)


def resumes(said: Folded) -> str:
    """The words that ask to resume messages; empty when there are none."""
    return _whole(_RESUME, said)


def send_after_all(said: Folded) -> str:
    """The words like 「やっぱり送って」 that resume messages after a stop; empty when there are none."""
    return _whole(_SEND_AFTER_ALL, said)


def leaves(said: Folded) -> bool:
    """Whether the customer does not want to go on with what was asked for: 「書くのやめます」."""
    return len(said.letters) <= LONGEST and _LEAVES.fullmatch(said.letters) is not None


def ends_something(said: Folded) -> bool:
    """Whether the message asks to leave the shop, or to cancel an order or a subscription."""
    return len(said.letters) <= LONGEST and _ENDS.fullmatch(said.letters) is not None


def _whole(pattern: re.Pattern[str], said: Folded) -> str:
    if _LESS.search(said.letters):
        return ""
    for each in (said.letters, *said.sentences):
        if len(each) <= LONGEST and pattern.fullmatch(each):
            return each
    return ""
