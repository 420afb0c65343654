"""Small drawings of a ring for a terminal, of block characters and no colour: the same on a screen and in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from linkage.rings.ring import Reason

BARS = "▁▂▃▄▅▆▇█"
PARTS = " ▏▎▍▌▋▊▉"
"""The end of a bar that lies, in eighths."""
LONGEST = 60
"""Bars of the timeline; longer times put several days into one."""
WIDEST = 36
"""Of a bar that lies, so that with its words it fits eighty columns."""
NAME = 24
"""Columns for the name of a row."""
ROWS = 4
"""Rows beside the total: the busiest. The page shows all."""


def draw_days(days: Sequence[tuple[datetime, int]]) -> list[str]:
    """Draw the events of each day as a bar.

    >>> from datetime import datetime
    >>> draw_days([(datetime(2026, 9, 1), 2), (datetime(2026, 9, 3), 8)])
    ['events a day: ▃ █ 2026-09-01 to 2026-09-03, at most 8']
    """
    if not days:
        return []
    first, last = days[0][0], days[-1][0]
    each = -(-((last - first).days + 1) // LONGEST)
    bars = [0] * (((last - first).days // each) + 1)
    for day, events in days:
        bars[(day - first).days // each] += events
    unit = "a day" if each == 1 else f"every {each} days"
    return [f"events {unit}: {_bars(bars)} {first:%Y-%m-%d} to {last:%Y-%m-%d}, at most {max(bars):,}"]


def draw_hours(rhythm: Mapping[str, Any]) -> list[str]:
    """Draw when a ring is at work by hour of the day: the whole, and its busiest accounts or cells.

    Each row is drawn by its own busiest hour: it shows when, and the number how much.

    >>> by_night, by_day = [3] * 12 + [0] * 12, [0] * 12 + [1, 2] * 6
    >>> rows = [{"label": "a1", "hours": by_night}, {"label": "a2", "hours": by_day}]
    >>> total = [left + right for left, right in zip(by_night, by_day)]
    >>> for line in draw_hours({"rows": rows, "of": "accounts", "total": total}):
    ...     print(line)
    hour of the day, UTC      0     6     12    18
    all                       ████████████▄▆▄▆▄▆▄▆▄▆▄▆  54 events
    a1                        ████████████              36
    a2                                    ▅█▅█▅█▅█▅█▅█  18

    Args:
        rhythm: of the ring's picture.
    """
    if not any(rhythm["total"]):
        return []
    rows = sorted(rhythm["rows"], key=lambda row: -sum(row["hours"]))
    shown = [row for row in rhythm["rows"] if any(row is kept for kept in rows[:ROWS])]
    lines = [
        _row("hour of the day, UTC", "0     6     12    18"),
        _row("all", _bars(rhythm["total"]), f"{sum(rhythm['total']):,} events"),
        *(_row(row["label"], _bars(row["hours"]), f"{sum(row['hours']):,}") for row in shown),
    ]
    more = len(rows) - len(shown)
    if more > 0:
        lines.append(f"and {more:,} more {rhythm['of']} that are not drawn")
    return lines


def draw_evidence(evidence: Sequence[Reason], labels: Mapping[str, str]) -> list[str]:
    """Draw the bits by which each kind ties the average member, the most telling first.

    >>> from linkage.rings.ring import Reason
    >>> reasons = [Reason("payment", 10.9, 9, 73, ""), Reason("prompt", 2.5, 2, 4, ""), Reason("prompt", 0.3, 1, 2, "")]
    >>> for line in draw_evidence(reasons, {"payment": "payment", "prompt": "prompt"}):
    ...     print(line)
    evidence for a member     bits
    payment                   10.90  ████████████████████████████████████
    prompt                     2.80  █████████▎

    Args:
        evidence: of the ring.
        labels: the words on screen for each kind.
    """
    bits: dict[str, float] = {}
    for reason in evidence:
        bits[reason.kind] = bits.get(reason.kind, 0.0) + reason.bits
    most = max(bits.values(), default=0.0)
    if most <= 0:
        return []
    drawn = [
        _row(labels.get(kind, kind), f"{round(each, 2) + 0.0:5.2f}  {_lying(each / most)}")  # no -0.00
        for kind, each in sorted(bits.items(), key=lambda pair: -pair[1])
    ]
    return [_row("evidence for a member", "bits"), *drawn]


def _bars(counts: Sequence[int]) -> str:
    most = max(counts)
    return "".join(BARS[-(-count * (len(BARS) - 1) // most)] if count else " " for count in counts)


def _lying(part: float) -> str:
    eighths = round(max(part, 0) * WIDEST * 8)
    return ("█" * (eighths // 8) + PARTS[eighths % 8]).rstrip()


def _row(name: str, drawing: str, amount: str = "") -> str:
    """Put a name, a drawing and an amount side by side, however wide the letters of the name are."""
    from rich.cells import set_cell_size  # noqa: PLC0415 - rich takes a tenth of a second

    named = inert(name, limit=NAME)
    return f"{set_cell_size(named, NAME)}  {f'{drawing:<24}  {amount}' if amount else drawing}".rstrip()
