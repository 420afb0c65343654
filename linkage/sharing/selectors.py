"""Selectors as all views have them: one for each distinct pattern, whichever rings it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from linkage.sharing.addresses import network_of, written
from linkage.sharing.model import Selector
from linkage.sharing.order import rings_of, selectors_of

if TYPE_CHECKING:
    from linkage.sharing.model import Package, SharedRing


@dataclass(frozen=True)
class Held:
    """A selector, and what is said of it in all rings that hold it.

    Args:
        pattern: the selector as a STIX pattern.
        selector: it, as long and as sure as in any of its rings, and soft where one says so.
        rings: those that stand and still have it, or all where none does.
        created: when it was first shared.
        modified: when the last of its rings changed.
        revoked: no ring that stands has it any more.
    """

    pattern: str
    selector: Selector
    rings: tuple[str, ...]
    created: datetime
    modified: datetime
    revoked: bool


def pattern_of(selector: Selector) -> str:
    r"""Write a selector as a STIX pattern.

    No object type of STIX is a token, so the pattern names one of ours: that is within the grammar, while objects of
    a type of ours would be dropped by most readers.

    >>> from datetime import datetime
    >>> from linkage.sharing.model import Scheme
    >>> at = datetime(2026, 9, 3)
    >>> pattern_of(Selector("ip", Scheme.raw, "198.51.100.7", "", at, at, 90, 2))
    "[ipv4-addr:value = '198.51.100.7']"
    >>> pattern_of(Selector("payment", Scheme.oprf, "mzxw6", "vr1.2026q4", at, at, 90, 2))
    "[x-linkage-token:value = 'payment:oprf:vr1.2026q4:mzxw6']"
    """
    network = network_of(selector)
    if network is not None:
        return f"[ipv{network.version}-addr:value = '{written(network)}']"
    if selector.bands:
        bands = sorted(f"'tpl-band:{_escaped(selector.key_id)}:{_escaped(band)}'" for band in selector.bands)
        return f"[x-linkage-token:value IN ({', '.join(bands)})]"
    token = f"{selector.kind}:{selector.scheme.value}:{selector.key_id}:{selector.value}"
    return f"[x-linkage-token:value = '{_escaped(token)}']"


def held_selectors(package: Package) -> dict[str, Held]:
    """Put selectors of equal patterns together, for to whoever imports them they are one thing.

    Args:
        package: what is shared.

    Returns:
        Each selector once, by its pattern and in order of that.
    """
    found: dict[str, list[tuple[SharedRing, Selector]]] = {}
    for ring in rings_of(package):
        for selector in selectors_of(ring):
            found.setdefault(pattern_of(selector), []).append((ring, selector))
    return {pattern: _held(pattern, found[pattern]) for pattern in sorted(found)}


def patterns_of(ring: SharedRing) -> dict[str, bool]:
    """List the patterns of a ring in their order, and of each whether it was taken back while the ring stood."""
    found: dict[str, bool] = {}
    for selector in ring.selectors:
        pattern = pattern_of(selector)
        found[pattern] = found.get(pattern, True) and selector.revoked
    return dict(sorted(found.items()))


def _held(pattern: str, holders: list[tuple[SharedRing, Selector]]) -> Held:
    live = [(ring, selector) for ring, selector in holders if not (ring.revoked or selector.revoked)]
    counted = live or holders
    return Held(
        pattern,
        _joined([selector for _, selector in counted]),
        tuple(sorted({ring.ring for ring, _ in counted})),
        # Of all rings, the taken back too: without one of them it is another selector than before.
        min(ring.created for ring, _ in holders),
        max(ring.modified for ring, _ in holders),
        not live,
    )


def _joined(selectors: list[Selector]) -> Selector:
    start = min(each.valid_from for each in selectors)
    return replace(
        selectors[0],
        valid_from=start,
        # Readers take a selector that ends when it starts for one that never was.
        valid_until=max(start + timedelta(seconds=1), *(each.valid_until for each in selectors)),
        confidence=max(each.confidence for each in selectors),
        accounts=max(each.accounts for each in selectors),
        soft=any(each.soft for each in selectors),
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
