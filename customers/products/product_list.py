"""Lists the shop's products for the owner, and changes what customers see of them."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from bot.db.database import require_transaction
from customers.orders.tables import Product

LONGEST_ADDRESS = 1_000
_SAFE = "%/:?@!$&'()*+,;=~-._[]"


@dataclass(frozen=True, slots=True)
class ProductDetails:
    """What the owner says of a product."""

    name: str
    price_yen: int | None
    url: str
    picture_url: str
    in_stock: bool
    is_recommended: bool
    premium: bool
    repurchase_days: int | None


def page(words: str, after: str, limit: int) -> list[Product]:
    """The next products after that code whose name or code has these words, whatever their case."""
    query = Product.select().where(Product.sku > after).order_by(Product.sku).limit(limit)
    for word in words.split():
        query = query.where(Product.sku.contains(word) | Product.name.contains(word))
    return list(query)


def find(product_id: int) -> Product | None:
    """The product with that id."""
    found: Product | None = Product.get_or_none(Product.id == product_id)
    return found


def names(product_ids: list[int]) -> dict[int, str]:
    """The names of products, or their codes where they have none."""
    rows = Product.select(Product.id, Product.sku, Product.name).where(Product.id.in_(product_ids))
    return {row.id: row.name or row.sku for row in rows}


def change(product_id: int, details: ProductDetails) -> None:
    """Store what the owner says."""
    require_transaction()
    values = {name: getattr(details, name) for name in ProductDetails.__slots__}
    Product.update(**values).where(Product.id == product_id).execute()


class BadAddress(ValueError):
    """What was written is not the https address of a page or a picture."""


def address(written: str) -> str:
    """The address in the form in which LINE opens it: letters of other scripts are percent-encoded. Empty stays empty.
    Raises BadAddress unless it is an https address of a host with a dot, without blanks."""
    text = written.strip()
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port is not None else ""
    except (ValueError, UnicodeError):
        raise BadAddress(text) from None
    has_blank = any(letter.isspace() or not letter.isprintable() for letter in text)
    if parts.scheme != "https" or "." not in host.strip(".") or has_blank or parts.username is not None:
        raise BadAddress(text)
    encoded = [quote(each, safe=_SAFE) for each in (parts.path, parts.query, parts.fragment)]
    found = urlunsplit(("https", host + port, *encoded))
    if len(found) > LONGEST_ADDRESS:
        raise BadAddress(text)
    return found
