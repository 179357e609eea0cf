"""The sentences to customers about coupons, which the owner may override in shop.toml. Layout:
`messages.py`."""

from pydantic import Field

from bot.config import shop
from rewards.coupons.rules import Lack, RewardKind


@shop.section("coupons.words")
class CouponWords(shop.Words):
    """クーポンと特典の文面。{ } の中はそのままの形で残してください。"""

    list_title: str = Field("クーポンと特典", description="一覧の見出し（通知にも表示されます）")
    nothing: str = Field(
        "いまお使いいただけるクーポンはありません。新しい特典ができたら、ここに並びますね☺",
        description="クーポンも交換できる特典もないとき",
    )
    price: str = Field("{points}ポイント", description="交換に必要なポイント")
    you_have: str = Field("お持ちのポイント：{points}", description="いまのポイント")
    enough: str = Field("交換できます", description="ポイントが足りているとき")
    lack_points: str = Field("あと{points}ポイントで交換できます", description="ポイントが足りないとき")
    lack_rank: str = Field("「{rank}」になると交換できます", description="ランクが足りないとき")
    left: str = Field("残り{count}個", description="残りの数")
    exchange: str = Field("ポイントと交換する", max_length=20, description="交換ボタン")
    how_to_collect: str = Field(
        "ポイントのため方", max_length=20, description="ポイントが足りないときのボタン"
    )
    show: str = Field("クーポンを見る", max_length=20, description="クーポンを開くボタン")
    confirm: str = Field(
        "「{reward}」を{points}ポイントと交換しますか？\n交換すると、残りは{balance}ポイントになります。",
        description="交換の確認",
    )
    confirm_yes: str = Field("交換する", max_length=20, description="確認の「はい」")
    confirm_no: str = Field("やめておく", max_length=20, description="確認の「いいえ」")
    exchanged: str = Field("交換しました✨ いま{balance}ポイントです。", description="交換できたとき")
    gone_sold_out: str = Field(
        "ごめんなさい、ちょうどなくなってしまいました🙏 ポイントはそのままです。",
        description="在庫がなくなったとき",
    )
    gone_points: str = Field(
        "ポイントが足りないようです。あと{points}ポイントたまったら、また交換してくださいね☺",
        description="交換しようとして、ポイントが足りなかったとき",
    )
    gone_had_enough: str = Field(
        "こちらは、お一人さまの上限までお渡ししています。いつもありがとうございます☺",
        description="1人の数に達したとき",
    )
    gone: str = Field(
        "ごめんなさい、この特典はいま交換できません🙏 ポイントはそのままです。",
        description="交換できないとき",
    )
    coupon_code: str = Field("クーポンコード", description="コードの見出し")
    coupon_until: str = Field("{month}月{day}日まで", description="使える期限")
    coupon_use: str = Field(
        "お店では、このQRコードをスタッフにお見せください。通販では、コードをコピーして、ご注文の画面のクーポン欄に"
        "貼り付けてください。",
        description="クーポンの使い方",
    )
    coupon_use_in_shop: str = Field(
        "お店では、このQRコードをスタッフにお見せください。通販では、下のボタンからどうぞ。クーポンが入った状態で"
        "ショップが開きます。",
        description="クーポンの使い方（shop_url を決めたとき）",
    )
    copy_code: str = Field("コードをコピー", max_length=20, description="クーポンのコードをコピーするボタン")
    use_in_shop: str = Field(
        "ショップで使う",
        max_length=20,
        description="クーポンを入れてショップを開くボタン（shop_url を決めたとき）",
    )
    coupon_used: str = Field(
        "このクーポンは、すでにお使いいただいています。ありがとうございました☺", description="使用済みのとき"
    )
    coupon_over: str = Field("このクーポンは、期限が過ぎています🙏", description="期限切れのとき")
    coupon_cancelled: str = Field("このクーポンは、取り消されています🙏", description="取り消されたとき")
    cancelled: str = Field(
        "「{reward}」のクーポンを、お店の都合で取り消させていただきました。ご期待に添えず、ごめんなさい🙏\n"
        "ご不明なことは「スタッフと話す」からどうぞ。",
        description="スタッフがクーポンを取り消したとき",
    )
    cancelled_points: str = Field(
        "「{reward}」のクーポンを取り消して、交換の{points}ポイントをお戻ししました（いま{balance}ポイント）。\n"
        "ご不明なことは「スタッフと話す」からどうぞ☺",
        description="スタッフがクーポンを取り消して、ポイントをお戻ししたとき",
    )
    taken_back: str = Field(
        "「{reward}」のクーポンは、ご注文の取り消しといっしょにお戻しいただきました。またの機会にお贈りしますね☺",
        description="注文の取り消しで、お贈りしたクーポンもなくなったとき",
    )
    coupon_unknown: str = Field("クーポンが見つかりませんでした。", description="知らないクーポンのとき")
    given_first_purchase: str = Field(
        "はじめてのお買い物のお礼に、クーポンをお贈りします🎁", description="初回購入のクーポン"
    )
    given_rank: str = Field(
        "「{rank}」になったお祝いに、クーポンをお贈りします🎁", description="ランクのクーポン"
    )
    given_birthday: str = Field(
        "お誕生日おめでとうございます🎂\nお祝いに、クーポンをお贈りします。", description="誕生日のクーポン"
    )
    given_thank_you: str = Field(
        "いつもありがとうございます。お店からのお礼に、クーポンをお贈りします🎁", description="お礼のクーポン"
    )

    birthday_points: str = Field(
        "お誕生日おめでとうございます🎂\nささやかですが、{points}ポイントをお贈りしました（いま{balance}ポイント）。",
        description="お誕生日のポイント",
    )
    birthday_late: str = Field(
        "お祝いのことばが遅くなりました。お誕生日おめでとうございます🎂\n"
        "ささやかな贈りものをお届けしました。「ポイント」や「クーポン」からご覧くださいね☺",
        description="お困りごとの途中で迎えたお誕生日のお祝い（対応を終えたときに）",
    )
    birthday_ask: str = Field(
        "お誕生日を「4月1日」のように教えてください🎂\nその日に、お祝いのクーポンをお届けします。",
        description="誕生日をたずねるとき",
    )
    birthday_ask_no_gift: str = Field(
        "お誕生日を「4月1日」のように教えてください🎂",
        description="誕生日をたずねるとき（誕生日の特典がないとき）",
    )
    birthday_learnt: str = Field(
        "{month}月{day}日ですね。ありがとうございます！覚えておきますね☺", description="誕生日を教わったとき"
    )
    birthday_known: str = Field(
        "お誕生日は{month}月{day}日とうかがっています。変更は「スタッフと話す」からどうぞ☺",
        description="誕生日をもう知っているとき",
    )
    birthday_unclear: str = Field(
        "ごめんなさい、日付がわかりませんでした🙏「4月1日」のように教えてくださいね。",
        description="日付が読めないとき",
    )

    def given(self, kind: RewardKind, rank: str = "") -> str:
        """The sentence that says for what the coupon is given."""
        sentence = str(getattr(self, f"given_{kind.replace('-', '_')}"))
        return sentence.format(rank=rank)

    def missed(self, lack: Lack | None, points: int) -> str:
        """The sentence that says why an exchange was not possible."""
        sentence = str(getattr(self, f"gone_{lack}", self.gone)) if lack else self.gone
        return sentence.format(points=f"{points:,}")


def words() -> CouponWords:
    """The sentences in force."""
    return shop.get(CouponWords)
