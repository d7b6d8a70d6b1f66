"""Seals: what a client gets to keep, and gives back, comes back as it was or not at all."""

import base64
import binascii
import hashlib
import hmac

_DIGEST = 9


class Seal:
    """Makes opaque, forgery-proof texts, each for one use.

    Args:
        key: the same for every process; whoever knows it can forge.
    """

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.blake2b(key).digest()

    def close(self, use: str, body: bytes) -> str:
        """Seal bytes for a use."""
        return base64.urlsafe_b64encode(self._digest(use, body) + body).rstrip(b"=").decode()

    def open(self, use: str, text: str) -> bytes | None:
        """The bytes that were sealed for a use; None where the text is forged, malformed, or of another use."""
        try:
            raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError):
            return None
        digest, body = raw[:_DIGEST], raw[_DIGEST:]
        return body if hmac.compare_digest(digest, self._digest(use, body)) else None

    def _digest(self, use: str, body: bytes) -> bytes:
        return hashlib.blake2b(use.encode() + b"\0" + body, key=self._key, digest_size=_DIGEST).digest()
