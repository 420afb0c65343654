"""What the person at the keyboard can mend: each error carries the exit code it ends with."""

from __future__ import annotations


class LinkageError(Exception):
    """Something the user can mend; the message says what is wrong, where, and what would be right."""

    exit_code = 1


class DataError(LinkageError):
    """The data cannot be used."""

    exit_code = 3


class SettingsError(LinkageError):
    """The settings cannot be used."""

    exit_code = 4


class MissingPartError(LinkageError):
    """An optional part is not installed."""

    exit_code = 5
