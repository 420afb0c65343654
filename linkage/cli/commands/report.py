"""``linkage report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, CasePath, MemoryOption, SettingsPath, SourceOption


def report(
    name: Annotated[
        str,
        typer.Argument(
            help="The ring, such as R-7K2M9Q, or its place among all: 1 is the best.", metavar="RING"
        ),
    ],
    to: Annotated[
        Path,
        typer.Option(
            "--to",
            help="The file: .html; .svg for a picture; .graphml, .gexf or .neo4j (a folder) for a graph.",
            metavar="FILE",
        ),
    ],
    source: SourceOption = None,
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
) -> None:
    """Write a ring into one file that needs no server.

    All that is known of it, with pictures; the file asks no network.
    HTML holds everything that the page of 'linkage serve' shows; SVG is one picture for a case file. Both hold account
    ids, and HTML holds prompts: only you may read the file.

    GraphML, GEXF (for Gephi) and a folder for Neo4j hold the ring as a graph: every account and every identifier that
    two of them share, with all that is known of both, addresses and card fingerprints among it.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage report 1 --to ring.html
    """
    from linkage.cli.output import say
    from linkage.cli.start import found
    from linkage.web.report import check_name, write_report

    check_name(to)
    with found(source or (), case, settings, flags={"memory": memory}) as work:
        ring = work.ring(name)
        size = write_report(
            to, ring.ring, work.logs, work.finding, work.settings, case=work.case, path=str(case)
        )
    say(f"wrote {ring.ring} to {to}, {size:,} bytes; it holds account ids: only you may read it")
