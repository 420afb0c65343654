"""``linkage ring``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, CasePath, FormatOption, MemoryOption, SettingsPath, SourceOption
from linkage.cli.output import Format

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

BARS = "▁▂▃▄▅▆▇█"
WIDEST = 60
"""Bars of the timeline; longer times put several days into one."""


def ring(
    name: Annotated[
        str,
        typer.Argument(
            help="The ring, such as R-7K2M9Q, or its place among all: 1 is the best.", metavar="RING"
        ),
    ],
    source: SourceOption = None,
    case: CasePath = DEFAULT_CASE,
    format: FormatOption = Format.table,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
) -> None:
    """Show one ring: what ties it, what it does, when, who belongs.

    Ends with an honest reading, where the facts allow one, and with what would clear the ring.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage ring 1
    """
    from linkage.cli.output import say, show, show_document, show_text
    from linkage.cli.start import found
    from linkage.explain import timeline
    from linkage.scores.combine import calibration_of
    from linkage.scores.portrait import portray

    with found(source or (), case, settings, flags={"memory": memory}) as work:
        chosen = work.ring(name)
        if format is not Format.table:
            document = chosen.document(members=True)
            show_document(document, document["members"], format=format)
            return
        portrait = portray(chosen, calibration_of(work.settings.scores))
        days = timeline([member.account_id for member in chosen.members], work.logs)
        show_text(*portrait.lines, *_drawn(days), "")
        show(portrait.waterfall, format=format)
        show_text("")
        show(portrait.members, format=format)
        more = len(chosen.members) - len(portrait.members)
        if more > 0:
            say(f"and {more:,} more members: --format json or csv lists all")


def _drawn(days: Sequence[tuple[datetime, int]]) -> list[str]:
    """Draw the events of each day as a bar."""
    if not days:
        return []
    first, last = days[0][0], days[-1][0]
    each = -(-((last - first).days + 1) // WIDEST)
    bars = [0] * (((last - first).days // each) + 1)
    for day, events in days:
        bars[(day - first).days // each] += events
    most = max(bars)
    drawn = "".join(BARS[-(-events * (len(BARS) - 1) // most)] if events else " " for events in bars)
    unit = "a day" if each == 1 else f"every {each} days"
    return [f"events {unit}: {drawn} {first:%Y-%m-%d} to {last:%Y-%m-%d}, at most {most:,}"]
