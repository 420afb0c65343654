"""The rooms in order; the only file that knows the whole way."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pyarrow as pa

from graphs import StarGraph, find_communities
from linkage import progress
from linkage.decisions.allowlist import allowed_accounts
from linkage.decisions.said import judged, last_words
from linkage.events import examine_source
from linkage.events.contract import TABLES
from linkage.evidence.ageing import recent
from linkage.evidence.collect import Evidence, collect_evidence
from linkage.evidence.decoys import shuffled
from linkage.evidence.freeze import freeze_frequencies, kinds_to_freeze
from linkage.evidence.kinds import chosen_kinds
from linkage.handed import handed
from linkage.links import link_accounts, thread_accounts
from linkage.opening import check_place, open_case
from linkage.pairs import pair_accounts
from linkage.rings.find import find_rings
from linkage.rings.identity import name_rings
from linkage.rings.inside import look_inside, set_apart
from linkage.rings.lineage import (
    WORTH_KNOWING,
    Doings,
    Mark,
    Turn,
    follow,
    marks_by_ring,
    recognise,
)
from linkage.rings.lives import Lives, with_turns
from linkage.rings.membership import Membership, weigh_members
from linkage.rings.ring import Ring
from linkage.rings.summary import oldest_first
from linkage.rings.taking_in import take_in
from linkage.scores.combine import odds_inside, score_rings
from linkage.scores.observe import Activity, observe
from linkage.shelf import set_up_shelf
from linkage.tables import Logs, Table, derive, from_arrow, open_database
from linkage.unchanged import unchanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import duckdb

    from linkage.events import Reading
    from linkage.scores.observe import Behaviour
    from linkage.settings import Settings
    from linkage.store import Case

INPUTS = {name: table.checked_columns for name, table in TABLES.items()}
_BANNED = ("banned", "blocked", "closed", "disabled", "suspended", "terminated")
"""What logs write of accounts that were stopped."""


@dataclass(frozen=True)
class Finding:
    """What a run found.

    Args:
        rings: best first.
        evidence: what accounts share.
        membership: who belongs to which ring, by number, and why.
        names: the name of each ring number.
        turns: what became of each ring since the run before, where this is a new run.
        marks: what ties each ring, by name.
        activity: what accounts do, added up, where this is a new run.
    """

    rings: tuple[Ring, ...]
    evidence: Evidence
    membership: Membership
    names: Mapping[int, str]
    turns: tuple[Turn, ...] = ()
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    activity: Activity | None = None


@contextmanager
def read(sources: Sequence[str], settings: Settings) -> Iterator[Reading]:
    r"""Read and check sources into a database that is gone afterwards.

    >>> from linkage.settings import Settings
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "events.csv").write_text("account_id,timestamp\na,2026-09-03T01:12:09Z\na,soon\n")
    ...     with read([folder], Settings()) as reading:
    ...         print(len(reading["events"]), len(reading.quarantine))
    1 1
    """
    with tempfile.TemporaryDirectory(prefix="linkage-") as folder:
        database = open_database(Path(folder) / "scratch.duckdb", memory=settings.memory)
        set_up_shelf(database, Path(folder))
        try:
            yield examine_source(database, sources, settings.columns)
        finally:
            database.close()


def ingest(
    sources: Sequence[str], path: Path, settings: Settings, *, tell: Callable[[Reading], None] | None = None
) -> int:
    """Add sources to a case; all of it or, where a file cannot be used, nothing.

    Rows that the case already holds change nothing.

    Args:
        sources: folders, files, globs, URLs.
        path: the case file; made where there is none.
        settings: every knob.
        tell: called with what was read, before anything is stored or refused.

    Returns:
        How many rows are new to the case.

    Raises:
        DataError: naming every file that cannot be used; the case is as it was before.
    """
    check_place(path, wait=settings.wait)
    with read(sources, settings) as reading:
        if tell is not None:
            tell(reading)
        reading.or_raise()
        progress.at("storing")
        # Reading may take hours, storing takes moments: only then is the case closed to others.
        scratch = cast("duckdb.DuckDBPyConnection", reading.quarantine.database)
        with open_case(path, INPUTS, wait=settings.wait, within=scratch) as case:
            return case.add(reading.tables, reading.quarantine, [astuple(file) for file in reading.files])


def logs_of(reading: Reading) -> Logs:
    """Name the checked tables of a reading."""
    return Logs(**{name: reading.tables[name] for name in Logs.__dataclass_fields__})


def find(logs: Logs, settings: Settings, *, case: Case | None = None, full: bool = False) -> Finding:
    """Go the whole way from checked tables to scored rings.

    Args:
        logs: the checked tables.
        settings: every knob.
        case: where earlier rings and judgements come from; none when None.
        full: whether all is computed anew, also what still holds of the last run of the case.
    """
    given = handed(case, settings)
    if given is None and case is not None:  # who names the logs of years at once wants to know of all of them
        logs = recent(logs, settings.expire_days)
    kinds, effective = chosen_kinds(settings.evidence)
    known = given or (None if full else unchanged(case, settings))
    evidence = known.evidence if known else collect_evidence(logs, kinds, effective)
    behaviour = observe(logs, evidence, known.activity if known else None)
    membership = settle(group(evidence, settings), evidence, behaviour, settings)
    lives = Lives(case).all() if case else {}
    confirmed = frozenset(name for name, word in last_words(case).items() if word == "confirm")
    ended = frozenset(name for name, life in lives.items() if life.ended)
    worth = {name: lives[name] for name in ended if lives[name].score >= WORTH_KNOWING or name in confirmed}
    marks = marks_by_ring(membership, evidence)
    names = name_rings(
        oldest_first(membership, evidence),
        earlier={name: life.members for name, life in lives.items()},
        ended=ended,
        recognised={number: recognise(found, worth) for number, found in marks.items()},
    )
    rings = score_rings(
        membership,
        evidence,
        behaviour,
        kinds,
        settings.scores,
        names=names,
        known=frozenset(lives),
        decoys=tuple(decoy_groups(evidence, settings)) if names else (),
        allowed=allowed_accounts(logs, evidence, given.end if given else None),
        seed=settings.seed,
    )
    named = {name: marks.get(number, ()) for number, name in names.items()}
    turns = tuple(follow(rings, named, lives, _doings(logs, evidence), confirmed=confirmed))
    rings = judged(with_turns(rings, turns), case)
    activity = Activity(behaviour.traffic, behaviour.sittings, behaviour.lengths)
    return Finding(rings, evidence, membership, names, turns, named, activity)


def group(evidence: Evidence, settings: Settings) -> Membership:
    """Go from what accounts share to who belongs together, and how sure that is."""
    links = link_accounts(evidence, settings.links)
    communities = _communities(links.spokes, evidence, settings, settings.links.resolution)
    guide = _communities(links.exclusive(), evidence, settings, settings.links.exclusive_resolution)
    others = []
    if settings.pairs.on:
        spokes = pair_accounts(evidence, settings.pairs)
        others.append(_communities(spokes, evidence, settings, settings.pairs.resolution))
    return find_rings(communities, guide, evidence, settings.rings, others)


def settle(
    membership: Membership, evidence: Evidence, behaviour: Behaviour, settings: Settings
) -> Membership:
    """Part from their crowd the rings that behave otherwise, and take in who belongs to a ring and was left out."""
    members = part_crowds(membership.members, evidence, behaviour, settings)
    if settings.rings.take_in:
        members = take_in(members, evidence, settings.rings)
    return weigh_members(
        members, evidence, selection=settings.rings.selection_bits, timing=settings.rings.timing
    )


def part_crowds(members: Table, evidence: Evidence, behaviour: Behaviour, settings: Settings) -> Table:
    """Find the rings inside crowds, and part from their crowd those that behave otherwise."""
    if not settings.rings.inside:
        return members
    threads = _communities(thread_accounts(evidence), evidence, settings, settings.rings.thread_resolution)
    inside = look_inside(members, threads, evidence, settings.rings)
    if not len(inside):
        return members
    odds = odds_inside(behaviour, members, inside, settings.scores)
    return set_apart(members, inside, odds)


def decoy_groups(evidence: Evidence, settings: Settings) -> Iterator[Membership]:
    """Group worlds in which only chance links accounts, for the rings to be held against."""
    for number in range(settings.scores.decoys):
        yield group(shuffled(evidence, seed=settings.seed + number), settings)


def _doings(logs: Logs, evidence: Evidence) -> Doings:
    """Say when accounts acted, and which of them the logs call banned."""
    rows = derive(
        "select account_id, first_seen, last_seen from people where not reference", people=evidence.people
    ).rows()
    banned = derive(
        "select account_id from accounts where list_contains(?, lower(trim(status)))",
        [list(_BANNED)],
        accounts=logs.accounts,
    ).rows()
    return Doings(
        {account: first for account, first, _ in rows},
        {account: last for account, _, last in rows},
        frozenset(account for (account,) in banned),
    )


def _communities(spoke_table: Table, evidence: Evidence, settings: Settings, resolution: float) -> Table:
    """Hand what holds accounts together to the graph half, and bring the groups back as a table."""
    progress.at("finding communities")
    spokes = spoke_table.arrow("account, centre")
    graph = StarGraph.of(
        spokes["account"].to_numpy(),
        spokes["centre"].to_numpy(),
        spokes["weight"].to_numpy(),
        left=len(evidence.people),
    )
    knobs = settings.links
    found = find_communities(
        graph,
        resolution=resolution,
        seeds=[settings.seed + number for number in range(knobs.seeds)],
        engine=knobs.engine,
        agreement=knobs.agreement,
    )
    grouped = np.flatnonzero(found.labels >= 0)
    return from_arrow(
        evidence.people.database, pa.table({"account": grouped, "community": found.labels[grouped]})
    )


def freeze(logs: Logs, settings: Settings, *, kinds: Sequence[str] = ()) -> Table:
    """Count how many accounts of an earlier period held each identifier, for use as a reference.

    Args:
        logs: the checked tables of that period.
        settings: every knob.
        kinds: names of the kinds to freeze; without any, those whose identifiers may be seen by others.

    Returns:
        kind, identifier, accounts, total.
    """
    known, effective = chosen_kinds(settings.evidence)
    return freeze_frequencies(logs, kinds_to_freeze(known, kinds), effective)


def sign(logs: Logs) -> Table:
    """Sign every prompt, so that its text need not leave where it is.

    Args:
        logs: the checked tables.

    Returns:
        account_id, timestamp, prompt_signature and what else the contract knows of events, but no text; in order.
    """
    from linkage.evidence.signing import sign_events  # noqa: PLC0415 - datasketch and numba take their time

    return sign_events(logs)
