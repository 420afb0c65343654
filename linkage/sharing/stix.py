"""Rings as STIX 2.1 objects, in parts that a server takes in one piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from linkage.sharing.addresses import network_of, written
from linkage.sharing.ascii_json import write_json
from linkage.sharing.order import members_of, rings_of
from linkage.sharing.selectors import held_selectors, pattern_of, patterns_of
from linkage.sharing.stix_indicators import make_indicator
from linkage.sharing.stix_objects import Maker, Object, extended, stamp, title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linkage.sharing.ids import Ids
    from linkage.sharing.model import Package, Selector, SharedMember, SharedRing

# Queues and servers break on large bundles, and their makers advise 500 to 1,000 objects.
MOST_OBJECTS = 1_000
# What a part may have beside its own objects: the header, the ring and its pool, the note, the container.
_FRAME = 12


class Part(NamedTuple):
    """One bundle.

    Args:
        ring: the ring.
        number: 1 for its first part.
        bundle: the id of the bundle.
        objects: what it holds; each reference in it is to another of them.
    """

    ring: str
    number: int
    bundle: str
    objects: list[Object]

    @property
    def stem(self) -> str:
        """What its file is called."""
        return self.ring if self.number == 1 else f"{self.ring}-{self.number}"


def make_parts(package: Package, ids: Ids) -> Iterator[Part]:
    """Make the bundles of a package, one ring after another.

    Of a ring that is taken back, all that can be is revoked. For that its members, selectors and summary must be as
    they were when it was last shared: only then does a reader know the objects again.

    Args:
        package: what is shared.
        ids: the names that our objects have everywhere.

    Yields:
        The parts of each ring; one at least.
    """
    maker = Maker(package, ids)
    header = maker.header()
    indicators = {each.pattern: make_indicator(maker, each) for each in held_selectors(package).values()}
    for ring in rings_of(package):
        for number, piles in enumerate(_packed(_piles(maker, ring, indicators)), start=1):
            name = maker.name("bundle", package.recipient, ring.ring, str(number))
            yield Part(ring.ring, number, name, [*header, *_part(maker, ring, number, piles)])


def write_bundle(bundle: str, objects: Iterable[Object]) -> bytes:
    """Write a bundle as JSON, one object a line: small, and still to be read and compared by people.

    >>> print(write_bundle("bundle--1", [{"type": "note", "id": "note--1"}]).decode(), end="")
    {"type":"bundle","id":"bundle--1","objects":[
    {"id":"note--1","type":"note"}
    ]}
    """
    lines = b",\n".join(write_json(each) for each in objects)
    return b'{"type":"bundle","id":%s,"objects":[\n%s\n]}\n' % (write_json(bundle), lines)


class _Pile(NamedTuple):
    """Objects that must be in the same part.

    Args:
        objects: observables and indicators.
        indicator: the id of the indicator, or nothing.
        address: the id of the address, or nothing.
        confidence: of a member, how sure it is, by its token.
        revoked: it was taken back while the ring stood.
    """

    objects: list[Object]
    indicator: str = ""
    address: str = ""
    confidence: tuple[str, int] | None = None
    revoked: bool = False

    @property
    def size(self) -> int:
        """How many objects it comes to with its relationships."""
        return len(self.objects) + (2 if self.indicator else 0) + (1 if self.address else 0)


def _piles(maker: Maker, ring: SharedRing, indicators: dict[str, Object]) -> Iterator[_Pile]:
    selectors = {pattern_of(each): each for each in ring.selectors}
    for pattern, revoked in patterns_of(ring).items():
        pile = _selector(maker, selectors[pattern], indicators[pattern])
        yield pile._replace(revoked=revoked)
    for number in sorted(set(ring.networks)):
        yield _Pile([maker.observable("autonomous-system", str(number), number=number)])
    for member in members_of(ring):
        yield _member(maker, member)


def _selector(maker: Maker, selector: Selector, indicator: Object) -> _Pile:
    network = network_of(selector)
    if network is None:
        return _Pile([indicator], str(indicator["id"]))
    value = written(network)
    address = maker.observable(f"ipv{network.version}-addr", value, value=value)
    return _Pile([address, indicator], str(indicator["id"]), str(address["id"]))


def _member(maker: Maker, member: SharedMember) -> _Pile:
    created = {} if member.created is None else {"account_created": stamp(member.created)}
    account = maker.observable("user-account", member.token, user_id=member.token, **created)
    return _Pile([account], confidence=(member.token, member.confidence))


def _packed(piles: Iterable[_Pile]) -> Iterator[list[_Pile]]:
    part: list[_Pile] = []
    room = MOST_OBJECTS - _FRAME
    for pile in piles:
        if pile.size > room:
            yield part
            part, room = [], MOST_OBJECTS - _FRAME
        part.append(pile)
        room -= pile.size
    yield part


def _part(maker: Maker, ring: SharedRing, number: int, piles: list[_Pile]) -> list[Object]:
    intrusion = _intrusion_set(maker, ring)
    ring_id = str(intrusion["id"])
    objects = [intrusion, *(each for pile in piles for each in pile.objects)]
    observed = _observed(maker, ring, number, piles)
    objects += observed
    for pile in piles:
        if pile.indicator:
            targets = [("indicates", ring_id), *(("based-on", str(each["id"])) for each in observed)]
            objects += [
                maker.relationship(ring, pile.indicator, *target, revoked=pile.revoked) for target in targets
            ]
    objects += _pool(maker, ring, ring_id, {pile.address: pile.revoked for pile in piles if pile.address})
    if number == 1 and ring.summary:
        objects.append(_note(maker, ring, ring_id))
    return [*objects, _grouping(maker, ring, number, objects)]


def _intrusion_set(maker: Maker, ring: SharedRing) -> Object:
    seen = {"first_seen": ring.first_seen, "last_seen": ring.last_seen}
    return maker.of_ring(
        ring,
        "intrusion-set",
        ring.ring,
        name=title_of(maker.package, ring.ring),
        description="Accounts that one operation appears to run, as their own lab sees it. "
        + _reviewed(ring),
        confidence=round(100 * ring.score),
        extensions=extended(
            ring=ring.ring,
            ring_score=ring.score,
            linked=ring.linked,
            **({} if ring.extraction is None else {"extraction": ring.extraction}),
            score_model=maker.package.score_model,
            accounts=len(ring.members),
            review_status="reviewed" if ring.reviewers else "unreviewed",
            reviewers=ring.reviewers,
        ),
        **{name: stamp(at) for name, at in seen.items() if at is not None},
    )


def _observed(maker: Maker, ring: SharedRing, number: int, piles: list[_Pile]) -> list[Object]:
    seen = [
        str(each["id"])
        for pile in piles
        for each in pile.objects
        if each["type"] != "indicator" and not pile.revoked
    ]
    if not seen:
        return []
    first = ring.first_seen or ring.created
    confidence = dict(pile.confidence for pile in piles if pile.confidence)
    return [
        maker.of_ring(
            ring,
            "observed-data",
            ring.ring,
            str(number),
            first_observed=stamp(first),
            last_observed=stamp(max(first, ring.last_seen or first)),
            number_observed=max(1, len(confidence)),
            object_refs=seen,
            extensions=extended(ring=ring.ring, account_confidence=confidence),
        )
    ]


def _pool(maker: Maker, ring: SharedRing, ring_id: str, addresses: dict[str, bool]) -> list[Object]:
    """Make the pool of addresses through which a ring comes, as infrastructure that it uses.

    Args:
        maker: makes the objects of the package.
        ring: the ring.
        ring_id: the name of its intrusion-set.
        addresses: the names of the addresses of a part, and whether each was taken back.
    """
    if not addresses:
        return []
    # The pool is the same in all parts, whichever addresses are in this one.
    gone = all(each.revoked for each in ring.selectors if network_of(each) is not None)
    pool = maker.of_ring(
        ring,
        "infrastructure",
        ring.ring,
        name=f"{title_of(maker.package, ring.ring)} addresses",
        description="Addresses that members of the ring come from; others may come from them, too.",
        infrastructure_types=["anonymization"],
        **({"revoked": True} if gone else {}),
    )
    pool_id = str(pool["id"])
    return [
        pool,
        maker.relationship(ring, ring_id, "uses", pool_id, revoked=gone),
        *(
            maker.relationship(ring, pool_id, "consists-of", address, revoked=revoked)
            for address, revoked in addresses.items()
        ),
    ]


def _note(maker: Maker, ring: SharedRing, ring_id: str) -> Object:
    # OpenCTI takes notes of equal words for one, so these start with the ring's name.
    words = f"{title_of(maker.package, ring.ring)}: {' '.join(ring.summary)}"
    return maker.of_ring(ring, "note", ring.ring, content=words, object_refs=[ring_id])


def _grouping(maker: Maker, ring: SharedRing, number: int, objects: list[Object]) -> Object:
    return maker.of_ring(
        ring,
        "grouping",
        ring.ring,
        str(number),
        name=title_of(maker.package, ring.ring) + (f" part {number}" if number > 1 else ""),
        context="suspicious-activity",
        object_refs=[each["id"] for each in objects],
    )


def _reviewed(ring: SharedRing) -> str:
    return f"Confirmed by {ring.reviewers} people." if ring.reviewers else "No person has looked at it yet."
