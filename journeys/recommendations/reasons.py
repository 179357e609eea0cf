"""Says why a product is recommended, in a sentence whose figures are always true."""

from fractions import Fraction

from bot.line import messages as line
from journeys.cards.product_cards import ShownProduct
from journeys.cards.words import words
from journeys.recommendations.choosing import Manner, Recommendation

LONGEST_NAME = 40


def shown(found: Recommendation, url: str) -> ShownProduct:
    """The recommendation with the address to open."""
    product = found.product
    return ShownProduct(product.name, reason(found), url, product.picture_url, product.price_yen)


def reason(found: Recommendation) -> str:
    """Why the product is recommended, in a sentence."""
    pair, because_of = found.pair, found.because_of
    if pair is None or because_of is None:
        return words().premium
    if pair.product_id == pair.other_id:
        said = words().again
    else:
        said = words().next if pair.manner is Manner.NEXT else words().together
    return said.format(product=line.cut(because_of.name, LONGEST_NAME), share=share_in_words(pair.share))


def share_in_words(share: Fraction) -> str:
    """A share as people say it, never more than it is: 「3人に1人」, 「3人に1人以上」, 「10人に7人以上」."""
    if share > Fraction(1, 2):
        tens = int(share * 10)
        said, is_all = f"10人に{tens}人", share == Fraction(tens, 10)
        if tens == 10:
            return "全員"
        if tens == 5:
            said = "2人に1人"
    else:
        of_how_many = -(-share.denominator // share.numerator)
        said, is_all = f"{of_how_many}人に1人", share == Fraction(1, of_how_many)
    return said if is_all else f"{said}以上"
