"""``linkage reference``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkage.cli.options import MemoryOption, SettingsPath, Sources

_ENDINGS = (".parquet", ".csv")


def reference(
    sources: Sources,
    to: Annotated[
        Path,
        typer.Option("--to", help="The file to write; its name ends in .parquet or .csv.", metavar="FILE"),
    ],
    kinds: Annotated[
        str | None,
        typer.Option(
            help="Kinds to count, such as prompt,asn,payment; those that name nobody when not given.",
            metavar="KIND,…",
        ),
    ] = None,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
) -> None:
    """Freeze an earlier period into a small file of frequencies.

    It says how many accounts held each identifier, without the logs, and is given to later runs beside their
    logs, in place of the earlier period's events. It holds signatures of prompts, never their text; cards and
    addresses only when asked for, as digests. Files frozen before may be among the sources: the larger share
    counts.

    Example:
      linkage simulate hydra
      linkage reference hydra/reference.csv.gz --to frequencies.parquet
    """
    from linkage import pipeline
    from linkage.cli import progress
    from linkage.cli.output import say
    from linkage.cli.start import report, settings_for
    from linkage.evidence.freeze import written
    from linkage.exports.file import keep_apart, write_whole

    _usable(to)
    keep_apart(to, sources)
    loaded = settings_for(settings, sources, flags={"memory": memory})
    with progress.shown(), pipeline.read(sources, loaded.settings) as reading:
        logs = pipeline.logs_of(reading.or_raise())
        frequencies = pipeline.freeze(logs, loaded.settings, kinds=_names(kinds))
        content = written(frequencies, to.suffix.lower())
        listed = frequencies.frame()
        report(reading)
    write_whole(to, content)
    counts = listed[listed.identifier != "*"].groupby("kind").size()
    told = ", ".join(f"{kind} {count:,}" for kind, count in counts.items()) or "none held by three accounts"
    say(f"wrote {to}: {told}")


def _names(kinds: str | None) -> tuple[str, ...]:
    return tuple(name for name in (kinds or "").replace(" ", "").split(",") if name)


def _usable(to: Path) -> None:
    """Refuse a name under which the file would not be read again for what it is."""
    from linkage.events.sources import table_of

    if to.suffix.lower() not in _ENDINGS:
        raise typer.BadParameter(f"end its name in {' or '.join(_ENDINGS)}", param_hint="--to")
    if table_of(to.stem) not in {"", "reference", "reference_frequencies"}:
        raise typer.BadParameter(
            f"a file called {to.stem} is read as something else; call it frequencies{to.suffix}",
            param_hint="--to",
        )
