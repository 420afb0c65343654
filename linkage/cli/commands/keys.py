"""``linkage keys``: a command for each thing that is done with keys."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, ByOption, CasePath, SettingsPath

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.settings import Settings
    from linkage.store import Case


def show(case: CasePath = DEFAULT_CASE, settings: SettingsPath = None) -> None:
    """Show the public key of this case.

    It is made the first time it is asked for. A partner writes it into their linkage.toml, and you write theirs
    into yours.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage keys show
    """
    with _opened(case, settings) as (opened, _):
        _show(opened)


def pair(
    partner: Annotated[
        str, typer.Argument(help="The partner that has the same key.", metavar="PARTNER", show_default=False)
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Make the key, and write it here.", metavar="FILE")
    ] = None,
    taken: Annotated[
        Path | None, typer.Option("--from", help="Take the key that the partner made.", metavar="FILE")
    ] = None,
    renew: Annotated[bool, typer.Option("--renew", help="Put it in the place of the one there is.")] = False,
    by: ByOption = "unknown",
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
) -> None:
    """Make the key that a partner and you share, or take theirs.

    One of you writes it with --out and hands it over by a safe way; the other takes it with --from. A key that
    others may have seen is replaced with --renew, on both sides. The public key of this case is shown, too.

    Example:
      linkage keys pair --help
    """
    from linkage.cli.output import say
    from linkage.errors import DataError
    from linkage.sharing.keyring import share_with
    from linkage.sharing.secret_file import read_secret, write_secret

    if (out is None) == (taken is None):
        raise typer.BadParameter("take one of --out FILE and --from FILE")
    with _opened(case, settings) as (opened, loaded):
        if partner not in loaded.sharing.partners:
            raise DataError(
                f'{partner} is not listed: write {partner} = ["its public key"] under [sharing.partners] in '
                "linkage.toml first; [] will do until you have it"
            )
        if taken is not None:
            share_with(opened, partner, read_secret(taken), renew=renew)
            said = f"took the key shared with {partner}"
        elif out is not None:
            write_secret(out, share_with(opened, partner, renew=renew))
            said = f"wrote the key shared with {partner} to {out}: hand it over by a safe way, then delete it"
        _note(opened, "renew" if renew else "pair", by, partner=partner)
        say(said)
        _show(opened)


def prepare(by: ByOption = "unknown", case: CasePath = DEFAULT_CASE, settings: SettingsPath = None) -> None:
    """Make the next signing key, and show its public half.

    It signs nothing yet. Let every partner pin it beside the old one; 'linkage keys rotate' then takes it into use.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage keys prepare
    """
    from linkage.cli.output import say, say_data
    from linkage.sharing.keyring import prepare_next

    with _opened(case, settings) as (opened, _):
        public = prepare_next(opened)
        _note(opened, "prepare", by)
        say("the next key, which signs nothing yet: let every partner pin it beside the old one")
        say_data(public)


def rotate(by: ByOption = "unknown", case: CasePath = DEFAULT_CASE, settings: SettingsPath = None) -> None:
    """Sign with the next key from now on.

    The old one is gone. Lists go on in the same chain, and what was shared keeps its names.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage keys prepare
      linkage keys rotate
    """
    from linkage.cli.output import say
    from linkage.sharing import keyring

    with _opened(case, settings) as (opened, _):
        keyring.rotate(opened)
        _note(opened, "rotate", by)
        say("lists are signed with this key from now on; back the keys up again")
        _show(opened)


def backup(
    file: Annotated[Path, typer.Argument(help="Where to.", metavar="FILE", show_default=False)],
    by: ByOption = "unknown",
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
) -> None:
    """Write all secret keys into a file, to be locked away.

    Without them nothing that was shared can be changed or taken back. Whoever has the file can speak in your name.
    The public key of this case is shown, too.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage keys backup keys.json
    """
    from linkage.cli.output import say
    from linkage.sharing import keyring
    from linkage.sharing.secret_file import write_secret

    with _opened(case, settings) as (opened, _):
        write_secret(file, keyring.backup(opened))
        _note(opened, "backup", by)
        say(f"wrote all keys to {file}: lock it away")
        _show(opened)


def restore(
    file: Annotated[
        Path,
        typer.Argument(help="What 'linkage keys backup' wrote.", metavar="FILE", show_default=False),
    ],
    by: ByOption = "unknown",
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
) -> None:
    """Take the keys of a backup into a new case.

    A case that has other keys already refuses them. The public key is shown, too. So that partners take lists of the
    new case, let it follow those of the old one with 'linkage keys continue'.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage keys backup keys.json
      linkage ingest hydra --case new.duckdb
      linkage keys restore keys.json --case new.duckdb
    """
    from linkage.cli.output import say
    from linkage.sharing import keyring
    from linkage.sharing.secret_file import read_secret

    with _opened(case, settings) as (opened, _):
        said = f"{keyring.restore(opened, read_secret(file))} keys restored"
        _note(opened, "restore", by)
        say(said)
        _show(opened)


def continue_from(
    folder: Annotated[
        Path,
        typer.Argument(
            help="The last list that the partner was sent: its manifest and the signature are enough.",
            metavar="FOLDER",
            show_default=False,
        ),
    ],
    by: ByOption = "unknown",
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
) -> None:
    """Let the next list to a partner follow one that another case sent.

    A new case with restored keys would begin with list 1, which a partner has taken before and refuses. Do this once
    for each partner; without the last list to it, ask it for the manifest.json and manifest.json.minisig that it took
    last.

    Example:
      linkage keys continue --help
    """
    from linkage.cli.output import say
    from linkage.sharing import continued

    with _opened(case, settings) as (opened, loaded):
        last = continued.continue_from(opened, folder, loaded.sharing)
        _note(opened, "continue", by, partner=last.recipient)
        say(f"the next list to {last.recipient} is list {last.sequence + 1}")
        _show(opened)


@contextmanager
def _opened(case: Path, settings: Path | None) -> Iterator[tuple[Case, Settings]]:
    from linkage.cli.start import opening, settings_for

    loaded = settings_for(settings).settings
    with opening(case, loaded) as opened:
        yield opened, loaded


def _note(case: Case, did: str, by: str, *, partner: str | None = None) -> None:
    """Write into the log what was done with keys."""
    from linkage.cli.clock import now
    from linkage.sharing.audit import record

    with case.changing():
        record(case, "keys", at=now(), by=by, did=did, partner=partner)


def _show(case: Case) -> None:
    from linkage.cli.output import say_data
    from linkage.sharing.keyring import keyring

    say_data(keyring(case).signing.public)
