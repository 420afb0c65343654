"""The rooms in order; the only file that knows the whole way."""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from graphs import StarGraph, find_communities
from linkage import __version__, progress
from linkage.decisions.judgements import with_judgements
from linkage.events import examine_source, read_source
from linkage.events.contract import TABLES
from linkage.evidence.collect import Evidence, collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.links import Links, link_accounts
from linkage.rings.find import find_rings
from linkage.rings.identity import name_rings
from linkage.rings.membership import Membership
from linkage.rings.ring import Ring
from linkage.rings.summary import oldest_first
from linkage.scores.combine import score_rings
from linkage.store import Case, open_case
from linkage.tables import Logs, Table, from_arrow, open_database

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import duckdb

    from linkage.events import Reading
    from linkage.settings import Settings

_INPUTS = {name: table.checked_columns for name, table in TABLES.items()}


@dataclass(frozen=True)
class Finding:
    """What a run found.

    Args:
        rings: best first.
        evidence: what accounts share.
        membership: who belongs to which ring, by number, and why.
        names: the name of each ring number.
    """

    rings: tuple[Ring, ...]
    evidence: Evidence
    membership: Membership
    names: Mapping[int, str]


@contextmanager
def read(sources: Sequence[str], settings: Settings) -> Iterator[Reading]:
    """Read and check sources into a database that is gone afterwards.

    >>> with read(["examples/hydra"], Settings()) as reading:  # doctest: +SKIP
    ...     print(reading.notices)
    """
    with tempfile.TemporaryDirectory(prefix="linkage-") as folder:
        database = open_database(Path(folder) / "scratch.duckdb", memory=settings.memory)
        try:
            yield examine_source(database, sources, settings.columns)
        finally:
            database.close()


def ingest(sources: Sequence[str], path: Path, settings: Settings) -> Reading:
    """Add sources to a case; all of it or, where a file cannot be used, nothing.

    Rows that the case already holds change nothing.

    Raises:
        DataError: naming every file that cannot be used; the case is as it was before.
    """
    fresh = not path.exists()
    try:
        with open_case(path, _INPUTS, memory=settings.memory) as case:
            reading = read_source(case.database, sources, settings.columns)
            progress.at("storing")
            case.add(reading.tables, reading.quarantine, [astuple(file) for file in reading.files])
            return reading
    except BaseException:
        if fresh:
            path.unlink(missing_ok=True)
        raise


def logs_of(reading: Reading) -> Logs:
    """Name the checked tables of a reading."""
    return Logs(**{name: reading.tables[name] for name in Logs.__dataclass_fields__})


def find(logs: Logs, settings: Settings, *, case: Case | None = None) -> Finding:
    """Go the whole way from checked tables to scored rings.

    Args:
        logs: the checked tables.
        settings: every knob.
        case: where names of earlier rings and judgements come from; none when None.
    """
    kinds, effective = chosen_kinds(settings.evidence)
    evidence = collect_evidence(logs, kinds, effective)
    links = link_accounts(evidence, settings.links)
    membership = find_rings(_communities(links, evidence, settings), evidence, settings.rings)
    earlier = _earlier(case) if case else {}
    names = name_rings(oldest_first(membership, evidence), earlier=earlier)
    rings = score_rings(membership, evidence, logs, kinds, settings.scores, names=names, known=frozenset(earlier))
    judged = with_judgements(rings, case.judgements() if case else ())
    return Finding(judged, evidence, membership, names)


def find_in_case(case: Case, settings: Settings) -> Finding:
    """Give the rings of a case; only what is stale is computed anew."""
    key = _key(case, settings)
    if case.fact("run") == key:
        return _remembered(case)
    finding = find(case.logs, settings, case=case)
    with case.changing():
        case.remember(
            {
                "people": finding.evidence.people,
                "identifiers": finding.evidence.identifiers,
                "holdings": finding.evidence.holdings,
                "members": finding.membership.members,
                "parts": finding.membership.parts,
                "shared": finding.membership.shared,
            },
            [ring.document(members=True) | {"signals": ring.signals} for ring in finding.rings],
            finding.names,
        )
        case.note("run", _key(case, settings))
    return finding


def _earlier(case: Case) -> dict[str, frozenset[str]]:
    return {
        document["ring"]: frozenset(member["account_id"] for member in document["members"])
        for _, document in case.recall_rings()
    }


def _key(case: Case, settings: Settings) -> str:
    parts = (__version__, case.fact("data"), case.fact("judged"), settings.model_dump_json())
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _remembered(case: Case) -> Finding:
    evidence = Evidence(**case.recall(("people", "identifiers", "holdings")), skipped=())
    membership = Membership(**case.recall(("members", "parts", "shared")))
    rings = case.recall_rings()
    return Finding(
        tuple(Ring.of_document(document) for _, document in rings),
        evidence,
        membership,
        {number: document["ring"] for number, document in rings},
    )


def _communities(links: Links, evidence: Evidence, settings: Settings) -> Table:
    """Hand the links to the graph half and bring the groups back as a table."""
    progress.at("finding communities")
    spokes = links.spokes.arrow("account, centre")
    graph = StarGraph.of(
        spokes["account"].to_numpy(),
        spokes["centre"].to_numpy(),
        spokes["weight"].to_numpy(),
        left=len(evidence.people),
        right=len(links.centres),
    )
    knobs = settings.links
    found = find_communities(
        graph,
        resolution=knobs.resolution,
        seeds=[settings.seed + number for number in range(knobs.seeds)],
        engine=knobs.engine,
        agreement=knobs.agreement,
    )
    grouped = np.flatnonzero(found.labels >= 0)
    return from_arrow(
        links.spokes.database, pa.table({"account": grouped, "community": found.labels[grouped]})
    )
