"""The choices in the forms of flows, and a flow's state, in the reader's language."""

from console.shell.translation import gettext
from journeys.flows import tables
from journeys.flows.definition import Condition, FlowDefinition, Step, Wait
from journeys.flows.field_types import END
from journeys.flows.occurrences import On


def events() -> dict[str, str]:
    """What can happen to a customer."""
    return {
        On.FOLLOW: gettext("友だち追加"),
        On.ORDER: gettext("ご注文"),
        On.DISPATCH: gettext("発送"),
        On.DELIVERY: gettext("お届け"),
        On.RANK: gettext("ランクが上がった"),
        On.SCORE: gettext("アンケートの回答"),
        On.TESTIMONIAL: gettext("お客様の声の掲載"),
        On.REFERRAL_JOINED: gettext("紹介したお友達の友だち追加"),
        On.REFERRAL_BOUGHT: gettext("紹介したお友達のお買い上げ"),
        On.COUPON: gettext("クーポンのお渡し"),
        On.COUPON_ENDING: gettext("クーポンの期限が近い"),
        On.POINTS_EXPIRING: gettext("ポイントの期限が近い"),
        On.RECENCY: gettext("しばらくお買い上げがない"),
        On.BIRTHDAY: gettext("お誕生日"),
        On.TAG: gettext("タグが付いた"),
        On.CLICK: gettext("リンクを開いた"),
        On.HAND: gettext("手で入れる"),
    }


def choices(path: str) -> dict[str, str]:
    """The choices of a field by their stored value, the empty one first where it may be left open."""
    none, name = gettext("（なし）"), path.rpartition(".")[2]
    match path:
        case "trigger.on":
            return {"": gettext("選んでください"), **events()}
        case "goal.on" | "wait.until":
            return {"": none, **{on: words for on, words in events().items() if on != On.HAND}}
        case "entry.policy":
            return {
                "once": gettext("おひとり1回だけ"),
                "each-order": gettext("ご注文ごとに"),
                "again": gettext("日数をあけて何度でも"),
            }
        case "when_busy":
            return {"defer": gettext("送れるまで待つ"), "skip": gettext("このステップを飛ばす")}
        case "testimonial":
            return {"": none, "newest": gettext("いちばん新しいもの")}
        case "recommend":
            return {"": none, **recommend_sources()}
        case "when.bought":
            return {"": gettext("どちらでも"), "1": gettext("あった"), "0": gettext("なかった")}
    return {"": none, **{"class": classes, "stage": _stages, "segment": _segments}.get(name, _ranks)()}


def recommend_sources() -> dict[str, str]:
    """How a recommended product is chosen."""
    return {
        "history": gettext("お買い上げから選ぶ"),
        "premium": gettext("プレミアム商品（ファンになった方へ）"),
    }


def classes() -> dict[str, str]:
    """The classes of messages."""
    return {
        "order": gettext("ご注文のお知らせ"),
        "care": gettext("お役に立つお知らせ"),
        "selling": gettext("おすすめ（販売）"),
    }


def _ranks() -> dict[str, str]:
    return {
        "basic": gettext("ベーシック"),
        "active": gettext("アクティブ"),
        "premium": gettext("プレミアム"),
        "ambassador": gettext("アンバサダー"),
    }


def _segments() -> dict[str, str]:
    return {"promoter": gettext("推奨者"), "passive": gettext("中立者"), "detractor": gettext("批判者")}


def _stages() -> dict[str, str]:
    return {
        "acquired": gettext("出会い"),
        "first": gettext("初回購入"),
        "repeat": gettext("リピート"),
        "higher-value": gettext("単価アップ"),
        "fan": gettext("ファン"),
        "word-of-mouth": gettext("口コミ・紹介"),
        "premium-product": gettext("高単価商品"),
    }


def states() -> dict[str, str]:
    """The states of a flow."""
    return {
        tables.DRAFT: gettext("下書き"),
        tables.ON: gettext("配信中"),
        tables.PAUSED: gettext("一時停止"),
        tables.OFF: gettext("停止"),
    }


def trigger(definition: FlowDefinition) -> str:
    """What triggers the flow, in a few words."""
    event, words = definition.trigger, events()[definition.trigger.on]
    more = [
        gettext("%(number)d回目", number=event.nth) if event.nth else "",
        "・".join(event.products),
        event.tag or "",
        gettext("%(days)d日", days=event.days) if event.days is not None else "",
    ]
    narrowed = "、".join(filter(None, more))
    return f"{words}（{narrowed}）" if narrowed else words


def wait(of: Wait) -> str:
    """When the step comes, in a few words."""
    at = f" {of.at}" if of.at else ""
    if of.date is not None:
        return f"{of.date.isoformat()}{at}"
    if of.repurchase:
        return gettext("商品の買い替え日数のあと") + at
    if of.until is not None:
        return gettext("「%(event)s」まで、長くて%(days)d日", event=events()[of.until], days=of.days) + at
    return (gettext("%(days)d日後", days=of.days) if of.days else gettext("すぐ")) + at


def has_condition(when: Condition | None) -> bool:
    """Whether the condition asks for anything."""
    return when is not None and bool(when.model_dump(exclude_defaults=True))


def next_steps(definition: FlowDefinition) -> dict[str, str]:
    """The steps that a step may lead to."""
    return {
        "": gettext("（なし）"),
        **{each.key: f"{place}. {each.key}" for place, each in enumerate(definition.step, 1)},
        END: gettext("ここで終わる"),
    }


def summary(step: Step) -> str:
    """What the step says or does, in one line."""
    said = (
        step.text
        or (step.card.title or step.card.text if step.card else "")
        or (step.link.label if step.link else "")
    )
    parts = [
        " ".join(said.split()),
        gettext("画像") if step.picture else "",
        gettext("動画") if step.video else "",
        gettext("クーポン") if step.coupon else "",
        gettext("お客様の声") if step.testimonial else "",
        gettext("おすすめ商品") if step.recommend else "",
        " ".join(f"#{tag}" for tag in step.set_tags),
    ]
    return "・".join(filter(None, parts))
