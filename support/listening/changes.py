"""Recognises that a customer asks for another address, another day of delivery, or a change of their subscription.

Pure. A request names the thing and wishes a change of it: 「届け先を変えたい」. No request is a question about the way
(「どこから変えられますか」), which the FAQ answers, nor a change that is denied, done, or only imagined.
"""

import re

from support.listening.folding import Folded

ADDRESS, DELIVERY, SUBSCRIPTION = "address", "delivery", "subscription"
LONGEST = 120
"""Letters of a sentence that is read."""

_SUBSCRIBED = (
    r"(?:定期(?!的|預金|券|演奏|検診|点検)|ていき(?!あつ)|頒布会|さぶすく|毎月(?:の分|来て|届|送|頼)|毎回届)"
)
_SUBSCRIPTION = re.compile(
    rf"{_SUBSCRIBED}|(?:来月|今月|次回|次|つぎ|こんど|今度)の?(?:分|回|お届け|配送)|(?:休止|お休み)(?:解除|中)|か月に[1-6一二三四五六]|月に[1-6一二三四五六]回|毎月じゃ|お届けを(?:一旦|いったん|しばらく)?(?:止め|とめ|休)"
    r"|(?:お?届け?|配送|とどく|届く)の?(?:間隔|かんかく|頻度|さいくる|周期|ぺす)|\A頻度"
)
_PAUSED = (
    r"(?:休止|おやすみ|お休み|休み|休ませ|休め|休む|やすみ|やすませ|すきっぷ|とばし|飛ばし|飛ばす|とばす|停止|保留"
    r"|一旦止|しばらく止|止め(?!方)|とめ(?!方)|送らない(?:で|よう)|(?:いら|要ら)な)"
)
_ENDED = r"(?:解約|解役|かいやく|やめ(?!方)|辞め|退会|終了|終わりに|終りに|きゃんせる|打ち切)"
_CHANGED = (
    r"(?:変更|へんこう|変え|変わ(?:った|り)|かえ(?!る?り|って)|直し|直せ|なおし|修正|訂正|切り?替え|ずらし|ずらせ|ずらす"
    r"|遅らせ|おそく|遅く|早め(?!に教)|早く|前倒し|延ばし|のばし|延期|後ろに|後に|減らし|減らす|増やし|増やす|ふやし|へらし"
    r"|(?:本|個|袋|箱|回|枚|月|週|日|件)に(?:1回|一回)?(?:して|し(?:たい|てほ|てく|ても|てい)|でき|変|増|減|お願い)|間隔?を?(?:あけ|空け)"
    r"|[月回]くらいの?ぺすに|初めにして|(?:回|日|月)に(?:でき|して|しても)|違う|別の|ほかの|他の|ちゃう|一回に|1回に|ごとに|おきに|ぺすに)"
)
_RESUMED = r"(?:再開|さいかい|再会|再び届|また(?:届|始め|はじめ|お願い|送)|復活|解除)"
_ABOUT_SUBSCRIPTION = re.compile(
    rf"{_PAUSED}|{_ENDED}|{_CHANGED}|{_RESUMED}|[0-9一二三四五六七八九十](?:袋|本|個|箱)$"
)
_ENDS_ALONE = re.compile(
    r"\A(?:解約|かいやく)(?:を|の)?(?:したい|希望|します|お願い|おねがい|でお願い|手続きをしたい|して)|すきっぷ(?:して|したい|お願い)|(?:[1一]回|来月は|次は|今回は)(?:だけ)?(?:お休み|おやすみ|休みたい|すきっぷ|とばし|飛ばし)"
)

