"""Tokens of two labs: what both hold can be compared, and whoever finds the file learns nothing.

The recipient holds the key. What can be gone through one by one is therefore never made a token: all addresses of
the internet take minutes.
"""

from __future__ import annotations

import base64
import hmac
import ipaddress
import re
import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from math import log2
from typing import TYPE_CHECKING

import numpy as np

from linkage.errors import DataError
from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LEAST_BITS = 64
_LETTERS32 = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", np.uint8)
# Whatever is written under these names comes from a small space, also when somebody hashed it before.
_SMALL_KINDS = re.compile(
    "address|asn|bin|birthday|card|country|date|domain|email|ip|ipv4|ipv6|last4|network|pan|phone|signup|signup_time"
)
_WORDS = re.compile(r"[a-z0-9]+")
_EPOCH = re.compile(r"([0-9]{4})q([1-4])")
_HEX = re.compile(r"(?=.*[A-Fa-f])[0-9A-Fa-f-]+")
_HARDWARE = re.compile(r"[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5,7}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9:.+-]*[Zz]?)?")
_DOMAIN = re.compile(r"([a-z]+://)?([a-z0-9_-]+\.)+[a-z][a-z0-9-]*\.?(:[0-9]+)?(/.*)?", re.IGNORECASE)
_CARD = re.compile(r"(?<![0-9A-Za-z])[0-9](?:-?[0-9]){12,18}(?![0-9A-Za-z])")
_PARTS = re.compile(r"[|,;=]")
_SEPARATORS = str.maketrans("", "", " .-/:()+,_#*")
# What somebody would type in one go: a word in one of the usual cases, or a run of digits.
_RUNS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_UNSPEAKABLE = re.compile(r"[^aeiouy]{5}", re.IGNORECASE)
_YEAR = re.compile(r"(19|20)[0-9]{2}")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}")


@dataclass(frozen=True)
class PairKey:
    """The key of two labs for one quarter.

    >>> PairKey(bytes(32), "2026q4").key_id
    'vr1.2026q4.739a35d9'

    Args:
        secret: 32 bytes that only these two hold.
        epoch: the quarter it is for, such as ``2026q4``.

    Raises:
        DataError: the secret is no 32 bytes, or the epoch no quarter.
    """

    secret: bytes = field(repr=False)
    epoch: str

    def __post_init__(self) -> None:
        if len(self.secret) != 32:
            raise DataError(f"a pair key is 32 bytes, this one is {len(self.secret)}; make one anew")
        quarter(self.epoch)

    @classmethod
    def generate(cls, epoch: str) -> PairKey:
        """Make a new key of a quarter."""
        return cls(secrets.token_bytes(32), epoch)

    @cached_property
    def id(self) -> str:
        """Eight hexadecimal digits that tell keys apart and nothing about them."""
        return self.digest(b"key id")[:4].hex()

    @property
    def key_id(self) -> str:
        """The name that selectors carry: the scheme, the quarter, and which key."""
        return f"vr1.{self.epoch}.{self.id}"

    def digest(self, *parts: bytes) -> bytes:
        """HMAC-SHA256 over the quarter and the parts, each with its length before it."""
        return hmac.digest(self.secret, framed(self.epoch.encode(), *parts), "sha256")


def framed(*parts: bytes) -> bytes:
    """Put the length of each part before it, or ("ab", "c") would be ("a", "bc").

    >>> framed(b"ab", b"c").hex()
    '00000000000000026162000000000000000163'
    """
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def token(key: PairKey, kind: str, value: str) -> str:
    """Make the token of a value: the same at both labs, in this quarter, for this kind.

    >>> token(PairKey(bytes(32), "2026q4"), "payment", "V0010013022298169667504231315")
    'u3ovybwuevnczpnbvuhfz3wcfx4672ztjox3rrvc3uyv647pblda'

    Args:
        key: of the two labs.
        kind: of the value; the same value of another kind has another token.
        value: as the kind cleans it; only spaces around it are taken off here.

    Raises:
        DataError: the value could be found by trying all there are.
    """
    return tokens(key, kind, [value])[0]


