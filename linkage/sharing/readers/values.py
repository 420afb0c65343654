"""What a selector stands for: an address that can be anybody's, or a token of the right length."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkage.sharing.model import Scheme
from linkage.sharing.readers import checks
from linkage.sharing.readers.reader import RefusedError
from linkage.sharing.received import ReceivedSelector

if TYPE_CHECKING:
    from datetime import datetime

WIDEST = {4: 24, 6: 48}
"""The shortest prefix that may be listed: a wider network is a provider, not a ring."""
MOST_BANDS = 128
_TOKEN_BYTES = {Scheme.hmac: {32}, Scheme.oprf: {32, 64}}
_SKETCH_BYTES = {128}
_BAND_BYTES = set(range(4, 33))

# Nobody on the Internet has these. Those of the documentation (198.51.100.0/24, 2001:db8::/32, ...) nobody has
# either; they stay, because every example is written with them and a block of them hurts nobody.
_NOBODYS = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2002::/16",
        ),
    )
)  # fmt: skip
_UNICAST = ipaddress.ip_network("2000::/3")
_ADDRESS = re.compile(r"[0-9a-fA-F.:]{2,45}(/\d{1,3})?", re.ASCII)
_BASE32 = re.compile(r"[a-z2-7]{1,256}")


@dataclass(frozen=True)
class Said:
    """What a selector says: the part that is the same in every form of a list.

    Args:
        kind: the kind of evidence.
        scheme: how the value is written.
        key_id: under which key; empty where raw.
        value: the address, token or sketch.
        bands: of a template.
        sketch: of a template.
    """

    kind: str
    scheme: Scheme
    key_id: str
    value: str
    bands: tuple[str, ...] = ()
    sketch: bytes = b""

    def of(  # noqa: PLR0913 - what a list says of a value
        self,
        producer: str,
        object_id: str,
        ring: str,
        *,
        valid: tuple[datetime, datetime],
        confidence: int,
        accounts: int,
        soft: bool,
        revoked: bool,
        modified: datetime | None,
    ) -> ReceivedSelector:
        """Make the selector of a ring; the arguments are those of ``ReceivedSelector``."""
        return ReceivedSelector(
            producer=producer,
            object_id=object_id,
            ring=ring,
            kind=self.kind,
            scheme=self.scheme,
            key_id=self.key_id,
            value=self.value,
            bands=self.bands,
            sketch=self.sketch,
            valid_from=valid[0],
            valid_until=valid[1],
            confidence=confidence,
            accounts=accounts,
            soft=soft,
            revoked=revoked,
            modified=modified,
        )


def raw(kind: object, value: object) -> Said:
    """Take an address or network as it is.

    >>> raw("ip", "2001:DB8::/64").value
    '2001:db8::/64'
    """
    if kind != "ip":
        raise RefusedError("only addresses may stand as they are")
    return Said("ip", Scheme.raw, "", address(value))


def token(kind: object, scheme: Scheme, key_id: object, value: object) -> Said:
    """Take a token of a key."""
    if scheme not in _TOKEN_BYTES:
        raise RefusedError("its scheme is none of those that make tokens")
    text, _ = base32(value, _TOKEN_BYTES[scheme])
    return Said(checks.kind(kind), scheme, checks.key_id(key_id), text)


def template(kind: object, key_id: object, sketch: object, bands: object) -> Said:
    """Take the sketch of a template and its bands."""
    if kind != "template":
        raise RefusedError("a sketch is of a template, and its kind says otherwise")
    listed = checks.items(bands)
    if not 1 <= len(listed) <= MOST_BANDS:
        raise RefusedError(f"a template has no bands, or more than {MOST_BANDS}")
    words = tuple(base32(band, _BAND_BYTES)[0] for band in listed)
    text, content = base32(sketch, _SKETCH_BYTES)
    return Said(checks.kind(kind), Scheme.minhash, checks.key_id(key_id), text, words, content)


def address(value: object) -> str:
    """Take an address or network that can be on the Internet and is no wider than a customer's.

    >>> address("198.51.100.7")
    '198.51.100.7'
    """
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        raise RefusedError("its address is none")
    try:
        network = ipaddress.ip_network(value, strict=True)
    except ValueError:
        raise RefusedError("its address is none") from None
    if network.prefixlen < WIDEST[network.version]:
        raise RefusedError("its network is wider than /24 (IPv4) or /48 (IPv6)")
    if network.version == 6 and not network.overlaps(_UNICAST):
        raise RefusedError("its address is private or reserved")
    if any(network.overlaps(nobodys) for nobodys in _NOBODYS):
        raise RefusedError("its address is private or reserved")
    return str(network.network_address if network.prefixlen == network.max_prefixlen else network)


def base32(value: object, lengths: set[int]) -> tuple[str, bytes]:
    r"""Take lower case base32 without padding, in the one spelling its bytes have.

    >>> base32("aebagbaf", {5})
    ('aebagbaf', b'\x01\x02\x03\x04\x05')
    """
    if not isinstance(value, str) or not _BASE32.fullmatch(value):
        raise RefusedError("its token is not in base32")
    try:
        content = base64.b32decode(value.upper() + "=" * (-len(value) % 8))
    except binascii.Error:
        raise RefusedError("its token is not in base32") from None
    if len(content) not in lengths:
        raise RefusedError("its token is too short or too long for its scheme")
    if base64.b32encode(content).decode().lower().rstrip("=") != value:
        raise RefusedError("its token is not in base32")
    return value, content
