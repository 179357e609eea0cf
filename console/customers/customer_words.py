"""Says in the reader's language what customers' pages hold as keys: steps to a rank, states of orders and referrals."""

from console.shell.translation import N_, gettext, ngettext
from customers.orders import purchases
from customers.search.finding import FoundBy
from rewards.ranks.rules import NextAction, Step
from rewards.referrals.tables import ReferralState

REFERRAL_STATES = {
    ReferralState.JOINED: N_("友だち追加"),
    ReferralState.BOUGHT: N_("お買い上げ（特典待ち）"),
    ReferralState.REWARDED: N_("特典を渡しました"),
    ReferralState.HELD: N_("確認待ち"),
    ReferralState.REJECTED: N_("対象外"),
}
ORDER_STATES = {
    purchases.PAID: N_("お支払い済み"),
    purchases.CANCELLED: N_("取り消し済み"),
    purchases.REFUNDED: N_("返金済み"),
}


FOUND_BY = {
    FoundBy.ORDER: N_("注文番号"),
    FoundBy.CUSTOMER_NUMBER: N_("会員番号"),
    FoundBy.LINE_USER: N_("LINEのユーザーID"),
    FoundBy.ID: N_("お客様の番号"),
    FoundBy.TAG: N_("タグ"),
}


def found_by(what: FoundBy) -> str:
    """What of a customer was typed."""
    return gettext(FOUND_BY[what])


def not_linked(what: FoundBy) -> str:
    """An order or buyer was found, and no customer on LINE."""
    if what is FoundBy.ORDER:
        return gettext("この番号のご注文はありますが、LINEのお客様とまだつながっていません。")
    return gettext("この会員番号の購入者はいますが、LINEのお客様とまだつながっていません。")


def referral_state(state: str) -> str:
    """How far a referral is."""
    return gettext(REFERRAL_STATES[ReferralState(state)])


def order_state(state: str) -> str:
    """The state of an order."""
    return gettext(ORDER_STATES[state]) if state in ORDER_STATES else state


def next_steps(action: NextAction | None) -> str:
    """What leads to the next rank; empty where nothing does."""
    if action is None:
        return ""
    steps = [_step(each.kind, each.count, each.yen) for each in (action, *action.also)]
    return gettext("・").join(steps)


def _step(kind: Step, count: int, yen: int) -> str:
    match kind:
        case Step.PURCHASE if yen:
            return gettext("あと%(count)d回、合わせて%(yen)s円以上のお買い上げ", count=count, yen=f"{yen:,}")
        case Step.PURCHASE:
            return ngettext("あと%(num)d回のお買い上げ", "あと%(num)d回のお買い上げ", count)
        case Step.SURVEY_ANSWER:
            return ngettext("アンケートの回答%(num)d回", "アンケートの回答%(num)d回", count)
        case Step.REPLY_DAY:
            return ngettext("チャットで話しかける日%(num)d日", "チャットで話しかける日%(num)d日", count)
        case Step.OPINION:
            return ngettext("ひとこと%(num)d件", "ひとこと%(num)d件", count)
        case Step.TESTIMONIAL:
            return ngettext("お客様の声%(num)d件", "お客様の声%(num)d件", count)
        case Step.REFERRAL:
            return ngettext("お友達の紹介%(num)d人", "お友達の紹介%(num)d人", count)
