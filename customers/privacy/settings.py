"""Who answers for customers' data, for the privacy policy, in shop.toml."""

from pydantic import Field

from bot.config import shop


@shop.section("privacy")
class PrivacyContact(shop.Section):
    """プライバシーポリシー（/privacy）に載せる、お店の連絡先。空のものは載りません。"""

    operator: str = Field(
        "", max_length=100, description="事業者の名前（会社名や代表者名。空ならお店の名前）"
    )
    address: str = Field("", max_length=200, description="住所")
    email: str = Field("", max_length=200, description="個人情報についての問い合わせ先のメールアドレス")
    phone: str = Field("", max_length=40, description="個人情報についての問い合わせ先の電話番号")
