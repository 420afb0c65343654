"""A ring as one file to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage import runs
from linkage.errors import DataError
from linkage.exports.file import write_whole
from linkage.pictures.svg import svg
from linkage.takeaway.file import write_graph
from linkage.takeaway.formats import GRAPH_FORMATS, graph_format
from linkage.takeaway.gather import ring_graph
from linkage.web import became as life
from linkage.web.files import whole_page
from linkage.web.reading import snapshot_of
from linkage.web.told import NOTHING, tell
from linkage.web.verdicts import lines_of

if TYPE_CHECKING:
    from pathlib import Path

    from linkage.pipeline import Finding
    from linkage.settings import Settings
    from linkage.store import Case
    from linkage.tables import Logs

SUFFIXES = (".html", ".svg", *(each.suffix for each in GRAPH_FORMATS))


def check_name(path: Path) -> None:
    """Say before any work that a file cannot be written.

    Raises:
        DataError: its name says no format that we write.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise DataError(
            f"a report is written as {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}: name the file so"
        )


def write_report(  # noqa: PLR0913 - what a report depends on
    to: Path,
    ring: str,
    logs: Logs,
    finding: Finding,
    settings: Settings,
    *,
    case: Case | None,
    path: str,
) -> int:
    """Write the report of a ring; only its owner may read it.

    Args:
        to: the file or, of some formats, the folder; its ending says the format.
        ring: the name of the ring.
        logs: the checked tables.
        finding: what was found in them.
        settings: every knob.
        case: where pictures are kept and judgements stand; None where there is no case.
        path: the case file, for the commands that the report offers.

    Returns:
        How many bytes it has.
    """
    as_graph = graph_format(to.suffix)
    if as_graph is not None:
        return write_graph(ring_graph(finding, ring, settings), to, as_graph)
    if case is None:
        picture = runs.draw_from(logs, finding, settings, [ring])[ring]
        standing, lines, snapshot = NOTHING, [], "read without a case"
    else:
        picture = runs.picture(case, finding, settings, ring)
        standing = runs.standing(case, finding, settings).get(ring, NOTHING)
        lines, snapshot = lines_of(case), snapshot_of(case)
    if to.suffix.lower() == ".svg":
        content = svg(picture)
    else:
        (found,) = [each for each in finding.rings if each.ring == ring]
        told = tell(
            picture,
            standing,
            life.became(case, [found])[ring],
            lines,
            case=None if case is None else path,
            snapshot=snapshot,
            report=True,
        )
        content = whole_page(told)
    written = content.encode("utf-8", "backslashreplace")
    write_whole(to, written, private=True)
    return len(written)
