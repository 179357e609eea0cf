"""The key pair by which push services know this shop (VAPID, RFC 8292), derived from SECRET_KEY.

Nothing is stored: the same SECRET_KEY gives the same pair, and the database holds no secret of it. Another key means
that every browser subscribes again (`docs/decisions/0036-web-push-keys-are-derived.md`).
"""

import base64

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.config import settings

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of the group P-256."""
_BYTES = 40
"""64 bits more than the order has, so that the remainder has no bias (FIPS 186-5, A.2.1)."""


def private_number() -> int:
    """The private key as a number."""
    derive = HKDF(hashes.SHA256(), length=_BYTES, salt=None, info=b"goen web push")
    drawn = derive.derive(settings.current().hash_key.encode())
    return int.from_bytes(drawn, "big") % (ORDER - 1) + 1


def private_key() -> ec.EllipticCurvePrivateKey:
    """The private key."""
    return ec.derive_private_key(private_number(), ec.SECP256R1())


def public_key() -> str:
    """The public key as browsers take it (`applicationServerKey`): the point, in base64url without padding."""
    point = (
        private_key()
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
