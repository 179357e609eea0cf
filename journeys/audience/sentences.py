"""Says a filter in plain Japanese and English, for pages and records.

「プレミアム以上・最後のお買い物から30〜60日・「緑茶」を買った方」
"""

from collections.abc import Callable, Iterable, Mapping

from journeys.audience.definition import Audience
from journeys.flows.field_types import RANKS

ALL_JA, ALL_EN = "メッセージを受け取れるすべての方", "all who can be written to"
_RANKS_JA = {
    "basic": "ベーシック",
    "active": "アクティブ",
    "premium": "プレミアム",
    "ambassador": "アンバサダー",
}
_SEGMENTS_JA = {"promoter": "推奨者", "passive": "中立者", "detractor": "批判者"}
_STAGES_JA = {
    "acquired": "出会い",
    "first": "初回購入",
    "repeat": "リピート",
    "higher-value": "単価アップ",
    "fan": "ファン",
    "word-of-mouth": "口コミ・紹介",
    "premium-product": "高単価商品",
}
_STAGES_EN = {
    "acquired": "Acquired",
    "first": "First purchase",
    "repeat": "Repeat",
    "higher-value": "Higher value",
    "fan": "Fan",
    "word-of-mouth": "Word of mouth",
    "premium-product": "Premium product",
}


def japanese(audience: Audience, names: Mapping[str, str] | None = None) -> str:
    """The filter in Japanese. `names` are names of products by code, and of flows by key, where they are known."""
    parts = [ja for ja, _ in _parts(audience, names or {})]
    return "・".join(parts) + "方" if parts else ALL_JA


def english(audience: Audience, names: Mapping[str, str] | None = None) -> str:
    """The filter in English; see `japanese`."""
    return "; ".join(en for _, en in _parts(audience, names or {})) or ALL_EN


def _parts(audience: Audience, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each condition in both languages. The last of them in Japanese is followed by 方, so each can be."""
    parts = [*_of_profile(audience), *_of_orders(audience, names), *_of_messages(audience, names)]
    if not parts:
        return []
    ja, en = parts[-1]
    parts[-1] = (ja if ja.endswith(("た", "い", "る")) else f"{ja}の", en)
    return parts


def _of_profile(audience: Audience) -> Iterable[tuple[str, str]]:
    if audience.ranks:
        yield _ranks(audience.ranks)
    if audience.segments or audience.silent:
        ja = [_SEGMENTS_JA[each] for each in audience.segments] + ["未回答"] * audience.silent
        en = [f"{each}s" for each in audience.segments] + ["never answered"] * audience.silent
        yield "か".join(ja), " or ".join(en)
    if audience.stages:
        yield (
            "ステージが" + "か".join(_STAGES_JA[each] for each in audience.stages),
            "stage " + " or ".join(_STAGES_EN[each] for each in audience.stages),
        )
    if audience.joined_within_days is not None:
        yield (
            f"友だちになって{audience.joined_within_days}日以内",
            f"joined within {audience.joined_within_days} days",
        )


def _ranks(chosen: Iterable[str]) -> tuple[str, str]:
    ranks = sorted(set(chosen), key=RANKS.index)
    names = [rank.capitalize() for rank in ranks]
    if len(ranks) > 1 and tuple(ranks) == RANKS[-len(ranks) :]:
        return f"{_RANKS_JA[ranks[0]]}以上", f"{names[0]} and above"
    return "か".join(_RANKS_JA[rank] for rank in ranks), " or ".join(names)


def _of_orders(audience: Audience, names: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    days = _range(audience.min_days_since_order, audience.max_days_since_order, "日", " days")
    orders = _range(audience.min_orders, audience.max_orders, "回", " orders")
    yen = _range(audience.min_sales_yen, audience.max_sales_yen, "円", " yen")
    if days:
        yield f"最後のお買い物から{days[0]}", f"{days[1]} since the last order"
    if orders:
        yield f"お買い物{orders[0]}", orders[1]
    if yen:
        yield f"お買い物の合計{yen[0]}", f"{yen[1]} in all"
    if audience.bought_products:
        ja, en = _named(audience.bought_products, names)
        yield f"{ja}を買った", f"bought {en}"
    if audience.not_bought_products:
        ja, en = _named(audience.not_bought_products, names)
        yield f"{ja}を買っていない", f"did not buy {en}"


def _of_messages(audience: Audience, names: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    if audience.tags:
        ja, en = _named(audience.tags, {})
        yield f"タグ{ja}がついている", f"tagged {en}"
    if audience.not_tags:
        ja, en = _named(audience.not_tags, {})
        yield f"タグ{ja}がついていない", f"not tagged {en}"
    for days, ja, en in (
        (audience.clicked_within_days, "最近{}日にリンクを開いた", "opened a link in the last {} days"),
        (
            audience.not_clicked_within_days,
            "最近{}日にリンクを開いていない",
            "opened no link in the last {} days",
        ),
        (
            audience.not_in_campaigns_within_days,
            "最近{}日にキャンペーンを受け取っていない",
            "got no campaign in the last {} days",
        ),
    ):
        if days is not None:
            yield ja.format(days), en.format(days)
    if audience.inside_flow is not None:
        name = names.get(audience.inside_flow, audience.inside_flow)
        yield f"シナリオ「{name}」の途中にいる", f'inside the flow "{name}"'
    if audience.customer_ids:
        count = len(set(audience.customer_ids))
        yield f"選んだ{count:,}人のなかにいる", f"among {count:,} chosen customers"


def _range(least: int | None, most: int | None, ja: str, en: str) -> tuple[str, str] | None:
    if least is None and most is None:
        return None
    if least is None:
        return f"{most:,}{ja}以下", f"at most {most:,}{en}"
    if most is None:
        return f"{least:,}{ja}以上", f"at least {least:,}{en}"
    if least == most:
        return f"{least:,}{ja}", f"exactly {least:,}{en}"
    return f"{least:,}〜{most:,}{ja}", f"{least:,} to {most:,}{en}"


def _named(words: Iterable[str], names: Mapping[str, str]) -> tuple[str, str]:
    shown = [names.get(word, word) for word in words]
    said: Callable[[str], str] = '"{}"'.format
    return "か".join(f"「{each}」" for each in shown), " or ".join(said(each) for each in shown)
