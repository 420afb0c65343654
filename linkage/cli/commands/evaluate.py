"""``linkage evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from linkage.cli.options import (
    DEFAULT_CASE,
    CasePath,
    FormatOption,
    MemoryOption,
    OptionalSources,
    SettingsPath,
)
from linkage.cli.output import Format


def evaluate(
    sources: OptionalSources = None,
    *,
    truth: Annotated[
        Path, typer.Option(help="A file with account_id and ring; crowd and banned if known.", metavar="FILE")
    ],
    min_score: Annotated[
        float, typer.Option(min=0, max=1, help="Flag rings of this score and more.", metavar="SCORE")
    ] = 0.7,
    by: Annotated[
        Literal["score", "linked", "extraction"], typer.Option(help="Which score is compared.")
    ] = "score",
    smallest: Annotated[
        int, typer.Option(min=1, help="Flag only rings of so many accounts.", metavar="NUMBER")
    ] = 1,
    case: CasePath = DEFAULT_CASE,
    format: FormatOption = Format.table,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
) -> None:
    """Measure the rings found against known ones.

    Precision and recall over accounts, how whole the known rings come out, and which honest crowds are flagged.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage evaluate --truth hydra/truth.csv
    """
    from linkage import evaluation
    from linkage.cli.output import show
    from linkage.cli.start import found

    known = evaluation.read_truth(truth)
    with found(sources or (), case, settings, flags={"memory": memory}) as work:
        flagged = [
            ring
            for ring in work.finding.rings
            if (getattr(ring, by) or 0.0) >= min_score and ring.accounts >= smallest
        ]
    show(evaluation.evaluate(flagged, known).rows(), format=format)
