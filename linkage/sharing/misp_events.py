"""Rings as MISP events, written as MISP writes them in a feed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypedDict

from linkage.inert import inert
from linkage.sharing.addresses import network_of, written
from linkage.sharing.model import Scheme, Tlp
from linkage.sharing.order import members_of, rings_of
from linkage.sharing.selectors import held_selectors, patterns_of
from linkage.sharing.stix_objects import Maker, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.sharing.ids import Ids
    from linkage.sharing.model import Package, Selector, SharedMember, SharedRing
    from linkage.sharing.selectors import Held

# MISP takes in one attribute after another, and larger events have brought servers down.
MOST_ATTRIBUTES = 5_000

# How far MISP itself hands an event on: to nobody, to its community, to all.
_DISTRIBUTION = {Tlp.clear: "3", Tlp.green: "1", Tlp.amber: "0", Tlp.amber_strict: "0"}


class Attribute(TypedDict, total=False):
    """A value in an event."""

    uuid: str
    type: str
    category: str
    object_relation: str
    value: str
    comment: str
    to_ids: bool
    disable_correlation: bool
    timestamp: str
    first_seen: str


# The names of keys with hyphens and colons need this form.
MispObject = TypedDict(
    "MispObject",
    {
        "uuid": str,
        "name": str,
        "meta-category": str,
        "description": str,
        "template_uuid": str,
        "template_version": str,
        "comment": str,
        "timestamp": str,
        "Attribute": list[Attribute],
    },
)


class Event(TypedDict):
    """A ring, or a part of one."""

    uuid: str
    info: str
    date: str
    timestamp: str
    analysis: str
    threat_level_id: str
    distribution: str
    published: bool
    extends_uuid: str
    Orgc: dict[str, str]
    Tag: list[dict[str, str]]
    Attribute: list[Attribute]
    Object: list[MispObject]


def make_events(package: Package, ids: Ids) -> Iterator[Event]:
    """Make the events of a package: the first part of a ring, and those that extend it.

    Args:
        package: what is shared.
        ids: the names that our objects have everywhere. A part has the id of the STIX grouping of that number, so
            that whoever takes in both has it once.

    Yields:
        The events, with at most 5,000 attributes each.
    """
    maker = Maker(package, ids)
    held = held_selectors(package)
    for ring in rings_of(package):
        attributes = list(_attributes(maker, ring, held))
        # An account is two attributes at most.
        accounts = [] if ring.revoked else [_account(maker, ring, each) for each in members_of(ring)]
        first, number = "", 0
        while number == 0 or attributes or accounts:
            number += 1
            event = _event(maker, ring, number, first)
            first = first or event["uuid"]
            taken, attributes = attributes[:MOST_ATTRIBUTES], attributes[MOST_ATTRIBUTES:]
            room = (MOST_ATTRIBUTES - len(taken)) // 2
            event["Attribute"], event["Object"] = taken, accounts[:room]
            accounts = accounts[room:]
            yield event


def _event(maker: Maker, ring: SharedRing, number: int, first: str) -> Event:
    package = maker.package
    part = f" part {number}" if number > 1 else ""
    state = " (withdrawn)" if ring.revoked else ""
    return {
        "uuid": _uuid(maker.name("grouping", ring.ring, str(number))),
        "info": f"{title_of(package, ring.ring)}{part}{state}",
        "date": ring.created.date().isoformat(),
        "timestamp": _seconds(ring.modified),
        "analysis": "2" if ring.reviewers or ring.revoked else "1",
        # Undefined: how bad it is for others is theirs to say.
        "threat_level_id": "4",
        "distribution": _DISTRIBUTION[package.tlp],
        "published": True,
        "extends_uuid": first,
        "Orgc": {"name": package.producer, "uuid": _uuid(maker.producer)},
        "Tag": [{"name": f"tlp:{package.tlp.value}"}],
        "Attribute": [],
        "Object": [],
    }


def _attributes(maker: Maker, ring: SharedRing, held: dict[str, Held]) -> Iterator[Attribute]:
    if ring.summary and not ring.revoked:
        text = f"{' '.join(ring.summary)} {maker.package.terms}".strip()
        yield _attribute(maker, ring, "comment", text, disable_correlation=True)
    for pattern, revoked in patterns_of(ring).items():
        yield _selector(maker, ring, held[pattern].selector, pattern, revoked=ring.revoked or revoked)
    if not ring.revoked:
        for number in sorted(set(ring.networks)):
            yield _attribute(maker, ring, "AS", str(number), comment="context, nobody's sign of guilt")


def _selector(
    maker: Maker, ring: SharedRing, selector: Selector, pattern: str, *, revoked: bool
) -> Attribute:
    network = network_of(selector)
    kind, value = ("stix2-pattern", pattern) if network is None else ("ip-src", written(network))
    attribute = _attribute(
        maker,
        ring,
        kind,
        value,
        comment="withdrawn" if revoked else _comment(selector),
        to_ids=not (selector.soft or revoked),
    )
    attribute["first_seen"] = f"{selector.valid_from.isoformat(timespec='microseconds')}+00:00"
    return attribute


def _comment(selector: Selector) -> str:
    said = (
        f"{inert(selector.kind)}, confidence {selector.confidence}, "
        f"valid until {selector.valid_until.isoformat()}Z"
    )
    shared = ", in a network that many share: for a look only" if selector.soft else ""
    sketch = f", minhash {selector.value}" if selector.scheme is Scheme.minhash else ""
    return said + shared + sketch


def _account(maker: Maker, ring: SharedRing, member: SharedMember) -> MispObject:
    named = _attribute(maker, ring, "text", member.token)
    parts: list[Attribute] = [named | {"object_relation": "user-id"}]
    if member.created is not None:
        value = f"{member.created.isoformat()}+00:00"
        made = _attribute(maker, ring, "datetime", value, of=member.token, disable_correlation=True)
        parts.append(made | {"object_relation": "created"})
    return {
        "uuid": maker.ids.uuid("misp-object", ring.ring, member.token),
        "name": "user-account",
        "meta-category": "misc",
        "description": "User-account object",
        # Of MISP's own template of that name.
        "template_uuid": "49606b06-22f0-4ac8-8eee-2f12ad46f3d3",
        "template_version": "6",
        "comment": f"confidence {member.confidence}",
        "timestamp": _seconds(ring.modified),
        "Attribute": parts,
    }


def _attribute(  # noqa: PLR0913 - one a column
    maker: Maker,
    ring: SharedRing,
    kind: str,
    value: str,
    *,
    of: str = "",
    comment: str = "",
    to_ids: bool = False,
    disable_correlation: bool = False,
) -> Attribute:
    return {
        # MISP wants another id for the same value in another event.
        "uuid": maker.ids.uuid("misp-attribute", ring.ring, kind, of or value),
        "type": kind,
        "category": "Other" if kind in {"comment", "text", "datetime"} else "Network activity",
        "value": value,
        "comment": comment,
        "to_ids": to_ids,
        "disable_correlation": disable_correlation,
        "timestamp": _seconds(ring.modified),
    }


def _uuid(name: str) -> str:
    return name.partition("--")[2]


def _seconds(at: datetime) -> str:
    return str(int(at.replace(tzinfo=UTC).timestamp()))
