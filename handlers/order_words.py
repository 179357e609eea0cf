"""The words of the messages about orders, and of the answer to 「注文状況」. The owner can change each in shop.toml."""

from pydantic import Field

from bot.config import shop


@shop.section("order_messages.words")
class OrderWords(shop.Words):
    """ご注文についてのお知らせと、「注文状況」へのお返事の文面。{ } の中はそのままの形で残してください。"""

    received_title: str = Field("ご注文を承りました", description="注文を受けたお知らせの見出し")
    dispatched_title: str = Field("商品を発送しました", description="発送のお知らせの見出し")
    delivered_title: str = Field("お荷物をお届けしました", description="お届けのお知らせの見出し")
    delivered: str = Field(
        "お受け取り、ありがとうございます。\n気になることがありましたら、このトークにそのまま書いてくださいね。スタッフが拝見します。",
        description="お届けのお知らせ",
    )
    number: str = Field("注文番号 {order}", description="注文番号の行")
    more_items: str = Field("ほか{count}個", description="商品が多いときの最後の行")
    total: str = Field("合計 {yen}円", description="合計の行")
    arrives: str = Field("{day}ごろのお届け予定です", description="お届け予定日の行")
    carrier: str = Field("{carrier} {number}", description="配送会社と送り状番号の行")
    track_button: str = Field("荷物の場所を見る", max_length=20, description="追跡ページを開くボタン")
    track_button_numbered: str = Field(
        "荷物{place}の場所を見る",
        max_length=20,
        description="荷物がいくつかあるときの、追跡ページを開くボタン",
    )
    staff_button: str = Field("スタッフと話す", max_length=20, description="お届けのお知らせのボタン")
    asked: str = Field("最近のご注文はこちらです。", description="「注文状況」と聞かれたとき")
    state_received: str = Field("お届けの準備をしています", description="状態：まだ発送していないとき")
    state_past: str = Field("前のご注文です", description="状態：前のご注文")
    state_dispatched: str = Field("{day}に発送しました", description="状態：発送したとき")
    state_some_delivered: str = Field(
        "お荷物{count}個のうち{delivered}個をお届けしました", description="状態：一部の荷物が届いたとき"
    )
    state_delivered: str = Field("{day}にお届けしました", description="状態：届いたとき")
    state_cancelled: str = Field("キャンセルを承りました", description="状態：取り消された注文")
    state_refunded: str = Field("返金の手続きが済んでいます", description="状態：返金された注文")
    ordered_on: str = Field("{day}のご注文", description="注文日の行")
    more_parcels: str = Field("ほか{count}個", description="荷物が多いときの最後の行")
    no_orders: str = Field(
        "ご注文は、まだこのLINEにつながっていないようです。\nお店でのお買い物は、連携するとここで見られるようになります☺",
        description="「注文状況」と聞かれて、注文がないとき（つづけて連携のしかたをご案内します）",
    )
    link_button: str = Field("連携する", max_length=20, description="連携をはじめるボタン")


def words() -> OrderWords:
    """The sentences with the owner's changes."""
    return shop.get(OrderWords)
