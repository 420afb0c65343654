"""Packages of rings, as they leave the house."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta

from linkage.sharing.ids import Ids
from linkage.sharing.model import Package, Scheme, Selector, SharedMember, SharedRing, Tlp

IDS = Ids(bytes(range(32)))
START = datetime(2026, 9, 3, 1)  # noqa: DTZ001 - UTC, as everywhere
SHARED_ON = START + timedelta(days=2)
TAKEN_BACK_ON = START + timedelta(days=9)
KEY_ID = "vr1.2026q4"


def token(text, length=32):
    """Make a token that looks like one: so many bytes in lower case base32."""
    return base64.b32encode(hashlib.shake_128(text.encode()).digest(length)).decode().lower().rstrip("=")


def make_selector(kind, scheme, value, **given):
    """Make a selector of which only what matters is given."""
    usual = {
        "key_id": "" if scheme is Scheme.raw else KEY_ID,
        "valid_from": START,
        "valid_until": START + timedelta(days=30),
        "confidence": 85,
        "accounts": 5,
    }
    return Selector(kind=kind, scheme=scheme, value=value, **(usual | given))


def make_template(text, **given):
    """Make the selector of a template: a sketch of 128 bytes and 32 bands."""
    bands = tuple(token(f"{text} band {number}", 4) for number in range(32))
    return make_selector("template", Scheme.minhash, token(text, 128), bands=bands, **given)


def make_selectors(ring):
    """Make 25 selectors of every scheme, hard and soft."""
    number = int(hashlib.sha256(ring.encode()).hexdigest()[:2], 16)
    return (
        *(make_selector("ip", Scheme.raw, f"198.51.{number}.{last}") for last in range(1, 9)),
        make_selector("ip", Scheme.raw, f"203.0.{number}.0/24", soft=True),
        make_selector("ip", Scheme.raw, f"2001:db8:{number:x}::7"),
        make_selector("ip", Scheme.raw, f"2001:db8:{number:x}:1::/64", soft=True),
        *(make_selector("payment", Scheme.oprf, token(f"{ring} card {each}", 64)) for each in range(6)),
        *(make_selector("device", Scheme.hmac, token(f"{ring} device {each}")) for each in range(5)),
        make_selector("device", Scheme.hmac, token(f"{ring} soft device"), soft=True),
        make_template(f"{ring} one"),
        make_template(f"{ring} two"),
    )


def make_ring(ring="R-7K2M9Q", *, members=3, **given):
    """Make a ring with so many members, every second of which has a known day."""
    usual = {
        "score": 0.93,
        "linked": 0.99,
        "extraction": 0.81,
        "first_seen": START,
        "last_seen": START + timedelta(days=1),
        "created": SHARED_ON,
        "modified": SHARED_ON,
        "members": tuple(
            SharedMember(
                IDS.account(f"{ring} {each}"),
                None if each % 2 else START - timedelta(days=each),
                99 - each % 40,
            )
            for each in range(members)
        ),
        "selectors": make_selectors(ring),
        "networks": (64500, 64501),
        "summary": ("6 cards pay for 117 accounts.", "One template is in 90 % of the prompts."),
        "reviewers": 2,
    }
    return SharedRing(ring=ring, **(usual | given))


def make_package(*rings, members=0, **given):
    """Make a package: of the rings given, or of two that stand and one that is taken back.

    Args:
        rings: what is in it.
        members: one ring more, ``R-MANY``, with so many.
        given: what else is not as usual.
    """
    rings = rings or (
        make_ring("R-7K2M9Q", members=60),
        make_ring("R-B4TT3R", reviewers=0, extraction=None, first_seen=None, last_seen=None, networks=()),
        make_ring("R-G0NE22", members=4, modified=TAKEN_BACK_ON, revoked=True),
    )
    if members:
        rings = (*rings, make_ring("R-MANY", members=members))
    usual = {
        "producer": "lab-a",
        "recipient": "lab-b",
        "tlp": Tlp.amber_strict,
        "score_model": "built-in 2026-09",
        "terms": "To find and check accounts of one's own; no account is closed on this alone.",
    }
    return Package(rings=rings, **(usual | given))
