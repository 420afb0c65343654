"""What most commands begin with: settings found, logs read, rings found."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from linkage.cli import progress
from linkage.cli.output import say
from linkage.errors import DataError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from linkage.events import Reading
    from linkage.pipeline import Finding
    from linkage.rings.ring import Ring
    from linkage.settings import Loaded, Settings
    from linkage.store import Case
    from linkage.tables import Logs


class Found(NamedTuple):
    """What a command works on.

    Args:
        logs: the checked tables.
        finding: what was found in them.
        case: the case they are of, if any.
        settings: every knob.
    """

    logs: Logs
    finding: Finding
    case: Case | None
    settings: Settings

    def ring(self, name: str) -> Ring:
        """Find a ring by its name, or by its place in the list of all: 1 is the best.

        Raises:
            DataError: there is none.
        """
        from linkage.rings.places import at_place  # noqa: PLC0415 - so that --help is quick

        wanted, rings = name.strip().upper(), self.finding.rings
        placed = at_place(name, rings)
        if placed is not None:
            return placed
        for ring in rings:
            if ring.ring == wanted:
                return ring
        raise DataError(f"there is no such ring; 'linkage rings --min-score 0' lists all {len(rings)}")


def settings_for(
    path: Path | None, sources: Sequence[str] = (), *, flags: Mapping[str, Any] | None = None
) -> Loaded:
    """Load the settings: the file named, or the one beside the data, or the one in this folder."""
    from linkage.events.mapping import unknown_names  # noqa: PLC0415 - duckdb
    from linkage.settings import FILE_NAME, load_settings  # noqa: PLC0415 - pydantic

    folders = [folder for source in sources if (folder := Path(source)).is_dir()]
    candidates = [folder / FILE_NAME for folder in (*folders, Path())]
    chosen = path or next((file for file in candidates if file.is_file()), None)
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    loaded = load_settings(chosen, flags=given)
    wrong = unknown_names(loaded.settings.columns)
    if wrong:
        raise SettingsError("\n".join(f"{chosen}: {sentence}" for sentence in wrong))
    if chosen is not None:
        say(f"settings from {chosen}")
    return loaded


def opening(case: Path, settings: Settings, *, reading: bool = False) -> AbstractContextManager[Case]:
    """Open a case with as much memory, and after as long a wait for others, as the settings say."""
    from linkage.opening import open_case  # noqa: PLC0415 - duckdb

    return open_case(case, memory=settings.memory, wait=settings.wait, reading=reading)


@contextmanager
def found(  # noqa: PLR0913 - what commands differ in
    sources: Sequence[str],
    case: Path,
    settings_path: Path | None,
    *,
    flags: Mapping[str, Any] | None = None,
    full: bool = False,
    writing: bool = False,
) -> Iterator[Found]:
    """Find the rings of the sources or, without any, of the case.

    Args:
        sources: the logs; none for the case.
        case: the case file.
        settings_path: a linkage.toml.
        flags: dotted names of settings to values.
        full: whether all is computed anew, also where the last run would do.
        writing: whether the command will change the case, which is then closed to others until it ends.
    """
    loaded = settings_for(settings_path, sources, flags=flags)
    with (
        _of_sources(sources, loaded.settings)
        if sources
        else _of_case(case, loaded.settings, full=full, writing=writing)
    ) as work:
        for sentence in work.finding.evidence.skipped:
            say(f"skipped {sentence}")
        yield work


@contextmanager
def _of_sources(sources: Sequence[str], settings: Settings) -> Iterator[Found]:
    from linkage import pipeline  # noqa: PLC0415 - so that --help is quick

    with ExitStack() as stack:
        with progress.shown():
            reading = stack.enter_context(pipeline.read(sources, settings))
        report(reading)
        logs = pipeline.logs_of(reading.or_raise())
        with progress.shown():
            finding = pipeline.find(logs, settings)
        yield Found(logs, finding, None, settings)


@contextmanager
def _of_case(case: Path, settings: Settings, *, full: bool, writing: bool) -> Iterator[Found]:
    from linkage import runs  # noqa: PLC0415 - so that --help is quick
    from linkage.handed import left_elsewhere  # noqa: PLC0415

    with ExitStack() as stack:
        with progress.shown():
            opened, finding = stack.enter_context(runs.current(case, settings, full=full))
        if writing:
            # What was found is stored: read again at once, it is found where it can be written to.
            stack.close()
            opened = stack.enter_context(opening(case, settings))
            finding = runs.find_in_case(opened, settings)
        sentence = left_elsewhere(opened)
        if sentence:
            say(sentence)
        yield Found(opened.logs, finding, opened, settings)


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
