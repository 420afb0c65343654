"""Identifiers that many unrelated people are known to share: they may add to a link, never create one."""

from __future__ import annotations

import bisect
import ipaddress
from typing import TYPE_CHECKING

import pyarrow as pa

from linkage.tables import Table, derive, from_arrow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkage.evidence.kind import EvidenceKind


def known_identifiers(sightings: Table, known_shared: Table, kinds: Sequence[EvidenceKind]) -> Table:
    """Find which of the identifiers seen are on the list of known shared values.

    A value is cleaned as its kind cleans it; an address may also be given as a range, which then covers every
    address and block inside it. ``network`` is another word for ``ip``, ``template`` for ``prompt``.

    Returns:
        kind, level, value, why.
    """
    cleaners = {kind.name: kind for kind in kinds}
    values: dict[tuple[str, str], str] = {}
    ranges: dict[int, list[tuple[int, int, str]]] = {4: [], 6: []}
    for raw_kind, raw, why in known_shared.rows():
        name = {"network": "ip", "template": "prompt"}.get(raw_kind, raw_kind)
        reason = f"known to be shared: {why or 'listed'}"
        block = _block(raw) if name == "ip" else None
        if block is not None:
            ranges[block.version].append((int(block.network_address), int(block.broadcast_address), reason))
            continue
        cleaner = cleaners.get(name)
        identifier = cleaner.clean(raw) if cleaner else None
        if identifier is not None:
            values[name, identifier] = reason
    rows = [{"kind": kind, "value": value, "why": why} for (kind, value), why in sorted(values.items())]
    rows += _inside(sightings, ranges)
    listed = from_arrow(
        sightings.database,
        pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in ("kind", "value", "why")])),
    )
    return derive(
        """
        select sightings.kind, level, value, min(why) as why
        from sightings
        join listed on listed.kind = sightings.kind and listed.value = sightings.identifier
        group by all
        """,
        sightings=sightings,
        listed=listed,
    )


def _block(raw: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """Read an address or a range; an IPv6 range as no finer than the /64 that its identifiers are."""
    try:
        block = ipaddress.ip_network(raw.strip(), strict=False)
    except ValueError:
        return None
    if isinstance(block, ipaddress.IPv4Network) or block.prefixlen <= 64:
        return block
    mapped = block.network_address.ipv4_mapped
    if mapped is not None and block.prefixlen >= 96:
        return ipaddress.ip_network((mapped, block.prefixlen - 96))
    return block.supernet(new_prefix=64)


def _inside(sightings: Table, ranges: dict[int, list[tuple[int, int, str]]]) -> list[dict[str, str]]:
    """Find the addresses and blocks that lie inside a listed range."""
    if not any(ranges.values()):
        return []
    seen = derive("select distinct identifier from sightings where kind = 'ip'", sightings=sightings)
    covers = {version: _Cover(blocks) for version, blocks in ranges.items()}
    rows = []
    for (identifier,) in seen.rows():
        block = ipaddress.ip_network(identifier)
        why = covers[block.version].reason(int(block.network_address), int(block.broadcast_address))
        if why is not None:
            rows.append({"kind": "ip", "value": identifier, "why": why})
    return rows


class _Cover:
    """Ranges that do not nest, so that one look finds the range around an address."""

    def __init__(self, blocks: list[tuple[int, int, str]]) -> None:
        kept: list[tuple[int, int, str]] = []
        for start, end, why in sorted(blocks, key=lambda block: (block[0], -block[1], block[2])):
            if not kept or end > kept[-1][1]:
                kept.append((start, end, why))
        self._kept = kept
        self._starts = [start for start, _, _ in kept]

    def reason(self, first: int, last: int) -> str | None:
        """Say why everything from ``first`` to ``last`` is shared, if one range covers it."""
        place = bisect.bisect_right(self._starts, first) - 1
        if place < 0:
            return None
        _, end, why = self._kept[place]
        return why if last <= end else None
