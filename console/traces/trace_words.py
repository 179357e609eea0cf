"""Says in the reader's language what a trace holds as keys: kinds of messages, reasons to wait, ends, why not."""

from console.shell.translation import N_, gettext
from journeys.flows import stock
from journeys.sending.message_kinds import Kind
from journeys.traces.trace import EnrolmentTrace, Line, MessageTrace
from journeys.traces.why_not import Reason, WhyNot

KINDS = {
    Kind.ORDER_RECEIVED: N_("ご注文のお礼"),
    Kind.ORDER_DISPATCHED: N_("発送のお知らせ"),
    Kind.ORDER_DELIVERED: N_("お届けのお知らせ"),
    Kind.ORDER_REVERSED: N_("ご注文の取り消し"),
    Kind.OVERDUE_ANSWER: N_("お返事が遅れるおわび"),
    Kind.FOLLOW_UP: N_("お返事がないときのひとこと"),
    Kind.MONTHLY_REPORT: N_("月のまとめ"),
    Kind.STAFF_ALERT: N_("スタッフへの通知"),
    Kind.SATISFACTION: N_("対応の満足度のおたずね"),
    Kind.COUPON_GIVEN: N_("クーポンのお届け"),
    Kind.COUPON_CANCELLED: N_("クーポンの取り消し"),
    Kind.REFERRAL: N_("紹介のお知らせ"),
    Kind.RANK_ROSE: N_("ランクアップのお祝い"),
    Kind.POINTS_EXPIRING: N_("ポイント失効のお知らせ"),
    Kind.RANK_FALL: N_("ランクが下がる前のお知らせ"),
    Kind.BIRTHDAY: N_("誕生日のお祝い"),
    Kind.SURVEY: N_("アンケート"),
    Kind.SURVEY_REMINDER: N_("アンケートの再度のお願い"),
    Kind.TESTIMONIAL_PUBLISHED: N_("お客様の声の掲載のお知らせ"),
    Kind.LINK: N_("会員連携のお知らせ"),
    Kind.FLOW_STEP: N_("シナリオのステップ"),
    Kind.CONTACT: N_("スタッフからの個別のご連絡"),
    Kind.CAMPAIGN: N_("キャンペーン"),
}
REASONS = {
    "quiet-hours": N_("夜間のため"),
    "daily-limit": N_("1日の上限のため"),
    "weekly-limit": N_("1週間の上限のため"),
    "budget": N_("今月の通数を残すため"),
    "ticket": N_("対応中の相談があるため"),
    "quiet-period": N_("お困りごとのあとの数日のため"),
    "free-ride": N_("無料で添えられる返信を待つため"),
    "opted-out": N_("配信停止のため"),
    "blocked": N_("ブロックされているため"),
    "no-longer-applies": N_("内容が当てはまらなくなったため"),
    "too-late": N_("期限を過ぎたため"),
    "basic": N_("ベーシックの方には送らない内容のため"),
    "paused": N_("シナリオが一時停止中のため"),
    "off": N_("シナリオが止められたため"),
    "error": N_("処理に失敗したため"),
    "goal": N_("目標に達したため"),
    "held-out": N_("効果を比べるために送らない方です"),
    "held-out:shop": N_("効果を比べるために、今年はどのシナリオもキャンペーンも送らない方です"),
    "shop": N_("今年はどのシナリオもキャンペーンも送らない方"),
    "step-deleted": N_("ステップがなくなったため"),
    "unreachable": N_("LINEで届かないため"),
    "condition": N_("条件に合わないため"),
    "no-testimonial": N_("掲載中のお客様の声がないため"),
    "no-recommendation": N_("おすすめできる商品がないため"),
    "by-owner": N_("シナリオの変更のとき、終えることにしたため"),
    "completed": N_("最後まで進んだため"),
}
HAPPENED = {
    "entered": N_("シナリオに入りました"),
    "passed-over": N_("飛ばしました"),
    "planned": N_("送る予定にしました"),
    "held": N_("待っています"),
    "sent": N_("送りました"),
    "skipped": N_("送らずに次へ進みました"),
    "dropped": N_("送るのをやめました"),
    "moved": N_("新しい版に移りました"),
    "waited": N_("待ち終わりました"),
    "ended": N_("シナリオを出ました"),
    "tag": N_("タグを付けました"),
    "note": N_("メモを残しました"),
}
STATES = {
    "waiting": N_("予定"),
    "skipped": N_("送らず"),
    "dropped": N_("取りやめ"),
    "sending": N_("送信待ち"),
    "held": N_("保留"),
    "done": N_("最後まで進みました"),
    "goal": N_("目標に達しました"),
    "ended": N_("途中で出ました"),
    "held-out": N_("送らない方（効果を比べるため）"),
}
WHY_NOT = {
    Reason.NEVER_ON: N_("まだ一度も動いていないシナリオです。"),
    Reason.IS_OFF: N_("シナリオは止まっています。"),
    Reason.IS_PAUSED: N_("シナリオは一時停止中です。"),
    Reason.HELD_OUT: N_("きっかけはありました。効果を比べるために送らない方です。"),
    Reason.HELD_OUT_BY_SHOP: N_(
        "きっかけはありました。効果を比べるために、今年はどのシナリオもキャンペーンも送らない方です。"
    ),
    Reason.ENTERED_BEFORE: N_("すでに入ったことがあります。"),
    Reason.BEFORE_START: N_("きっかけは、シナリオが動きはじめる前のことでした。"),
    Reason.OTHER_ORDER: N_("ご注文はありましたが、きっかけの回数ではありません。"),
    Reason.OTHER_PRODUCTS: N_("ご注文はありましたが、きっかけの商品が入っていません。"),
    Reason.NOT_MATCHING: N_("同じ種類のできごとはありましたが、条件に合いません。"),
    Reason.TRIGGERED: N_("きっかけはありました。入った記録はありません。"),
    Reason.NOT_TRIGGERED: N_("動きはじめてから、きっかけになることがまだありません。"),
    Reason.BY_HAND: N_("スタッフが入れたときだけ入るシナリオです。"),
    Reason.NOT_KNOWN: N_("きっかけがあったかどうかは、記録からは分かりません。"),
}


