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
        Path | None,
        typer.Option(help="A file with account_id and ring; crowd and banned if known.", metavar="FILE"),
    ] = None,
    suite: Annotated[
        str | None,
        typer.Option(
            help="Measure against the baselines on simulated worlds instead: quick, or full (an hour).",
            metavar="NAME",
        ),
    ] = None,
    report: Annotated[
        Path, typer.Option(help="The folder for the report of a suite.", metavar="FOLDER")
    ] = Path("suite-report"),
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
    With --suite, every baseline is tuned on the development worlds, and a report says how all methods do on
    others: report.md, report.html, and results.json to draw it again from.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage evaluate --truth hydra/truth.csv
    """
    from linkage import evaluation
    from linkage.cli.output import show
    from linkage.cli.start import found

    if suite is not None:
        _run_suite(suite, report)
        return
    if truth is None:
        raise typer.BadParameter("give a file of known rings, or --suite", param_hint="--truth")
    known = evaluation.read_truth(truth)
    with found(sources or (), case, settings, flags={"memory": memory}) as work:
        flagged = [
            ring
            for ring in work.finding.rings
            if (getattr(ring, by) or 0.0) >= min_score and ring.accounts >= smallest
        ]
    show(evaluation.evaluate(flagged, known).rows(), format=format)


def _run_suite(name: str, folder: Path) -> None:
    from linkage.cli import progress
    from linkage.cli.output import say
    from linkage.errors import SettingsError
    from linkage.suite.plan import PLANS
    from linkage.suite.plots import check_plots
    from linkage.suite.report import write_report
    from linkage.suite.results import write_results
    from linkage.suite.run import run_suite

    if name not in PLANS:
        raise SettingsError(f"there is no suite {name!r}; choose one of {', '.join(PLANS)}")
    check_plots()
    folder.mkdir(parents=True, exist_ok=True)
    with progress.shown():
        results = run_suite(PLANS[name], command=f"linkage evaluate --suite {name}")
    write_results(results, folder / "results.json")
    files = write_report(results, folder)
    say(f"wrote {', '.join(file.name for file in files)} and results.json to {folder}")
