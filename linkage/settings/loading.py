"""Settings put together from defaults, a file, the environment and flags; where each value came from is kept."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from linkage.errors import SettingsError
from linkage.settings.declared import EvidenceSettings, Settings, knobs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pydantic.fields import FieldInfo

FILE_NAME = "linkage.toml"
_ELSEWHERE = frozenset(
    {
        "LINKAGE_CASE",
        "LINKAGE_DEBUG",
        "LINKAGE_HUB_TOKEN",
        "LINKAGE_TAXII_USER",
        "LINKAGE_TAXII_PASSWORD",
    }
)
"""Variables of the command line that are no settings; secrets are among them, for a file of settings is shown around."""


@dataclass(frozen=True)
class Loaded:
    """Settings, and for each value that is no default the place it came from."""

    settings: Settings
    origins: Mapping[str, str] = field(default_factory=dict)


def load_settings(
    path: Path | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, Any] | None = None,
) -> Loaded:
    """Put settings together: default < file < environment < flag.

    Args:
        path: a ``linkage.toml``.
        environment: where ``LINKAGE_LINKS_RESOLUTION=0.1`` sets ``links.resolution`` and
            ``LINKAGE_EVIDENCE_IP_CAP=10`` sets ``evidence.ip.cap``; the process's own when None.
        flags: dotted names to values.

    Raises:
        SettingsError: naming every wrong key and value, each with what would be right.

    >>> load_settings(environment={}, flags={"links.resolution": 0.1}).settings.links.resolution
    0.1
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    problems: list[str] = []
    layers = (
        (_leaves(_read(path)), str(path)),
        (_from_environment(os.environ if environment is None else environment, problems), "environment"),
        (((tuple(name.split(".")), value) for name, value in (flags or {}).items()), "flag"),
    )
    for layer, origin in layers:
        for place, value in layer:
            _put(values, place, value)
            origins[".".join(place)] = origin
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        problems += _problems(error, origins)
    if problems:
        raise SettingsError("\n".join(problems))
    return Loaded(settings, origins)


def _read(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None


def _from_environment(
    environment: Mapping[str, str], problems: list[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Find the settings among the variables; a variable that is nearly one is a problem."""
    names = {
        f"LINKAGE_{name.replace('.', '_').upper()}": tuple(name.split("."))
        for name, value, _ in knobs(Settings())
        if not isinstance(value, dict)
    }
    for key, value in sorted(environment.items()):
        place = names.get(key) or _of_kind(key)
        if place:
            yield place, value
        elif key.startswith("LINKAGE_") and key not in _ELSEWHERE:
            problems.append(
                f"environment: {key}: there is no such setting; {_hint(key, [*names, *_ELSEWHERE])}"
            )


def _of_kind(key: str) -> tuple[str, ...] | None:
    """Read LINKAGE_EVIDENCE_IP_CAP as evidence.ip.cap."""
    kind, _, knob = key.removeprefix("LINKAGE_EVIDENCE_").lower().rpartition("_")
    known = key.startswith("LINKAGE_EVIDENCE_") and kind and knob in EvidenceSettings.model_fields
    return ("evidence", kind, knob) if known else None


def _leaves(layer: Mapping[str, Any], place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in layer.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*place, key))
        else:
            yield (*place, key), value


def _put(values: dict[str, Any], place: tuple[str, ...], value: object) -> None:
    *path, last = place
    for part in path:
        inner = values.setdefault(part, {})
        values = inner if isinstance(inner, dict) else {}
    values[last] = value


def _problems(error: ValidationError, origins: Mapping[str, str]) -> list[str]:
    lines = []
    for problem in error.errors(include_url=False):
        name = ".".join(str(part) for part in problem["loc"])
        inside = (origin for key, origin in origins.items() if key == name or key.startswith(f"{name}."))
        where = next(inside, "settings")
        lines.append(f"{where}: {name}: {_sentence(problem['type'], problem['msg'], problem['loc'])}")
    return lines


def _sentence(kind: str, message: str, place: tuple[int | str, ...]) -> str:
    if kind == "extra_forbidden":
        return f"there is no such setting; {_hint(str(place[-1]), _siblings(place))}"
    said = message.removeprefix("Value error, ").removeprefix("Input ")
    return said[:1].lower() + said[1:]


def _hint(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(sorted(known))}"


def _siblings(place: tuple[int | str, ...]) -> Mapping[str, FieldInfo]:
    section: type[BaseModel] = Settings
    for part in place[:-1]:
        info = section.model_fields.get(str(part))
        kind = info.annotation if info else section
        inner = [kind, *get_args(kind)]
        section = next(
            (each for each in inner if isinstance(each, type) and issubclass(each, BaseModel)), section
        )
    return section.model_fields
