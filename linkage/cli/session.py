"""What most commands begin with: settings found, logs read, rings found."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkage.cli import progress
from linkage.cli.output import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from linkage.events import Reading
    from linkage.pipeline import Finding
    from linkage.settings import Loaded
    from linkage.tables import Logs


def settings_for(
    path: Path | None, sources: Sequence[str] = (), *, flags: Mapping[str, Any] | None = None
) -> Loaded:
    """Load the settings: the file named, or the one beside the data, or the one in this folder."""
    from linkage.settings import FILE_NAME, load_settings

    folders = [folder for source in sources if (folder := Path(source)).is_dir()]
    candidates = [path] if path else [folder / FILE_NAME for folder in (*folders, Path())]
    chosen = path or next((file for file in candidates if file is not None and file.is_file()), None)
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    return load_settings(chosen, flags=given)


@contextmanager
def found(
    sources: Sequence[str], case: Path, settings_path: Path | None, *, flags: Mapping[str, Any] | None = None
) -> Iterator[tuple[Logs, Finding]]:
    """Find the rings of the sources or, without any, of the case."""
    from linkage import pipeline
    from linkage.store import open_case

    loaded = settings_for(settings_path, sources, flags=flags)
    if sources:
        with progress.shown(), pipeline.read(sources, loaded.settings) as reading:
            reading.or_raise()
            report(reading)
            logs = pipeline.logs_of(reading)
            finding = pipeline.find(logs, loaded.settings)
            tell_skipped(finding)
            yield logs, finding
        return
    with open_case(case, memory=loaded.settings.memory) as opened:
        with progress.shown():
            finding = pipeline.find_in_case(opened, loaded.settings)
        tell_skipped(finding)
        yield opened.logs, finding


def report(reading: Reading) -> None:
    """Say what became of the rows, and what was assumed."""
    for notice in reading.notices:
        say(notice)
    rows, accepted, quarantined, before = (
        sum(getattr(file, name) for file in reading.files)
        for name in ("rows_read", "accepted", "quarantined", "seen_before")
    )
    again = f" ({before:,} seen before)" if before else ""
    say(f"rows read {rows:,} = accepted {accepted:,}{again} + quarantined {quarantined:,}")


def tell_skipped(finding: Finding) -> None:
    """Say which kinds of evidence had nothing to read."""
    for sentence in finding.evidence.skipped:
        say(f"skipped {sentence}")
