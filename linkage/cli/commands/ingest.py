"""``linkage ingest``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.cli.options import DEFAULT_CASE, CasePath, MemoryOption, SettingsPath, Sources

if TYPE_CHECKING:
    from linkage.events import Reading


def ingest(
    sources: Sources,
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
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

        added = pipeline.ingest(sources, case, loaded.settings, tell=tell)
    say(f"{added:,} rows new to the case {case}" if added else f"nothing new to the case {case}")
