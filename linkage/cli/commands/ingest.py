"""``linkage ingest``."""

from __future__ import annotations

from linkage.cli.options import DEFAULT_CASE, CasePath, MemoryOption, SettingsPath, Sources


def ingest(
    sources: Sources,
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
) -> None:
    """Add logs to a case.

    The same rows twice change nothing. A file that cannot be used at all leaves the case as it was.

    Example: linkage ingest examples/hydra --case hydra.duckdb
    """
    from linkage import pipeline
    from linkage.cli import progress
    from linkage.cli.output import say
    from linkage.cli.session import report, settings_for

    loaded = settings_for(settings, sources, flags={"memory": memory})
    with progress.shown():
        reading = pipeline.ingest(sources, case, loaded.settings)
    report(reading)
    say(f"the case is {case}")
