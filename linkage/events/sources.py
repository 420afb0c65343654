"""Where the data lies: folders, files, patterns, URLs and databases, as one list of files in a fixed order."""

from __future__ import annotations

import glob
import os
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from linkage.events.addresses import is_database, parse_address, without_secrets
from linkage.events.contract import TABLES
from linkage.events.formats import FORMATS
from linkage.events.reading import Problem, UnusableFileError
from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PACKED = (".gz", ".zst")
_REMOTE = ("http://", "https://", "s3://", "gs://", "gcs://", "r2://", "az://", "hf://")
# The true rings of a trial: an input of evaluation, never of linking.
NOT_INPUT = ("truth",)
_LONGEST_NAME = 200


@dataclass(frozen=True)
class SourceFile:
    """One file to read, or one table of a database.

    Args:
        name: what messages call it.
        address: the path, URL or database, as DuckDB or the database's library takes it; it may hold a password.
        format: ``csv``, ``jsonl``, ``json`` or ``parquet``, or the kind of a database.
        table: the input table that its name tells, empty where only its columns can.
        path: the local file, None for what is elsewhere.
        inner: the table inside a database, or a pattern; empty for all that are recognised.
        query: a select that is read as a table of a database.
    """

    name: str
    address: str = field(repr=False)
    format: str
    table: str = ""
    path: Path | None = None
    inner: str = ""
    query: str = ""


@dataclass
class Found:
    """What the sources hold: files to read, what was passed over, and what cannot be found."""

    files: list[SourceFile] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def find_files(sources: Iterable[str | os.PathLike[str]], *, folders: bool = False) -> Found:
    """List the files of all sources, each once, ordered by source and then by path.

    Args:
        sources: folders, files, patterns, URLs, databases.
        folders: whether an address elsewhere that tells no format is a folder of Parquet.
    """
    found = Found()
    seen: set[str] = set()
    sources = list(sources)
    if not sources:
        found.problems.append(Problem("no source", "name a folder, files, a pattern or a URL"))
    for source in sources:
        named = os.fspath(source)
        for file in _afar(named) if folders and "://" in named else _files_of(named, found):
            identity = f"{file.path.resolve() if file.path else file.address}#{file.inner}#{file.query}"
            if identity in seen:
                found.notices.append(f"{file.name} is named twice; it is read once")
            else:
                seen.add(identity)
                found.files.append(file)
    _tell_apart(found.files)
    return found


def _afar(source: str) -> Iterator[SourceFile]:
    """Give what is elsewhere as one file; the last part of its address that means a table tells it."""
    bare = source.partition("?")[0]
    _, ending = _split(bare)
    _, _, path = bare.partition("://")
    told = next(filter(None, map(table_of, reversed(path.split("/")))), "")
    yield SourceFile(_shown(bare), source, FORMATS.get(ending, "parquet"), told)


def _tell_apart(files: list[SourceFile]) -> None:
    """Name files by their whole path where two folders have one of the same name."""
    names = Counter(file.name for file in files)
    for place, file in enumerate(files):
        if names[file.name] > 1 and file.format in FORMATS.values():
            files[place] = replace(file, name=_shown(file.address))


def table_of(name: str) -> str:
    """Tell which input table a file or folder name means; empty when it does not say.

    >>> [table_of(name) for name in ("events-2026-09", "Accounts", "known-shared_vpn", "export")]
    ['events', 'accounts', 'known_shared', '']
    """
    plain = name.lower().replace("-", "_").replace(" ", "_").replace(".", "_")
    words = [(word, table.name) for table in TABLES.values() for word in table.files]
    # The longest word first: reference_frequencies is no reference.
    for word, table in sorted(words, key=lambda pair: (-len(pair[0]), pair)):
        rest = plain.removeprefix(word)
        if plain.startswith(word) and (not rest or not rest[0].isalpha()):
            return table
    return ""


