"""``linkage import``."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, ByOption, CasePath, SettingsPath

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.settings import SharingSettings
    from linkage.sharing.incoming import Imported
    from linkage.store import Case


def import_list(
    path: Annotated[
        str,
        typer.Argument(
            help="The folder of a signed list, or a collection of a TAXII 2.1 server; with --unsigned a file, too.",
            metavar="FOLDER|FILE|URL",
        ),
    ],
    partner: Annotated[str, typer.Option("--from", help="The partner it is from.", metavar="PARTNER")],
    first: Annotated[
        bool, typer.Option("--first", help="Take it although lists before it are missing.")
    ] = False,
    unsigned: Annotated[
        bool,
        typer.Option(
            "--unsigned",
            help="Take a STIX bundle, JSON lines, a MISP feed or a collection that nobody signed; you vouch for it.",
        ),
    ] = False,
    by: ByOption = "unknown",
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
) -> None:
    """Take in a partner's list, whole or not at all.

    The signature, the recipient, the number, the chain and the end date must hold, and each that does not is
    refused with its own reason. 'linkage match' then says which of your accounts the list points to.

    Of a collection of a TAXII server, the newest list that the partner sealed for you is taken, and of its objects
    only those that are as they were signed. With --unsigned all is taken that came since the last time: servers alter
    objects, so trust the server as you trust the partner. User and password are read from LINKAGE_TAXII_USER and
    LINKAGE_TAXII_PASSWORD.

    Example:
      linkage import --help
    """
    from linkage.cli.output import say
    from linkage.cli.start import opening, settings_for
    from linkage.sharing.partners import named

    loaded = settings_for(settings).settings
    named(loaded.sharing, partner)  # before anything is fetched for somebody who is none
    with opening(case, loaded) as opened:
        done = _taken(opened, path, loaded.sharing, partner, by, first=first, unsigned=unsigned)
    if done is None:
        say("nothing new is in the collection")
    else:
        _say(done, partner)


def _taken(
    case: Case,
    path: str,
    settings: SharingSettings,
    partner: str,
    by: str,
    *,
    first: bool,
    unsigned: bool,
) -> Imported | None:
    """Take in what stands in a folder, in a file or on a server; None where the server has nothing new."""
    from linkage.cli.clock import now
    from linkage.cli.server_user import server_user
    from linkage.sharing.collection import fetch_all
    from linkage.sharing.incoming import take_in, take_in_collection

    served = path.startswith(("https://", "http://"))
    if served and not unsigned:
        objects = fetch_all(path, **server_user())
        return take_in_collection(case, objects, settings, producer=partner, by=by, now=now(), first=first)
    with _fetched(case, path, partner) if served else nullcontext(Path(path)) as there:
        if there is None:
            return None
        return take_in(
            case, there, settings, producer=partner, by=by, now=now(), first=first, unsigned=unsigned
        )


def _say(done: Imported, partner: str) -> None:
    """Say what became of a list."""
    from linkage.cli.output import say
    from linkage.sharing.manifest import Standing

    number = f"list {done.sequence}" if done.sequence else "a file that nobody signed"
    if done.standing is Standing.seen:
        say(f"{number} from {partner} was taken in before: nothing changed")
        return
    say(f"took in {number} from {partner}: {done.rings:,} rings, {done.selectors:,} selectors")
    if done.taken_back:
        say(f"taken back by {partner}: {', '.join(done.taken_back)}")
    if done.freed:
        say(
            f"{len(done.freed):,} accounts are pointed to by nothing else and are free of it: {', '.join(done.freed)}"
        )
    for word, counts in (("taken off", done.stripped), ("refused", done.refused)):
        for reason, count in sorted((counts or {}).items()):
            say(f"{word} {count:,} times: {reason}")
    for each in done.feedback:
        matched = f", with {each.accounts:,} accounts or more" if each.accounts else ""
        say(
            f"{partner} on {each.ring}: {each.word}{matched}{f' ({each.explanation})' if each.explanation else ''}"
        )


@contextmanager
def _fetched(case: Case, url: str, partner: str) -> Iterator[Path | None]:
    """Fetch a collection into a file, and note how far it was fetched once that was taken in."""
    import tempfile

    from linkage.cli.server_user import server_user
    from linkage.sharing.collection import fetch

    fetched = fetch(case, url, producer=partner, **server_user())
    if not fetched.objects:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="linkage-") as folder:
        file = Path(folder) / "collection.json"
        file.write_bytes(fetched.bundle)
        yield file
    with case.changing():
        case.note(*fetched.keep)
