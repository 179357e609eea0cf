"""Reads the words with which shop systems name an order's state; pure. An unknown word stays unknown.

Width, case, blanks and usual variants of spelling make no difference. A word is matched as a whole: what
begins like a cancellation may be a request for one, or its refusal. Sources: the states of EC-CUBE 2 and 4
(`mtb_order_status`), MakeShop (manual.makeshop.jp, 処理状況), futureshop's API, BASE's API (dispatch_status),
Shopify (`financial_status`), WooCommerce (order statuses).
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import lru_cache


class OrderState(StrEnum):
    """What an order's state means for counting it."""

    COUNTS = "counts"
    """It was ordered, and nothing says that it is unpaid."""
    UNPAID = "unpaid"
    """It counts once it is paid."""
    REVERSED = "taken_back"
    PARTLY = "partly_taken_back"


_SPELLINGS = (
    (re.compile(r"取り?消し?|とりけし|取りけし"), "取消"),
    (re.compile(r"きゃんせる|cxl"), "キャンセル"),
    (re.compile(r"済み|ずみ"), "済"),
    (re.compile(r"支払い"), "支払"),
    (re.compile(r"払い?戻し?"), "払戻"),
    (re.compile(r"待ち"), "待"),
    (re.compile(r"受け?付け"), "受付"),
    (re.compile(r"受け?取り?"), "受取"),
    (re.compile(r"引き?渡し?"), "引渡"),
    (re.compile(r"取り?寄せ?"), "取寄"),
    (re.compile(r"出荷"), "発送"),
    (re.compile(r"canceled"), "cancelled"),
    (re.compile(r"authorised"), "authorized"),
    (
        re.compile(
            r"[おご御](?=支払|注文|取寄|入金|返品|返金|返送|依頼|購入|受取|発送|配送|届|客|キャンセル)"
        ),
        "",
    ),
)
# Parts of a state's name, in the spelling that `word_key` produces.
_ALL = r"(?:注文|受注|購入|決済|売上|商品|代金|全額|全部|全品|全数|全商品|order|payment|fully|full)?"
_WHY = r"(?:(?:客様?|顧客|店舗?|当店|自己)都合|在庫切れ?|欠品|長期不在|受取拒否|未入金|不正注文|重複注文|いたずら)?"
_DONE = r"(?:済|完了|処理済|処理完了|対応済|確定|扱い?|注文|商品|済商品|order|completed?|done)?"
_BACK = (
    r"(?:キャンセル|取消|無効|返品|返送|返却|返金|払戻|(?:キャンセル|取消|返品|返送)済?(?:返金|払戻)|返品返送"
    r"|cancel|cancelled|cancellation|refund|refunded|return|returned|void|voided"
    r"|cancelledrefunded|returnedrefunded)"
)
_ONE_BACK = r"(?:キャンセル|取消|返品|返金|返品交換|返品返金|払戻|cancel|cancellation|refund|return|void)"
_ASKED = r"(?:依頼|申請|希望|要求|リクエスト|申し?込み?|申出|受付|request|requested)?"
_NOT = (
    r"(?:不可|不可能|不能|なし|無し?|却下|取下げ?|取り下げ|撤回|拒否|否認|不承認|しない|できない|できません"
    r"|出来ない|対象外|非対応|不要|期間外|ではない|でない|見送り"
    r"|rejected|declined|denied|refused|withdrawn|notallowed)"
)
_HANDLED = (
    r"(?:済|中|完了|完|待|前|可|可能|ok|準備(?:中|完了|待)?|手配中|手配済|指示|指示中|指示済|確定|予定"
    r"|連絡済|通知済|メール済|メール送信済|メール送信完了|作業中|処理中|処理済|処理完了|依頼中|依頼済|対応中"
    r"|対応済|確認済|開始)?"
)
_WORK = (
    r"(?:発送|配送|配達|納品|梱包|ピッキング|検品|届け?|到着|受取|引渡|対応|処理|受付|受注|注文|確認|手配|製造"
    r"|制作|加工|取寄|入荷|在庫引当|引当|送り状発行|伝票発行)"
)

