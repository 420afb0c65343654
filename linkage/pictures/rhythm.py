"""When the parts of a ring are at work: by hour of the day and by day, in UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from linkage.tables import derive, from_arrow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from linkage.pictures.cells import Cells
    from linkage.pictures.material import Material
    from linkage.tables import Logs

FEW_ACCOUNTS = 120
"""Up to so many members, each has a row of its own."""
MOST_DAYS = 92
DAY = 86_400


def count_hours(drawn: Sequence[tuple[Material, Cells]], logs: Logs) -> list[NDArray[np.int64]]:
    """Count the requests of each ring by row (a member, or a cell), day since 1970 and hour: one question for all."""
    columns = {
        "ring": [m.number for m, _ in drawn for _ in m.people],
        "row": [row for m, cells in drawn for row in rows_of(m, cells).tolist()],
        "account_id": [person.account_id for m, _ in drawn for person in m.people],
    }
    schema = pa.schema([("ring", pa.int64()), ("row", pa.int64()), ("account_id", pa.string())])
    asked = from_arrow(logs.events.database, pa.table(columns, schema=schema))
    counted = derive(
        """
        select ring, "row", epoch(date_trunc('hour', happened_at))::bigint // 3600 as hour, count(*) as events
        from events
        join asked using (account_id)
        where happened_at is not null
        group by all
        """,
        events=logs.events,
        asked=asked,
    )
    rows = counted.arrow('ring, "row", hour')
    asked.drop()
    counted.drop()
    rings = rows["ring"].to_numpy()
    table = np.column_stack([rows[name].to_numpy() for name in ("row", "hour", "events")])
    return [table[slice(*np.searchsorted(rings, [m.number, m.number + 1]))] for m, _ in drawn]


def rows_of(material: Material, cells: Cells) -> NDArray[np.int64]:
    """Say which row each member stands in."""
    return np.arange(len(material.people)) if len(material.people) <= FEW_ACCOUNTS else cells.of


def draw_rhythm(material: Material, cells: Cells, counted: NDArray[np.int64]) -> dict[str, Any]:
    """Draw the day of each row, the rows in the order of their busiest hour.

    Shifts that hand over to each other are a staircase; a total that is flat while no row is, is work shared out.

    Returns:
        ``rows`` with label, key, ``hours`` (24 counts) and ``days``; ``first`` (the first day) and ``each`` (days a
        column stands for); ``total`` by hour and ``daily`` by column.
    """
    labels = _labels(material, cells)
    rows, hours, events = counted.T if len(counted) else (np.empty(0, np.int64),) * 3
    by_hour = _summed(rows, hours % 24, events, len(labels), 24)
    first, last = (int(hours.min()) // 24, int(hours.max()) // 24) if len(hours) else (0, 0)
    each = -(-(last - first + 1) // MOST_DAYS)
    wide = (last - first) // each + 1
    by_day = _summed(rows, (hours // 24 - first) // each, events, len(labels), wide)
    peaks = _busiest(by_hour)
    order = [row for row in np.lexsort((np.arange(len(labels)), peaks)).tolist() if by_hour[row].any()]
    return {
        "rows": [
            {
                "label": labels[row][0],
                "key": labels[row][1],
                "hours": by_hour[row].tolist(),
                "days": by_day[row].tolist(),
            }
            for row in order
        ],
        "of": "accounts" if len(material.people) <= FEW_ACCOUNTS else "cells",
        "silent": len(labels) - len(order),
        "first": first * DAY if len(hours) else None,
        "each": each,
        "total": by_hour.sum(axis=0).tolist(),
        "daily": by_day.sum(axis=0).tolist(),
    }


def _labels(material: Material, cells: Cells) -> list[tuple[str, str]]:
    if len(material.people) <= FEW_ACCOUNTS:
        return [(person.account_id[:64], f"account:{n}") for n, person in enumerate(material.people)]
    return [(name, f"cell:{cell}") for cell, name in enumerate(cells.names)]


def _summed(
    rows: NDArray[np.int64], columns: NDArray[np.int64], events: NDArray[np.int64], tall: int, wide: int
) -> NDArray[np.int64]:
    return (
        np.bincount(rows * wide + columns, events, minlength=tall * wide).astype(np.int64).reshape(tall, wide)
    )


def _busiest(by_hour: NDArray[np.int64]) -> NDArray[np.float64]:
    """Find the middle of each row's busiest six hours, which one odd hour does not move."""
    around = np.concatenate([by_hour, by_hour[:, :5]], axis=1)
    sums = np.stack([around[:, start : start + 6].sum(axis=1) for start in range(24)], axis=1)
    middle: NDArray[np.float64] = (sums.argmax(axis=1) + 2.5) % 24
    return middle
