"""The sentences about recommendations. The owner can change each in shop.toml."""

from pydantic import Field

from bot.config import shop


@shop.section("recommendations.words")
class RecommendationWords(shop.Words):
    """おすすめ商品の文面です。{ } の中はそのままの形で残してください。"""

    title: str = Field(
        "あなたへのおすすめ", max_length=40, description="おすすめのカードの、いちばん上の小さな文字"
    )
    price: str = Field("{price}円", max_length=40, description="値段（登録があるとき）")
    button: str = Field("商品を見る", max_length=20, description="商品のページを開くボタン")
    next: str = Field(
        "『{product}』をお買い上げの方の{share}が、次のご注文で選んでいます",
        max_length=120,
        description="おすすめの理由（次のご注文で買われているとき）",
    )
    together: str = Field(
        "『{product}』をお買い上げの方の{share}が、いっしょに選んでいます",
        max_length=120,
        description="おすすめの理由（同じご注文で買われているとき）",
    )
    again: str = Field(
        "『{product}』をお買い上げの方の{share}が、次のご注文でも選んでいます。そろそろいかがですか",
        max_length=120,
        description="おすすめの理由（同じ商品がまた買われているとき）",
    )
    premium: str = Field(
        "いつもありがとうございます。とっておきの一品をご紹介します",
        max_length=120,
        description="プレミアム商品をおすすめする理由（お買い上げからは言えないとき）",
    )
    asked: str = Field("おすすめはこちらです。", max_length=200, description="「おすすめ」と聞かれたとき")
    nothing: str = Field(
        "いま、お買い上げから選べるおすすめがありません。\n"
        "商品選びのご相談は「スタッフと話す」からどうぞ。いっしょに選ばせてください。",
        max_length=300,
        description="「おすすめ」と聞かれて、おすすめがないとき",
    )
    resting: str = Field(
        "いまは、おすすめのご紹介を控えています。\n"
        "商品選びのご相談は、担当者がお手伝いします。「スタッフと話す」からお書きください。",
        max_length=300,
        description="「おすすめ」と聞かれて、ご相談がつづいているときや、お困りごとのあとの数日",
    )


def words() -> RecommendationWords:
    """The sentences with the owner's changes."""
    return shop.get(RecommendationWords)
