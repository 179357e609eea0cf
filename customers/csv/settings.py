"""The settings for order files in shop.toml: the system and the names of columns."""

from typing import Literal

from pydantic import Field, model_validator

from bot.config import shop
from customers.csv.presets import AddressColumns, ColumnMap


@shop.section("orders.columns", place=0)
class OrderColumns(shop.Section):
    """注文CSVの列の名前。ふつうは空のままで大丈夫です（よくある名前と、下のシステムの列は自動で見分けます）。"""

    system: Literal["auto", "none", "ec-cube", "futureshop", "base"] = Field(
        "auto",
        description="CSVを書き出したシステム: auto（見分ける）, ec-cube, futureshop, base, none（一般的な名前だけ）",
    )
    order_number: str = Field("", description="注文番号の列")
    ordered_at: str = Field("", description="注文日時の列")
    total_yen: str = Field("", description="お支払い合計の列")
    customer_number: str = Field("", description="会員番号の列")
    email: str = Field("", description="メールアドレスの列")
    phone: str = Field("", description="電話番号の列")
    postal_code: str = Field("", description="お届け先の郵便番号の列（住所の列といっしょに書きます）")
    address: tuple[str, ...] = Field((), description="お届け先の住所の列（分かれていれば、順にすべて）")
    line_user_id: str = Field("", description="LINEユーザーIDの列")
    sku: str = Field("", description="商品コードの列")
    name: str = Field("", description="商品名の列")
    quantity: str = Field("", description="数量の列")
    unit_yen: str = Field("", description="単価の列")
    state: str = Field("", description="注文の状態の列（取り消しを読み取ります）")
    coupon_code: str = Field("", description="使ったクーポンのコードの列")
    dispatched_at: str = Field("", description="出荷日の列")
    carrier: str = Field("", description="配送会社の列")
    tracking_number: str = Field("", description="送り状番号の列（いくつかあるときは「、」などで区切ります）")
    arrives_on: str = Field("", description="お届け予定日の列")
    delivered_at: str = Field("", description="配達完了日の列")

    @model_validator(mode="after")
    def _an_address_with_its_postal_code(self) -> "OrderColumns":
        if bool(self.postal_code) != bool(self.address):
            raise shop.Unfit(
                'postal_code and address go together. Example: postal_code = "郵便番号", address = ["住所1", "住所2"]',
                "郵便番号の列と住所の列は、両方書くか、両方空けてください",
            )
        return self

    def column_map(self) -> ColumnMap:
        """These settings as `columns.read_header` takes them; the shop's words for states are
        `customers/orders/settings.py`'s."""
        own = self.model_dump(exclude={"system", "postal_code", "address"})
        place = AddressColumns(self.postal_code, self.address) if self.address else None
        return ColumnMap(self.system, own, place=place)