_WHERE = (
    r"(?:(?:お?届け?|配送|送り|送付|発送|配達|おとどけ|とどけ|宛て?|あて)(?:先|さき)(?!日)|住所|じゅうしょ|住諸|住処|宛名|番地|部屋番号"
    r"|郵便番号|号室)"
)
_ADDRESS = re.compile(_WHERE)
_MISTAKEN = (
    r"(?:間違|まちが|入れ忘れ|書き忘れ|抜けて|旧住所|前の住所|前の家|古い住所|違って|ちがって|誤って|誤り)"
)
_CORRECT = re.compile(r"\A(?:直し|なおし|変更し|変えて|修正し|訂正し)(?:て|たい)")
_MOVED = re.compile(r"引っ?越|ひっこ[しす]|転居|転勤")
_ELSEWHERE = (
    r"(?:(?:実家|会社|職場|娘|息子|母|父|友達|新居|新しい家|新しい住所|別の(?:住所|場所|家)|そっち|こっち|違う住所|こちら)"
    r"(?:の(?:所|ところ|家|住所|ほう|方))?(?:に|へ|宛てに|あてに)(?:送っ|送り|届け|とどけ|変|お?届け|発送|転送|してくだ|してほ|お願い))"
)
_ABOUT_ADDRESS = re.compile(
    rf"変更|へんこう|変え|変わ(?:った|り|る)|かえ(?!り|って)|直し|直せ|なおし|なおせ|修正|訂正|書き換え|切り?替え|{_MISTAKEN}"
    rf"|新しい住所|{_ELSEWHERE}|に(?:してくだ|してほ|してもら|していただ|お願い)"
)
_DAY = (
    r"(?:(?:お?届け?|おとどけ|配達|配送|はいたつ|受け?取り?|到着|届く|とどく|着|発送|持ってくる?)(?:予定)?の?(?:日時|日に?ち|日付|日|ひ(?![とろ])|時間帯?|時刻|曜日"
    r"|予定|希望)|おとどけび|はいたつび|希望日|日時指定|時間指定|\A(?:日にち|日付|日時|曜日))"
)
_DELIVERY = re.compile(_DAY)
_GOODS = re.compile(r"荷物|届く|着く|にもつ|配達|配送|お?届け|受け?取り|持ってきて|発送|再配達|注文")
_OTHER_DAY = re.compile(
    r"変更|へんこう|変え|かえ(?!り|って)|ずらし|ずらせ|ずらす|延期|延ばし|のばし|前倒し|早め(?:て|られ|たい|に(?:送|届|して|でき))"
    r"|遅らせ|遅く(?:し|でき|て)|遅め(?!る)|別の日|違う日|ちがう日|他の日|ほかの日|修正|訂正|(?:間違|まちが)"
)
_MOVED_DAY = re.compile(
    r"ずらし|ずらせ|ずらす|延期|前倒し|遅らせ|に(?:届く|着く)ように(?:して|変|お願い)|別の日(?:に|で|へ)|違う日(?:に|で|へ)|ちがう日(?:に|で|へ)|他の日(?:に|で|へ)"
    r"|(?:曜日?|日|[あ明]さって|明後日|明日|来週|再来週|月末|月初|午前中?|夕方|夜間?|時以降|時)に(?:変更|変え|して(?:いただ|もら|くだ|ほし)|お願い)"
)

