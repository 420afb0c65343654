"""Addresses of databases, as users write them: which one, which tables of it, and what of that may be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from linkage.events.reading import UnusableFileError

_SCHEMES = {
    "duckdb": "duckdb",
    "sqlite": "sqlite",
    "postgres": "postgres",
    "postgresql": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
}
FILES = ("duckdb", "sqlite")
"""Databases that are a file of this machine, and no server."""
# A name, an IPv4 address or an IPv6 address in brackets, perhaps a port; several with commas between.
_HOST = r"(?:[\w.%-]*|\[[0-9a-fA-F:.%]+\])(?::\d{1,5})?"
_HOSTS = re.compile(rf"{_HOST}(?:,{_HOST})*", re.ASCII)
_PARAMETER = re.compile(r"[a-z_]+=[^=@?#\s]*", re.ASCII)
_TABLE, _QUERY = "table=", "query="


@dataclass(frozen=True)
class Address:
    """A database that was named as a source.

    Args:
        kind: ``duckdb``, ``sqlite``, ``postgres`` or ``mysql``.
        at: the file, or the server's address; that may hold a password and is never shown.
        shown: what messages call it.
        tables: the tables to read, or patterns of their names.
        queries: selects whose rows are read as those of a table.
    """

    kind: str
    at: str = field(repr=False)
    shown: str
    tables: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()


def is_database(source: str) -> bool:
    """Say whether a source is an address of a database, rather than a file or a URL of one.

    >>> [is_database(source) for source in ("sqlite:logs.db", "postgresql:///logs", "logs/events.csv")]
    [True, True, False]
    """
    return source.partition(":")[0].lower() in _SCHEMES and ":" in source


def parse_address(source: str) -> Address:
    """Take an address apart.

    Raises:
        UnusableFileError: it is none; nothing of it is quoted, because it may hold a password.

    >>> parse_address("postgresql://me:secret@db.example.com/logs?table=abuse.events&sslmode=require")
    Address(kind='postgres', shown='postgresql://db.example.com/logs', tables=('abuse.events',), queries=())
    >>> parse_address("duckdb:logs.duckdb#events").tables
    ('events',)
    """
    scheme, _, rest = source.partition(":")
    kind = _SCHEMES[scheme.lower()]
    return _file(kind, rest) if kind in FILES else _server(kind, scheme.lower(), rest)


def without_secrets(text: str) -> str:
    """Take out of an address what could be a password, however badly it is written.

    >>> without_secrets("myql://me:a/b@c@db.example.com/logs?sslpassword=x&table=events")
    'myql://…@db.example.com/logs?sslpassword=…&table=events'
    """
    hidden = re.sub(r"(?s)(:/*).*@", r"\1…@", text) if re.match(r"\w[\w+.-]*:/", text) else text
    return re.sub(r"(?i)((?:password|passwd|secret|token|signature)=)[^&\s]*", r"\1…", hidden)


def _file(kind: str, rest: str) -> Address:
    begin = re.search(rf"\?(?={_TABLE}|{_QUERY})", rest)
    path, _, table = (rest[: begin.start()], "", "") if begin else _parted(rest)
    _, tables, queries = _parameters(rest[begin.end() :]) if begin else ([], (table,) if table else (), ())
    place = _place(kind, path)
    return Address(kind, str(place), f"{kind}:{place}", tables, queries)


def _parted(rest: str) -> tuple[str, str, str]:
    """Part a path from the table after ``#``; a path may have one of its own."""
    return (rest, "", "") if Path(rest).exists() else rest.partition("#")


def _place(kind: str, path: str) -> Path:
    """Find the file; ``sqlite:///logs.db`` is read as either of the two things that people mean by it."""
    if not path.startswith("///"):
        return Path(path)
    relative, absolute = Path(path.removeprefix("///")), Path(path.removeprefix("//"))
    if relative.is_file() and absolute.is_file() and not relative.samefile(absolute):
        raise UnusableFileError(
            f"could be {relative} here or {absolute}: write {kind}:./{relative} or {kind}:{absolute}"
        )
    return relative if relative.is_file() else absolute


def _server(kind: str, scheme: str, rest: str) -> Address:
    try:
        parts = urlsplit(f"{scheme}:{rest}")
    except ValueError:
        raise UnusableFileError(_MALFORMED.format(scheme=scheme)) from None
    user, _, hosts = parts.netloc.rpartition("@")
    name = parts.path.removeprefix("/")
    if (
        not rest.startswith("//")
        or parts.fragment
        or rest.endswith("#")
        or "@" in user + name + parts.query
        or "/" in name
        or not _HOSTS.fullmatch(hosts)
    ):
        raise UnusableFileError(_MALFORMED.format(scheme=scheme))
    kept, tables, queries = _parameters(parts.query)
    if not all(_PARAMETER.fullmatch(each) for each in kept):
        raise UnusableFileError(_MALFORMED.format(scheme=scheme))
    service = "".join(f"?{each}" for each in kept if each.startswith("service="))
    at = f"{scheme}://{parts.netloc}{parts.path}" + ("?" + "&".join(kept) if kept else "")
    return Address(kind, at, f"{scheme}://{hosts}{parts.path}{service}", tables, queries)


_MALFORMED = (
    "is no address that we can read; write {scheme}://USER@HOST/DATABASE?table=NAME, "
    "with % and two digits for signs such as @ (%40), / (%2F), # (%23) and ? (%3F), and keep the password out of it"
)


def _parameters(query: str) -> tuple[list[str], tuple[str, ...], tuple[str, ...]]:
    """Part what is meant for the server from the tables and the queries."""
    parts = [part for part in query.split("&") if part]
    tables = tuple(unquote(part.removeprefix(_TABLE)) for part in parts if part.startswith(_TABLE))
    queries = tuple(unquote(part.removeprefix(_QUERY)) for part in parts if part.startswith(_QUERY))
    return [part for part in parts if not part.startswith((_TABLE, _QUERY))], tables, queries
