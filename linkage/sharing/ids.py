"""Names of what is shared: the same each time, and nobody without our secret can guess what they stand for."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ids:
    """Names under the producer's secret.

    A name that anybody can make from an account id tells who holds the account; a random one is another each time.
    These are pseudo-random to all but the producer, and the same in every export. Who loses the secret can no longer
    update or take back what was shared.

    Args:
        secret: 32 bytes, kept with the case.
    """

    secret: bytes = field(repr=False)

    def uuid(self, *parts: str) -> str:
        """Name an object: HMAC-SHA256 in the shape of a random UUID (RFC 9562, version 4).

        >>> Ids(bytes(32)).uuid("ring", "R-7K2M9Q")
        '1659a210-5916-46b0-8fcf-0a1716028f1f'
        """
        return str(uuid.UUID(bytes=self._digest("object", *parts)[:16], version=4))

    def account(self, account_id: str) -> str:
        """Name an account, so that only its own lab knows which it is.

        >>> Ids(bytes(32)).account("acct_1")
        'a1_tv3bdtrhxogyk3xuoam3yl3ug5ugml7uk3pks4iiqdrhl7dnvuza'
        """
        return "a1_" + base64.b32encode(self._digest("account", account_id)).decode().lower().rstrip("=")

    def _digest(self, *parts: str) -> bytes:
        # The length of each part goes before it, or ("ab", "c") would be ("a", "bc").
        message = b"".join(len(part.encode()).to_bytes(8, "big") + part.encode() for part in parts)
        return hmac.new(self.secret, message, hashlib.sha256).digest()
