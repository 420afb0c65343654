"""``linkage signatures``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, CasePath, MemoryOption, OptionalSources, SettingsPath

if TYPE_CHECKING:
    from linkage.tables import Table


def signatures(
    to: Annotated[
        Path,
        typer.Option("--to", help="The file to write; its name ends in .parquet.", metavar="FILE"),
    ],
    sources: OptionalSources = None,
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
) -> None:
    """Write events with signatures in place of prompts.

    So texts need not leave where they are. Whoever has the file finds the near-duplicates, templates and passages that the texts would have shown, and reads
    none of them. Outlines, system prompts, how widely prompts range, and quotations need the texts themselves.
    A signature is no secret: who guesses a text, or five words in a row of it, can confirm that it was sent.

    Example:
      linkage simulate hydra
      linkage signatures hydra/events.csv.gz --to signed.parquet
    """
    from contextlib import ExitStack

    from linkage import pipeline
    from linkage.cli import progress
    from linkage.cli.output import say
    from linkage.cli.start import report, settings_for
    from linkage.exports.file import keep_apart, write_whole
    from linkage.opening import open_case

    if to.suffix.lower() != ".parquet":
        raise typer.BadParameter("end its name in .parquet", param_hint="--to")
    keep_apart(to, sources or ())
    knobs = settings_for(settings, sources or (), flags={"memory": memory}).settings
    with progress.shown(), ExitStack() as stack:
        if sources:
            reading = stack.enter_context(pipeline.read(sources, knobs))
            report(reading)
            logs = pipeline.logs_of(reading.or_raise())
        else:
            logs = stack.enter_context(
                open_case(case, memory=knobs.memory, wait=knobs.wait, reading=True)
            ).logs
        signed = pipeline.sign(logs)
        events, prompts = signed.one(f"select count(*), count(distinct prompt_signature) from {signed.name}")
        content = _parquet(signed)
    write_whole(to, content, private=True)
    say(f"wrote {to}: events {events:,}, different signatures {prompts:,}")


def _parquet(events: Table) -> bytes:
    """Write the rows, a part of them in memory at a time."""
    import io

    from pyarrow import parquet

    written = io.BytesIO()
    batches = events.batches("all")
    first = next(batches)
    with parquet.ParquetWriter(written, first.schema, compression="zstd") as file:
        file.write_batch(first)
        for batch in batches:
            file.write_batch(batch)
    return written.getvalue()