def _files_of(source: str, found: Found) -> Iterator[SourceFile]:
    path = Path(source)
    if is_database(source):
        yield from _database(source, found)
    elif source.startswith(_REMOTE):
        yield from _file(source, found)
    elif path.is_dir():
        yield from _folder(path, found)
    elif path.exists():
        yield from _file(source, found, path)
    elif glob.has_magic(source):
        matches = sorted(glob.glob(source, recursive=True))  # noqa: PTH207 — a pattern may be absolute
        if not matches:
            found.problems.append(
                Problem(_shown(source), "nothing matches this pattern; check it for typing errors")
            )
        for match in matches:
            yield from _files_of(match, found)
    else:
        found.problems.append(Problem(_shown(source), "there is no such file or folder; check the path"))


def _folder(folder: Path, found: Found) -> Iterator[SourceFile]:
    taken = 0
    passed: list[str] = []
    for path in _walk(folder):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in Path(name).parts)
        stem, ending = _split(path.name)
        if hidden or ending not in FORMATS or stem.lower() in NOT_INPUT:
            passed.append(name)
            continue
        taken += 1
        yield from _file(str(path), found, path, folder)
    if passed:
        listed = ", ".join(_shown(name) for name in passed[:5])
        more = f" and {len(passed) - 5:,} more" if len(passed) > 5 else ""
        found.notices.append(f"passed over in {_shown(str(folder))}, being no input table: {listed}{more}")
    if not taken:
        endings = ", ".join(FORMATS)
        found.problems.append(
            Problem(_shown(str(folder)), f"holds no file that we read ({endings}; also .gz and .zst of text)")
        )


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            yield Path(place, name)


def _file(
    source: str, found: Found, path: Path | None = None, base: Path | None = None
) -> Iterator[SourceFile]:
    """Give one file with what its name tells: its format, and perhaps its table.

    Args:
        source: its path or URL.
        found: where a name that tells no format is written down.
        path: the local file.
        base: the folder that the user named, when it was not the file itself.
    """
    stem, ending = _split(source.split("?", 1)[0] if path is None else source)
    if ending not in FORMATS:
        what = (
            f"its name has none of the endings that we read: {', '.join(FORMATS)} (text also with .gz, .zst)"
        )
        found.problems.append(Problem(_shown(source), what))
        return
    # The name says most, then the folder it lies in, then those above, up to the one the user named;
    # that one may be called anything, so it must be a table's very name.
    inner = path.relative_to(base).parent.parts if path and base else ()
    outer = (base or path.parent).resolve().name if path else ""
    told = next(filter(None, map(table_of, (stem, *reversed(inner)))), outer if outer in TABLES else "")
    # What follows the ? of a signed URL is a secret.
    shown = path.relative_to(base).as_posix() if path and base else source
    shown = shown if path else source.partition("?")[0]
    yield SourceFile(_shown(shown), source, FORMATS[ending], told, path)


def _split(name: str) -> tuple[str, str]:
    """Part a file name from its endings; the packing does not matter.

    >>> _split("events-2026.09.jsonl.gz")
    ('events-2026.09', '.jsonl')
    """
    base = Path(name)
    if base.suffix.lower() in _PACKED:
        base = base.with_suffix("")
    return base.stem, base.suffix.lower()


def _database(source: str, found: Found) -> Iterator[SourceFile]:
    try:
        address = parse_address(source)
    except UnusableFileError as error:
        # Anything of an address that is none may be the password.
        found.problems.append(Problem(f"the {source.partition(':')[0].lower()} source", str(error)))
        return
    for number, query in enumerate(address.queries, 1):
        nth = f" {number}" if len(address.queries) > 1 else ""
        yield SourceFile(_shown(f"{address.shown} query{nth}"), address.at, address.kind, query=query)
    for table in address.tables or (() if address.queries else ("",)):
        named = f"{address.shown}?table={table}" if table else address.shown
        yield SourceFile(_shown(named), address.at, address.kind, inner=table)


def _shown(name: str) -> str:
    return inert(without_secrets(name), _LONGEST_NAME)
