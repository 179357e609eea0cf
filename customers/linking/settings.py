"""The settings for link codes in shop.toml."""

from pydantic import Field

from bot.config import shop


@shop.section("links")
class LinkRules(shop.Section):
    """LINEのお客さまとお店のご購入者をつなぐ「連携」の決まりごと。"""

    code_days: int = Field(60, ge=1, le=365, description="連携コードが使える日数")
    nonce_minutes: int = Field(
        30,
        ge=1,
        le=1440,
        description="お店のログインからの連携で、ログインしてから完了するまでに待つ時間（分）",
    )
    guesses_an_hour: int = Field(
        5,
        ge=1,
        le=100,
        description="1人が1時間にまちがえてよい連携コードの回数（これを超えると少し待っていただきます）",
    )