_NO = re.compile(
    r"(?:変更|変え|解約|休止|すきっぷ|お?休み|住所|届け?先|日|間隔)[^0-9]{0,5}"
    r"(?:不要|いら(?:ない|ん)|要ら(?:ない|ん)(?:です)?$|必要(?:は|も)?(?:な|あり)|なし|無し|ありません|ないです|結構|大丈夫|だいじょうぶ|そのままで|同じ)"
    r"|(?:変更|変え|変わり|解約|休止|すきっぷ|お?休み)(?:は|も|を)?(?:し(?:ない|ません|なくて|ないで|なくても|とらん)|ない(?:で|です)|ません|せず|ていません|てません)"
    r"|やめ(?:ません|ないで|ない(?:です)?$|る(?:つもり|気)は)|続け(?:ます|たい|る)|そのままで(?:いい|大丈夫|お願い|結構)|変更(?:は|を)?(?:やめ|取り消|きゃんせる)"
)
_DONE = re.compile(
    r"(?:変更|解約|休止|修正|すきっぷ|手続き?)(?:を|は)?(?:し(?:ました|た(?!い|く|の?です?が|のだが|んです?[けが])|てます|ています|てあ|とい)|済|ずみ|完了|され|でき(?:ました|た)|(?:し)?て?(?:いただ|もら)(?:いま|きま)した|(?:して)?(?:もら|いただ|頂|くれ)(?:いました|った|きました|って|きありがと|いありがと))"
    r"|変え(?:ました|た(?!い)|てもら(?:いました|った)|ていただ(?:きました|いた)|ていただき?ありがと|てくださ(?:り|って))"
    r"|(?:お?休み|停止|やめ)(?:して|てい)?(?:ました|まし|た(?!い)|てた|てました|ていました)(?!が|けど|ら)|再開(?:し(?:ました|た)|できました)"
    r"|(?:して|変えて|やめさせて|休ませて|直して)(?:いただ(?:き|いて)|もらって|くださって|くれて)(?:ありがと|助か|感謝|たすか)"
)
_IMAGINED = re.compile(
    r"(?:たら|れば|ると)(?:もっと)?(?:いい|良い|嬉し|うれし|最高|助かるのに|よかった|なお)|だったら|(?:たら|れば)(?:どう|いく|なに|何)"
    r"|変え(?:たら|ると)[^お]{0,6}(?:かか|なり|どう|いくら)|(?:迷って|悩んで|検討|考え中)"
)
_WAY = re.compile(
    r"どう(?:やって|やる|やん|やれ|すれ|したら|する|した)|どげん|どない|どこ(?:から|で|に|を|の)|方法|やり方|手順|仕方|しかた|やめ方|変え方|止め方|休み方"
    r"|いつまで|何日前|なんにち|いつから|何回|なんかい|縛り|しばり|違約金|手数料|料金|きゃんせる料|いくら|かかりますか|解約金|とは$|って(?:何|なに)|教えて|おしえて|お知らせ(?:くだ|下さ)|知りたい|聞きたい"
    r"|ありますか|あるの|あり$|なりますか|なるの|なくなり|必要(?:です)?か|だめ|最低|条件|途中で|興味|(?:消え|失効|引き落とし|請求|届か|届き(?:ません|ませ)|来(?:な|てい?な)|届いてい?な|反映され|まだ(?:届|来|です|か|で?しょう))|どこ$|休みかた|やすみかた|ほうが(?:いい|よい)"
)
_AMONG_WAYS = re.compile(r"手続き?(?:の方法|を教え)")
_IS_SUBSCRIBED = re.compile(_SUBSCRIBED)
_PAUSED_OR_ENDED = re.compile(rf"{_PAUSED}|{_ENDED}|間隔|ごと")
_TO_ELSEWHERE = re.compile(_ELSEWHERE)
_OF_SHOP = re.compile(
    r"御社|貴社|(?:お店|会社|返品|返送|そちら|店舗|販売元|事業所)(?:の|先の)?住所|住所[^0-9]{0,4}(?:教えて|どこ|は\?)|個人情報|悪用|渡し|領収|りょうしゅう|請求書|納品書"
)


def change_asked(said: Folded) -> str:
    """What the customer wants changed: ADDRESS, DELIVERY or SUBSCRIPTION; empty when they ask for none of these."""
    kinds = [kind for sentence in said.sentences if (kind := _of_sentence(sentence[:LONGEST], said.letters))]
    return kinds[0] if kinds else ""


def has_details(kind: str, text: str) -> bool:
    """Whether the request itself holds what staff need: a postal code or a street number; a day; nothing is needed of
    who only ends or pauses a subscription."""
    if kind == ADDRESS:
        return _POSTAL.search(text) is not None
    return _DATE.search(text) is not None


_POSTAL = re.compile(r"\d{3}[-‐ー－]?\d{4}|[都道府県市区町村].{0,20}\d", re.DOTALL)
_DATE = re.compile(r"\d{1,2}[/／月]\d{1,2}|\d{1,2}日|[月火水木金土日]曜")


def _of_sentence(sentence: str, whole: str) -> str:
    if _NO.search(sentence) or _DONE.search(sentence) or _IMAGINED.search(sentence):
        return ""
    if _WAY.search(sentence) or _AMONG_WAYS.search(sentence) or _OF_SHOP.search(sentence):
        return ""
    if _ENDS_ALONE.search(sentence):
        return SUBSCRIPTION
    about_subscription = _SUBSCRIPTION.search(sentence) or (
        _IS_SUBSCRIBED.search(whole) is not None and _PAUSED_OR_ENDED.search(sentence)
    )
    if about_subscription and _ABOUT_SUBSCRIPTION.search(sentence):
        return SUBSCRIPTION
    if _ADDRESS.search(sentence) and _ABOUT_ADDRESS.search(sentence):
        return ADDRESS
    if _ADDRESS.search(whole) and _CORRECT.search(sentence):
        return ADDRESS
    if _MOVED.search(whole) and _TO_ELSEWHERE.search(sentence):
        return ADDRESS
    if _DELIVERY.search(sentence) and _OTHER_DAY.search(sentence):
        return DELIVERY
    return DELIVERY if _GOODS.search(whole) and _MOVED_DAY.search(sentence) else ""
