"""``linkage calibrate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from linkage.cli.options import DEFAULT_CASE, CasePath, FormatOption, SettingsPath
from linkage.cli.output import Format


def calibrate(
    to: Annotated[Path, typer.Option("--to", help="The file to write.", metavar="FILE")],
    learn_from: Annotated[
        Literal["judgements", "worlds"],
        typer.Option(
            "--from", help="A case's judgements (fifty and more), or the simulated worlds (ten minutes)."
        ),
    ] = "judgements",
    case: CasePath = DEFAULT_CASE,
    plot: Annotated[
        Path | None,
        typer.Option(help="Draw how scores and truth agree, as SVG; takes the extra plots.", metavar="FILE"),
    ] = None,
    format: FormatOption = Format.table,
    settings: SettingsPath = None,
) -> None:
    """Learn what scores mean, and write it to a file.

    Name the file in the settings as scores.calibration; without one, the shipped calibration counts. The
    table says, for groups of about each score, how many there were and which share were extraction rings.

    Example:
      linkage calibrate --from worlds --to calibration.json
    """
    from linkage.cli import progress
    from linkage.cli.output import say, show
    from linkage.exports.file import write_whole
    from linkage.scores.calibration import load_calibration
    from linkage.suite.calibrate import calibrate_on_judgements, calibrate_on_worlds

    if plot is not None:
        from linkage.suite.plots import check_plots

        check_plots()
    if learn_from == "worlds":
        with progress.shown():
            made = calibrate_on_worlds()
    else:
        from linkage import runs
        from linkage.cli.start import found

        with found((), case, settings) as work:
            rings = runs.judged_rings(work.case, work.finding) if work.case else work.finding.rings
            made = calibrate_on_judgements(rings, load_calibration())
    write_whole(to, made.calibration.document().encode())
    if plot is not None:
        from linkage.suite.plots import reliability_diagram

        write_whole(plot, reliability_diagram(made.bins).encode())
    rows = [
        {
            "score": f"{each.low:.1f} to {each.high:.1f}",
            "groups": each.rings,
            "mean score": round(each.score, 3),
            "extraction rings": round(each.share, 3),
        }
        for each in made.bins
    ]
    show(rows, format=format)
    say(
        f"wrote {to}: {made.calibration.version}, {made.calibration.made_from}; "
        f"expected calibration error {made.error:.3f}"
    )
