"""``linkage ring``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkage.cli.options import DEFAULT_CASE, CasePath, FormatOption, MemoryOption, SettingsPath, SourceOption
from linkage.cli.output import Format

if TYPE_CHECKING:
    from linkage.cli.start import Found


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

    An honest reading, where the facts allow one, and what would clear the ring; then the day of its busiest members
    or, of a large ring, cells, and by how many bits each kind of evidence ties the average member.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage ring 1
    """
    from linkage.cli.drawn import draw_days, draw_evidence, draw_hours
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
        picture = _picture(work, chosen.ring)
        show_text(*portrait.lines, *draw_days(days), "", *draw_hours(picture["rhythm"]), "")
        show_text(*draw_evidence(chosen.evidence, picture["kinds"]), "")
        show(portrait.waterfall, format=format)
        show_text("")
        show(portrait.members, format=format)
        more = len(chosen.members) - len(portrait.members)
        if more > 0:
            say(f"and {more:,} more members: --format json or csv lists all")


def _picture(work: Found, ring: str) -> dict[str, Any]:
    from linkage import runs

    if work.case is None:
        return runs.draw_from(work.logs, work.finding, work.settings, [ring])[ring]
    return runs.picture(work.case, work.finding, work.settings, ring)