def name_of(message: MessageTrace, enrolment: EnrolmentTrace | None = None) -> str:
    """What the message is: its step, or its kind."""
    known = KINDS.get(Kind(message.kind)) if message.kind in list(Kind) else None
    kind = gettext(known) if known else message.kind
    return f"{kind}: {step(enrolment, message.step_key)}" if message.step_key else kind


def step(enrolment: EnrolmentTrace | None, step_key: str) -> str:
    """What the owner calls the step; its key where the flow has none of that key any more."""
    flow = stock.find(enrolment.flow_key) if enrolment else None
    return stock.definition_of(flow).title_of(step_key) if flow else step_key


def reason(key: str) -> str:
    """A reason to wait, to be dropped or to end; the key itself where it is new."""
    return gettext(REASONS[key]) if key in REASONS else key


def line(what: Line) -> str:
    """One line of the record."""
    said = gettext(HAPPENED[what.what]) if what.what in HAPPENED else what.what
    return _with(said, reason(what.detail))


def state(message: MessageTrace) -> str:
    """How far the message is."""
    if message.is_on_its_way:
        return gettext("LINEへ送信中")
    if message.has_failed:
        return gettext("送れませんでした")
    if message.sent_as == "reply":
        return gettext("返信に添えて送信")
    if message.sent_as == "push":
        return gettext("プッシュで送信")
    if message.state == "sent":
        return gettext("送りました")
    return _with(state_of(message.state), reason(message.reason))


def state_of(key: str) -> str:
    """How far an enrolment or a message is, by its stored state."""
    return gettext(STATES[key]) if key in STATES else key


def ended(way: EnrolmentTrace) -> str:
    """How far the way through a flow is, and why it ended or is held."""
    return _with(state_of(way.state), reason(way.end_reason))


def why_not(found: WhyNot) -> str:
    """A reason why somebody is not in a flow."""
    return gettext(WHY_NOT[found.reason])


def _with(said: str, detail: str) -> str:
    return gettext("%(said)s（%(detail)s）", said=said, detail=detail) if detail else said
