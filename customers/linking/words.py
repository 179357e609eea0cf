"""The sentences to customers about linking, which the owner may override in shop.toml."""

from pydantic import Field

from bot.config import shop


@shop.section("links.words")
class LinkWords(shop.Words):
    """「連携」の文面。{ } の中はそのままの形で残してください。"""

    prefilled: str = Field(
        "連携コード：{code}", description="QRコードやリンクを開いたときに、トークに入力される文"
    )
    linked: str = Field(
        "連携できました！{buyer}のお買い物が、このLINEにつながりました🌿\n"
        "これからのお買い物のポイントは、自動でここにたまります。\n"
        "やめたいときは、いつでも「連携を解除」と送ってくださいね。",
        description="連携できたとき",
    )
    credited: str = Field(
        "これまでのお買い物{count}件の分、{points}ポイントをお贈りしました（いま{balance}ポイント）。",
        description="連携前の注文のポイントをお渡ししたとき",
    )
    buyer_by_number: str = Field(
        "会員番号 {number} のお客さま", description="連携した相手（会員番号がわかるとき）"
    )
    buyer_without_number: str = Field("お店でのお客さま", description="連携した相手（会員番号がないとき）")
    already_mine: str = Field(
        "このLINEは、すでに連携ずみです☺ そのままお使いいただけます。", description="連携ずみのとき"
    )
    unknown: str = Field(
        "ごめんなさい、このコードは見つかりませんでした🙏\nもう一度、コードをお確かめください。",
        description="知らないコードのとき",
    )
    expired: str = Field(
        "ごめんなさい、このコードは期限が切れています🙏\n「スタッフと話す」から新しいコードをお求めください。",
        description="期限切れのコードのとき",
    )
    used: str = Field(
        "このコードは、すでに使われています🙏\nお心当たりがないときは「スタッフと話す」からお知らせください。",
        description="使用ずみのコードのとき",
    )
    too_many: str = Field(
        "コードのまちがいが続いたため、少しお休みしています🙏\n1時間ほどおいてから、もう一度お試しください。",
        description="まちがいが続いたとき",
    )
    held: str = Field(
        "ありがとうございます。別のLINEとすでに連携されているようなので、スタッフが確認しますね。\n少しお待ちください🙏",
        description="購入者がほかのLINEと連携ずみのとき（人が確かめます）",
    )
    log_in: str = Field(
        "お店のログイン画面を開いて、連携を完了してください🌿（10分以内にお願いします）",
        description="お店のログインでの連携をご案内するとき",
    )
    log_in_button: str = Field("ログインして連携", description="ログイン画面を開くボタン（20文字まで）")
    how_to_link: str = Field(
        "連携コードを、このトークにそのまま送ってください☺\nコードは、商品に同封のご案内や、ご注文確認メールにあります。",
        description="連携のしかた（お店にログインがないとき）",
    )
    link_failed: str = Field(
        "ごめんなさい、連携できませんでした🙏\nお手数ですが、もう一度「連携」と送ってお試しください。",
        description="お店のログインでの連携がうまくいかなかったとき",
    )
    unlink_ask: str = Field(
        "連携を解除しますか？\n{buyer}のこれからのお買い物は、このLINEにつながらなくなります。\n"
        "いまのポイントは、そのままお使いいただけます。",
        description="連携の解除を確かめるとき",
    )
    unlink_yes: str = Field("解除する", description="解除するボタン")
    unlink_no: str = Field("やめておく", description="解除しないボタン")
    unlinked: str = Field(
        "連携を解除しました。これまでのポイントは、そのまま残っています。\nまたいつでも連携できますよ🌿",
        description="連携を解除したとき",
    )
    unlinked_by_staff: str = Field(
        "スタッフが、お店のご購入との連携を解除しました。これまでのポイントは、そのまま残っています。\n"
        "お心当たりがないときは「スタッフと話す」からお知らせください。",
        description="スタッフが連携を解除したとき",
    )
    not_linked: str = Field("いまは、どのお買い物とも連携していません☺", description="連携していないとき")


def words() -> LinkWords:
    """The sentences in force."""
    return shop.get(LinkWords)
