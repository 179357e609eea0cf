"""Sentences to a customer who wants an address, a delivery or a subscription changed, or to be erased. The owner can
change each in shop.toml; layout is in `messages.py`."""

from pydantic import Field

from bot.config import shop


@shop.section("support.changes")
class ChangeWords(shop.Words):
    """お届け先・お届け日・定期便の変更や、個人情報の削除をトークで頼まれたときの文面。必要なことを1通でうかがい、スタッフにつなぎます。"""

    asked: str = Field(
        "承りました。スタッフがお手続きします。\n次のことを1通にまとめて、このまま送ってください。\n\n{needed}",
        description="変更を頼まれたとき（つづけて、うかがうことの一覧）",
    )
    complete: str = Field(
        "承りました。いただいた内容を、スタッフが確かめてお手続きします。\n"
        "足りないことがあれば、このまま書いてください。\n\n{needed}",
        description="頼まれたときの文に、新しい住所や日がもう書いてあるとき",
    )
    received: str = Field(
        "ありがとうございます。スタッフにお渡ししました。", description="うかがった内容が届いたとき"
    )
    due: str = Field(
        "{due}までに、このトークでお返事します。変更できるかどうかも、そのときお伝えします。",
        description="つづけて、いつお返事するか",
    )
    erasure: str = Field(
        "承りました。お客様の情報を消すお手続きは、お店の責任者がいたします。\n"
        "消す前に、なくなるもの（ポイントやクーポンなど）をお知らせします。",
        description="個人情報の削除や退会を頼まれたとき",
    )
    erasure_due: str = Field(
        "{due}までに、このトークでお返事します。", description="つづけて、いつお返事するか"
    )
    address: str = Field(
        "・新しいお届け先（郵便番号、ご住所、お名前、電話番号）", description="お届け先の変更でうかがうこと"
    )
    delivery: str = Field("・ご希望のお届け日と時間帯", description="お届け日の変更でうかがうこと")
    subscription: str = Field(
        "・変えたいこと（お休み、次回のお届け日、間隔、数、解約など）と、いつの分からか",
        description="定期便の変更でうかがうこと",
    )
    this_order: str = Field(
        "・ご注文 {order}（ちがうご注文のときは、その番号）",
        description="まだ発送していない注文が1つあるとき",
    )
    which_order: str = Field(
        "・どのご注文か（{orders}）", description="まだ発送していない注文がいくつかあるとき"
    )
    order_number: str = Field(
        "・ご注文番号（わからないときは、お名前とご注文日）", description="発送前の注文が見つからないとき"
    )


def words() -> ChangeWords:
    """The sentences with the owner's changes."""
    return shop.get(ChangeWords)
