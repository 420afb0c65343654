"""What labs tell each other of a ring: no account, no person and no prompt of ours by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

RING_NAME = re.compile(r"R-[0-9A-Z]{4,12}")
"""What a partner may call a ring."""


class Tlp(StrEnum):
    """How far a recipient may pass a list on (Traffic Light Protocol 2.0); RED is for no file, so there is none."""

    clear = "clear"
    green = "green"
    amber = "amber"
    amber_strict = "amber+strict"


class Scheme(StrEnum):
    """How the value of a selector is written."""

    raw = "raw"
    """As it is: anybody who sees it can use it."""
    hmac = "hmac"
    """HMAC-SHA256 under a key of the two labs; for values that nobody can go through one by one."""
    oprf = "oprf"
    """A token made with a hub that learns neither the value nor the token."""
    minhash = "minhash"
    """A keyed one-bit MinHash of a template, which says how alike two are and not what they say."""


@dataclass(frozen=True)
class Selector:
    """A value by which another lab can find accounts of the same ring.

    Args:
        kind: the kind of evidence it comes from: ``ip``, ``payment``, ``template`` or a declared one.
        scheme: how its value is written.
        value: an address, a token (lower case base32 without padding), or the sketch of a template (the same).
        key_id: under which key it was made, such as ``vr1.2026q4``; empty where raw.
        valid_from: the first time a member was seen with it; naive UTC in whole seconds, as all times here.
        valid_until: nothing follows from it later.
        confidence: how sure we are that who holds it belongs to the ring, 0 to 100.
        accounts: how many members hold it, rounded down to 2, 5, 10, 20, 50, 100, ...
        soft: it lies in a network that many rent or share: it is for a look, never for a block.
        bands: of a template, the tokens of which one in common makes two worth comparing.
        revoked_at: when it was taken back while its ring stands; None where it counts.
    """

    kind: str
    scheme: Scheme
    value: str
    key_id: str
    valid_from: datetime
    valid_until: datetime
    confidence: int
    accounts: int
    soft: bool = False
    bands: tuple[str, ...] = ()
    revoked_at: datetime | None = None

    @property
    def revoked(self) -> bool:
        """Whether it is taken back."""
        return self.revoked_at is not None


@dataclass(frozen=True)
class SharedMember:
    """A member account, which only its own lab can name.

    Args:
        token: ``a1_`` and 52 letters of base32: an HMAC of the account id under the producer's secret.
        created: when the account was made, to the hour; None where that is not known.
        confidence: how sure it is that it belongs, 0 to 100.
    """

    token: str
    created: datetime | None
    confidence: int


@dataclass(frozen=True)
class SharedRing:
    """A ring as it leaves the house.

    Args:
        ring: our name for it, such as ``R-7K2M9Q``.
        score: the calibrated chance that it is a coordinated extraction operation, 0 to 1.
        linked: how sure it is that it is one operation.
        extraction: how sure it is that its traffic is extraction; None where nothing is known.
        first_seen: its first event, to the hour.
        last_seen: its last.
        created: when it was first shared.
        modified: when what is said of it last changed.
        members: surest first.
        selectors: what to look for, by kind and value; for some time also what is no longer to be looked for.
        networks: autonomous systems its members come from, as context: they are nobody's sign of guilt.
        summary: what ties it, in sentences of ours that hold no word of others.
        reviewers: how many people confirmed it; 0 where nobody looked, which the list then says.
        revoked: it is taken back.
    """

    ring: str
    score: float
    linked: float
    extraction: float | None
    first_seen: datetime | None
    last_seen: datetime | None
    created: datetime
    modified: datetime
    members: tuple[SharedMember, ...]
    selectors: tuple[Selector, ...]
    networks: tuple[int, ...]
    summary: tuple[str, ...]
    reviewers: int
    revoked: bool = False


@dataclass(frozen=True)
class Package:
    """All that one export tells one partner.

    Args:
        producer: our name among labs, such as ``lab-a``: lower case letters, digits and hyphens.
        recipient: the partner's.
        tlp: how far it may be passed on.
        rings: by name.
        score_model: the calibration that says what scores mean.
        terms: what the list may be used for, in a sentence.
    """

    producer: str
    recipient: str
    tlp: Tlp
    rings: tuple[SharedRing, ...]
    score_model: str
    terms: str