def tokens(key: PairKey, kind: str, values: Sequence[str]) -> list[str]:
    """Make the tokens of many values, in their order.

    >>> key = PairKey(bytes(32), "2026q4")
    >>> tokens(key, "payment", [" V0010013022298169667504231315"])[0][:8]
    'u3ovybwu'

    Raises:
        DataError: some values could be found by trying all there are; it says how many and why, never which.
    """
    cleaned = [value.strip() for value in values]
    _refuse_enumerable(kind, cleaned)
    # What goes before each value is the same for all; the last length is the value's own.
    before = framed(key.epoch.encode(), b"token", kind.encode())
    secret = key.secret
    encoded = (value.encode() for value in cleaned)
    digests = (
        hmac.digest(secret, before + len(value).to_bytes(8, "big") + value, "sha256") for value in encoded
    )
    return list(_base32_of(digests))


def enumerable(kind: str, value: str) -> str | None:
    """Say why a value could be found by going through all there are; None where it could not.

    The estimate is on the safe side: a letter of what may be a word counts about two bits, and 64 are needed.

    >>> enumerable("payment", "203.0.113.7")
    'it is a network address'
    >>> enumerable("payment", "9f86d081884c7d659a2feaa0c55ad015") is None
    True
    """
    if any(map(_SMALL_KINDS.fullmatch, [kind.strip().lower(), *_WORDS.findall(kind.lower())])):
        return "values of this kind are few enough to try them all"
    value = value.strip()
    if not value.isascii() or not value.isprintable() or " " in value:
        return "it is text as people write it"
    if "@" in value:
        return "it is an e-mail address"
    for part in _PARTS.split(value):
        reason = _small_space(part)
        if reason:
            return reason
    if len(set(value)) < 8:
        return "it holds fewer than 8 different characters"
    bits = _least_bits(value)
    return f"it has about {bits:.0f} bits, and {LEAST_BITS} are needed" if bits < LEAST_BITS else None


def epoch_of(moment: datetime) -> str:
    """Name the quarter of a moment.

    >>> epoch_of(datetime(2026, 11, 23))
    '2026q4'
    """
    return f"{moment.year:04d}q{(moment.month - 1) // 3 + 1}"


def is_quarter(epoch: str) -> bool:
    """Say whether a text names a quarter.

    >>> is_quarter("2026q4"), is_quarter("2026q5")
    (True, False)
    """
    found = _EPOCH.fullmatch(epoch)
    return found is not None and 1 <= int(found[1]) < 9999


