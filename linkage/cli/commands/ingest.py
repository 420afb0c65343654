"""``linkage ingest``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, CasePath, MemoryOption, SettingsPath, Sources

if TYPE_CHECKING:
    from linkage.events import Reading


def ingest(
    sources: Sources,
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
    engine: Annotated[
        str | None,
        typer.Option(
            help="Read and weigh on Apache Spark: local[*], spark://HOST:PORT, yarn or k8s://…; events stay where they are.",
            metavar="MASTER",
        ),
    ] = None,
) -> None:
    """Add logs to a case; the same rows twice change nothing.

    A file that cannot be used at all leaves the case as it was. Killed at any moment, run it again.

    Example:
      linkage simulate hydra
      linkage ingest hydra
    """
    from contextlib import ExitStack

    from linkage import pipeline
    from linkage.cli import progress
    from linkage.cli.output import say
    from linkage.cli.start import report, settings_for

    loaded = settings_for(settings, sources, flags={"memory": memory})
    with ExitStack() as stack:
        stack.enter_context(progress.shown())

        def tell(reading: Reading) -> None:
            stack.close()
            report(reading)
            if engine is not None:
                stack.enter_context(progress.shown())

        if engine is not None:
            from linkage.elsewhere import ingest_elsewhere

            accounts, events, brought = ingest_elsewhere(
                sources, case, loaded.settings, engine=engine, tell=tell
            )
            stack.close()
            say(
                f"the evidence of {accounts:,} accounts is handed to the case {case}, with {brought:,} of {events:,} "
                "events: those of accounts in rings"
            )
            return
        added = pipeline.ingest(sources, case, loaded.settings, tell=tell)
    say(f"{added:,} rows new to the case {case}" if added else f"nothing new to the case {case}")
