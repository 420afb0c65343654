"""``linkage simulate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def simulate(
    folder: Annotated[Path, typer.Argument(help="Where the world is written.", metavar="FOLDER")],
    world: Annotated[
        str, typer.Option(help="hydra: rings among honest crowds; quiet: the crowds alone.", metavar="NAME")
    ] = "hydra",
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another world.", metavar="NUMBER")] = 7,
    accounts: Annotated[int, typer.Option(min=1, help="How many accounts.", metavar="NUMBER")] = 3000,
    events_per_account: Annotated[
        float, typer.Option(help="A factor on everybody's requests.", metavar="NUMBER")
    ] = 1.0,
    detector: Annotated[
        float | None,
        typer.Option(
            help="Let an upstream detector rate accounts, members so many standard deviations higher.",
            metavar="NUMBER",
        ),
    ] = None,
) -> None:
    """Make an invented world whose rings are known.

    Logs, and truth.csv beside them, which says who belongs to which ring.

    Example:
      linkage simulate hydra-8 --seed 8
    """
    from linkage.cli import progress
    from linkage.cli.output import say
    from linkage.simulation import simulate as make
    from linkage.simulation import write

    with progress.shown():
        tables = make(
            world, seed=seed, accounts=accounts, events_per_account=events_per_account, detector=detector
        )
        files = write(tables, folder)
    say(f"wrote {', '.join(file.name for file in files)} to {folder}")