def quarter(epoch: str) -> tuple[datetime, datetime]:
    """Say when a quarter starts, and when the next one does.

    >>> [str(moment.date()) for moment in quarter("2026q4")]
    ['2026-10-01', '2027-01-01']

    Raises:
        DataError: it is no quarter.
    """
    if not is_quarter(epoch):
        raise DataError(f"'{inert(epoch)}' is no quarter; write it as 2026q4")
    year, quarter = int(epoch[:4]), int(epoch[-1])
    start = datetime(year, 3 * quarter - 2, 1)  # noqa: DTZ001 - times are naive UTC throughout
    end = datetime(year + quarter // 4, 3 * quarter % 12 + 1, 1)  # noqa: DTZ001 - as above
    return start, end


def accepts(key: PairKey, now: datetime, *, overlap_days: int) -> bool:
    """Say whether tokens of a key still count: in its quarter, and for the overlap after it.

    >>> key = PairKey(bytes(32), "2026q3")
    >>> [accepts(key, datetime(2026, month, 14), overlap_days=30) for month in (6, 7, 10, 11)]
    [False, True, True, False]
    """
    start, end = quarter(key.epoch)
    return start <= now < end + timedelta(days=overlap_days)


def _refuse_enumerable(kind: str, values: Iterable[str]) -> None:
    reasons = Counter(reason for reason in (enumerable(kind, value) for value in values) if reason)
    if reasons:
        told = "; ".join(f"{count} x {reason}" for reason, count in sorted(reasons.items())[:5])
        raise DataError(
            f"{reasons.total():,} values of kind '{inert(kind)}' could be found by trying all there are ({told}); "
            "share them raw, or as tokens made with a hub"
        )


def _small_space(part: str) -> str | None:
    # Most values are letters and digits alone, and these can only be two of the things below.
    reason = None if part.isalnum() else _small_space_with_signs(part)
    if reason:
        return reason
    digits = part.translate(_SEPARATORS)
    # Of numbers, most are handed out in order, and of those of cards and telephones half is known.
    if digits.isdigit() and len(digits) < 32:
        return "it is a number, such as of a card, a telephone or a day"
    return "it is the number of a bank account" if _is_iban(part) else None


def _small_space_with_signs(part: str) -> str | None:
    if _is_address(part):
        return "it is a network address"
    if _HARDWARE.fullmatch(part):
        return "it is the address of a network card"
    if _DATE.fullmatch(part):
        return "it is a date or a time"
    if any(_luhn(found) for found in _CARD.findall(part)):
        return "it holds a card number"
    return "it is a domain name or an address of the web" if _DOMAIN.fullmatch(part) else None


def _is_iban(part: str) -> bool:
    moved = part[4:] + part[:4]
    return _IBAN.fullmatch(part) is not None and int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def _is_address(part: str) -> bool:
    # Only these characters, so that most values are done with here: a parse costs more than all else.
    bare = part.partition("%")[0]
    if not bare or bare.strip("0123456789abcdefABCDEF.:/[]"):
        return False
    hosts = {bare, bare.strip("[]"), bare.partition("]")[0].lstrip("["), bare.partition(":")[0]}
    return any(_parses(host) for host in hosts if "." in host or ":" in host)


def _parses(host: str) -> bool:
    try:
        ipaddress.ip_interface(host)
    except ValueError:
        return False
    return True


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in number if digit.isdigit()][::-1]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _least_bits(value: str) -> float:
    if _HEX.fullmatch(value):
        return 4.0 * len(value.replace("-", ""))
    runs = _RUNS.findall(value)
    # Letters and digits of a made-up value change places all the time; a name with a year behind it does not.
    mixed = len(runs) >= len(value) / 4
    return sum(_bits_of_run(run, mixed=mixed) for run in runs)


def _bits_of_run(run: str, *, mixed: bool) -> float:
    if run[0].isdigit():
        return 6.0 if _YEAR.fullmatch(run) else len(run) * log2(10)
    if _UNSPEAKABLE.search(run) or (mixed and len(run) < 5):
        return len(run) * log2(26)
    return 2.2 * len(run)  # English has less, when whole words are weighed


def _base32_of(digests: Iterator[bytes]) -> Iterator[str]:
    # base64.b32encode takes longer than the hash itself, so many are written at once.
    while piece := list(islice(digests, 1 << 15)):
        bits = np.unpackbits(np.frombuffer(b"".join(piece), np.uint8).reshape(len(piece), 32), axis=1)
        fives = np.pad(bits, ((0, 0), (0, 4))).reshape(len(piece), 52, 5)
        numbers = fives @ np.array([16, 8, 4, 2, 1], np.uint8)
        letters = _LETTERS32[numbers].tobytes().decode()
        yield from (letters[start : start + 52] for start in range(0, len(letters), 52))


def base32(content: bytes) -> str:
    """Write bytes as tokens are written: base32 in lower case without padding.

    >>> base32(b"ring")
    'ojuw4zy'
    """
    return base64.b32encode(content).decode().lower().rstrip("=")
