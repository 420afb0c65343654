"""An earlier period made into a small list: how many accounts held each identifier, without the logs."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from linkage.errors import SettingsError
from linkage.evidence.earlier import DIGEST, UNLISTED, digest_of
from linkage.evidence.gather import gather
from linkage.evidence.kind import Freezing
from linkage.evidence.worth import weigh
from linkage.tables import Logs, Table, derive, from_arrow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkage.evidence.kind import EvidenceKind
    from linkage.settings import EvidenceSettings

LEAST_HOLDERS = 3
"""What fewer accounts held is left out: it is about them rather than about everybody."""


def kinds_to_freeze(kinds: Sequence[EvidenceKind], names: Sequence[str]) -> tuple[EvidenceKind, ...]:
    """Choose kinds by name; without names, those whose identifiers may be seen by others.

    >>> from linkage.evidence.kinds import KINDS
    >>> [kind.name for kind in kinds_to_freeze(KINDS, ())]
    ['asn', 'prompt']

    Raises:
        SettingsError: there is no such kind, or its identifiers mean nothing in another period.
    """
    possible = {kind.name: kind for kind in kinds if kind.freezing is not Freezing.never}
    wrong = [name for name in names if name not in possible]
    if wrong:
        raise SettingsError(
            f"{', '.join(wrong)}: no kind that can be frozen; these can: {', '.join(sorted(possible))}"
        )
    return tuple(
        kind
        for kind in possible.values()
        if (kind.name in names if names else kind.freezing is Freezing.plain)
    )


def freeze_frequencies(
    logs: Logs, kinds: Sequence[EvidenceKind], settings: Mapping[str, EvidenceSettings]
) -> Table:
    """Count how many accounts held each identifier, for use as ``reference_frequencies`` later on.

    Events of the window and of a reference are one period. Frequencies that were frozen before are taken along; where
    both have an identifier, the larger share counts. Groups of prompts are written by their signatures, identifiers
    of kinds that name people by their digest, and the entry ``*`` of a kind says that all others were left out.

    Args:
        logs: the checked tables of the earlier period.
        kinds: what to freeze (see ``kinds_to_freeze``).
        settings: per kind, with nothing left open.

    Returns:
        kind, identifier, accounts, total, in order.
    """
    period = _one_period(logs)
    gathered = gather(period, kinds, forms=True)
    return derive(
        _FROZEN,
        [LEAST_HOLDERS, UNLISTED, DIGEST, UNLISTED, UNLISTED],
        identifiers=weigh(gathered, period, kinds, settings),
        forms=gathered.forms,
        people=gathered.people,
        sightings=gathered.sightings,
        manners=from_arrow(gathered.people.database, _manners(kinds)),
        frequencies=logs.reference_frequencies,
    )


# An account without events could have held no address and no prompt, so it is not counted among those who did not.
_FROZEN = f"""
    with everybody as (select count(*) filter (events > 0) as users, count(*) as accounts from people),
    own as (
        select kind, case when hidden then {digest_of("kind", "value")} else coalesce(form, value) end as identifier,
            identifiers.accounts, case when of_events then least(population, users) else population end as total
        from identifiers
        join manners using (kind)
        cross join everybody
        left join (select kind, level, identifier as value, form from forms) using (kind, level, value)
        where identifiers.accounts >= ?
        union all
        select kind, ?, 0, case when of_events then users else everybody.accounts end
        from (select distinct kind from sightings)
        join manners using (kind)
        cross join everybody
    ),
    before as (
        select kind, identifier, accounts, total
        from frequencies
        join manners using (kind)
        where not hidden or starts_with(identifier, ?) or identifier = ?
    )
    select kind, identifier, accounts, total
    from (from own union all from before)
    where total > 0
    qualify row_number() over (
        partition by kind, identifier
        order by case when identifier = ? then total else (accounts + 0.5) / (total + 1) end desc, total desc
    ) = 1
    order by kind, identifier
    """


def _manners(kinds: Sequence[EvidenceKind]) -> pa.Table:
    return pa.table(
        {
            "kind": pa.array([kind.name for kind in kinds], pa.string()),
            "hidden": pa.array([kind.freezing is Freezing.digest for kind in kinds], pa.bool_()),
            "of_events": pa.array([kind.reads[0] == "events" for kind in kinds], pa.bool_()),
        }
    )


def written(frequencies: Table, ending: str) -> bytes:
    """Write frequencies as a file.

    >>> import pyarrow as pa
    >>> from linkage.tables import from_arrow, open_database
    >>> rows = pa.table({"kind": ["asn"], "identifier": ["AS64500"], "accounts": [7], "total": [250]})
    >>> print(written(from_arrow(open_database(), rows), ".csv").decode(), end="")
    "kind","identifier","accounts","total"
    "asn","AS64500",7,250

    Args:
        frequencies: kind, identifier, accounts, total.
        ending: ``.csv`` or ``.parquet``.
    """
    from pyarrow import csv, parquet  # noqa: PLC0415 - only here

    content, rows = io.BytesIO(), frequencies.arrow("kind, identifier")
    if ending == ".parquet":
        parquet.write_table(rows, content, compression="zstd")
    else:
        csv.write_csv(rows, content)
    return content.getvalue()


def _one_period(logs: Logs) -> Logs:
    """Take the reference for events, and everything known beforehand away."""
    return replace(
        logs,
        events=derive(
            "from events union all by name from reference", events=logs.events, reference=logs.reference
        ),
        reference=derive("from reference limit 0", reference=logs.reference),
        reference_frequencies=derive("from frequencies limit 0", frequencies=logs.reference_frequencies),
    )
