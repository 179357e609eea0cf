"""Recognises questions about where an order is and when it comes, for which an order's own state helps. Pure."""

import re
import unicodedata

_COMES = "(?:届|着|到着|来|発送|出荷|配達|配送)"
_ABOUT_DELIVERY = re.compile(
    rf"(?:いつ|何日|なんにち|何時|どのくらい|どれくらい)(?:[^。！？]{{0,12}}){_COMES}"
    rf"|{_COMES}[^。！？]{{0,8}}(?:いつ|何日|まだ)"
    r"|(?:届|とど)(?:か|きま|いて(?:い)?ま?)(?:な|せ)"
    r"|(?:配達|配送|発送|出荷|お届け|荷物|注文)の?(?:状況|場所|追跡|様子)|追跡|お?荷物(?:は|が)?どこ"
    r"|(?:発送|出荷)(?:は|を)?(?:し|され|済|お済)|到着(?:予定|日)|(?:届|着)く予定|不在|受け取れ"
)
_NOT_THIS_ORDER = re.compile("返金|返品|交換|定期|送料|ポイント|コード|メール|通知|入荷|発売")
"""What else may be late: the answer about it is not about an order under way."""


def asks_where_it_is(question: str) -> bool:
    """Whether the question is about an order that is under way: 「いつ届きますか？」, 「配達状況を確認したい」."""
    plain = unicodedata.normalize("NFKC", question)[:200]
    return _ABOUT_DELIVERY.search(plain) is not None and _NOT_THIS_ORDER.search(plain) is None