_PATTERNS: tuple[tuple[OrderState, str], ...] = (
    (OrderState.REVERSED, rf"{_WHY}{_ALL}{_BACK}{_DONE}{_WHY}"),
    (
        OrderState.PARTLY,
        rf"{_ALL}(?:一部|一部分|部分|部分的|partial|partially|part)(?:の|に)?(?:商品|注文)?(?:の|を)?{_BACK}{_DONE}",
    ),
    (
        OrderState.COUNTS,
        rf"{_ALL}{_ONE_BACK}(?:の|を|は|が|に)?{_ASKED}(?:の|を|は|が|に)?{_NOT}(?:済|完了)?",
    ),
    (
        OrderState.COUNTS,
        r"(?:not|non|no|never)(?:cancelled|cancellation|refunded|refundable|refund|returned|returnable|voided)",
    ),
    (
        OrderState.UNPAID,
        r"(?:注文|代金|銀行振込|銀行|振込|コンビニ|クレジット|カード|前払い?|先払い?|後払い?|ペイジー)?"
        r"(?:未入金|未払い?|未支払|未決済|未課金|入金待|支払待|振込待|決済待|着金待|入金前|支払前|決済前"
        r"|入金確認前|入金確認中|入金確認待|入金未確認|決済処理中|購入処理中|決済中|決済手続中|決済未完了|決済確認中"
        r"|決済エラー|決済失敗|決済ng|与信中|与信待|与信済|与信ok|与信ng|与信エラー|オーソリ|オーソリ済|オーソリ中|仮売上|仮売上済"
        r"|仮注文|仮受注|審査中|審査待|審査ng"
        r"|一部入金|一部支払|部分入金|部分支払|入金不足|入金期限切れ?|支払期限切れ?|期限切れ?)(?:済|中)?",
    ),
    (
        OrderState.UNPAID,
        r"pending|unpaid|notpaid|notyetpaid|authorized|partiallypaid|partlypaid|partpaid|awaitingpayment|waitingforpayment"
        r"|waitingpayment|paymentpending|pendingpayment|paymentdue|due|overdue|expired|failed|paymentfailed|onhold"
        r"|draft|checkoutdraft|incomplete|uncaptured|支払保留中",
    ),
    (OrderState.COUNTS, rf"(?:全|全商品|商品|注文|受注|一部)?{_WORK}{_HANDLED}"),
    (OrderState.COUNTS, r"未(?:発送|配送|配達|処理|対応|確認|着手|納品|引当|手配|受付|印刷)(?:注文)?"),
    (
        OrderState.COUNTS,
        r"新規|新規受付|新規注文|新規受注|新着|新着注文|注文確定|受注確定|確定|確定済|完了|完了済|取引完了|取引中|終了|取引終了"
        r"|入金|入金済|入金確認|入金確認済|入金完了|入金あり|入金有り?|全額入金|全額入金済|支払済|支払完了|支払確認済|全額支払済"
        r"|決済済|決済完了|決済確認済|決済ok|決済確定|課金済|購入済|購入完了|成立|注文成立|通常|通常注文|正常|有効"
        r"|売上確定|売上済|売上計上|売上計上済|実売上|実売上済|本売上",
    ),
    (
        OrderState.COUNTS,
        r"paid|fullypaid|captured|settled|complete|completed|closed|open|new|neworder|processing|processed|inprogress"
        r"|received|accepted|confirmed|placed|ordered|shipped|shipping|dispatched|delivered|delivering|fulfilled"
        r"|unfulfilled|partiallyfulfilled|partiallyshipped|partiallydelivered|readytoship|readyforshipping"
        r"|awaitingshipment|awaitingfulfillment|unshipped|notshipped|packed|packing|picked|picking|archived|success"
        r"|succeeded|intransit|outfordelivery|preparing|preparingforshipment",
    ),
)
_KNOWN = tuple((state, re.compile(pattern)) for state, pattern in _PATTERNS)
_LONGEST = 60
"""No system has a longer state; a longer cell holds something else."""
_PARTS = re.compile(r"[・/、,|()「」【】\[\]<>\n]+")
# Words beside a shop's own word for a cancellation that may reverse its meaning.
_TURNS = re.compile(
    "不|なし|無|却下|取下|撤回|拒否|待|依頼|申請|希望|一部|部分|未|not|non|partial|request|reject|den|declin"
)


@lru_cache(maxsize=1_000)
def word_key(word: str) -> str:
    """The word as it is compared: lower case, narrow, without blanks and marks, in one spelling."""
    written = unicodedata.normalize("NFKC", word[: _LONGEST * 4]).casefold()
    key = "".join(letter for letter in written if letter.isalnum())[:_LONGEST]
    for pattern, spelling in _SPELLINGS:
        key = pattern.sub(spelling, key)
    return key


def read(
    word: str, own: Mapping[str, OrderState] | None = None, cancelled: Collection[str] = ()
) -> OrderState | None:
    """The meaning of the word; None when it is unknown.

    `own` are the shop's words by their keys and take precedence. `cancelled` are words of the shop that are
    also searched for within an unknown word, unless something beside them may reverse their meaning.
    """
    key = word_key(word)
    if not key:
        return OrderState.COUNTS
    known = _read_key(key, own or {})
    if known is None and cancelled:
        holds = any(word_key(each) in key for each in cancelled if word_key(each))
        known = OrderState.REVERSED if holds and not _TURNS.search(key) else None
    if known is None:
        known = _read_parts(word, own or {})
    return known


def combined(states: Collection[OrderState | None]) -> OrderState | None:
    """The combined meaning of several words of one line, such as order and payment: the more serious one, but
    None where one is unknown."""
    if OrderState.REVERSED in states:
        return OrderState.REVERSED
    if None in states:
        return None
    return next(
        (each for each in (OrderState.PARTLY, OrderState.UNPAID) if each in states), OrderState.COUNTS
    )


def of_lines(states: Collection[OrderState | None]) -> OrderState | None:
    """The combined meaning of an order's lines: reversed only where every line is."""
    found = set(states)
    if found == {OrderState.REVERSED}:
        return OrderState.REVERSED
    if None in found:
        return None
    if OrderState.UNPAID in found:
        return OrderState.UNPAID
    return OrderState.PARTLY if found & {OrderState.PARTLY, OrderState.REVERSED} else OrderState.COUNTS


def _read_key(key: str, own: Mapping[str, OrderState]) -> OrderState | None:
    return own[key] if key in own else _known(key)


@lru_cache(maxsize=1_000)
def _known(key: str) -> OrderState | None:
    """Cached: a file repeats the same few words in every row."""
    return next((state for state, pattern in _KNOWN if pattern.fullmatch(key)), None)


def _read_parts(word: str, own: Mapping[str, OrderState]) -> OrderState | None:
    """The meaning of several words in one cell, as in 入金済み・未発送 or 発送済み(一部返品); each must be known."""
    written = unicodedata.normalize("NFKC", word[: _LONGEST * 4])
    keys = [key for key in map(word_key, _PARTS.split(written)) if key]
    if len(keys) < 2:
        return None
    states = [_read_key(key, own) for key in keys]
    return None if None in states else combined(states)
