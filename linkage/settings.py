"""Every knob with its default and a sentence; where each value came from is kept."""

from __future__ import annotations

import difflib
import os
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from linkage.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pydantic.fields import FieldInfo

FILE_NAME = "linkage.toml"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class EvidenceSettings(_Section):
    """What one kind of evidence may weigh. Values left out are the kind's own defaults."""

    on: bool = Field(default=True, description="Whether this kind is looked at.")
    cap: float | None = Field(default=None, ge=0, description="Most bits this kind can give to one account.")
    largest: int | None = Field(
        default=None,
        ge=2,
        description="An identifier with more holders than this is a hub: it may add to a link, never create one.",
    )
    column: str | None = Field(
        default=None, description="For a declared kind: the column that holds its identifiers."
    )
    table: str = Field(default="events", description="For a declared kind: the table of that column.")


class LinkSettings(_Section):
    """Which evidence enters the graph, and how communities are looked for."""

    least_bits: float = Field(
        default=12.0, ge=0, description="A pair of identifiers links its holders from this surprise on, in bits."
    )
    engine: str = Field(default="igraph", description="The graph library that finds communities.")
    resolution: float = Field(
        default=0.02, gt=0, description="A group stays whole while its pairs share more evidence than this."
    )
    seeds: int = Field(default=5, ge=1, description="How many runs must agree on who belongs together.")
    agreement: float = Field(
        default=0.8, gt=0.5, le=1, description="Share of the runs that must put two accounts together."
    )


class RingSettings(_Section):
    """Which communities are worth a person's time."""

    smallest_ring: int = Field(default=5, ge=2, description="Fewest members of a ring.")
    least_confidence: float = Field(
        default=0.5, ge=0, le=1, description="An account less sure than this to belong is left out of the ring."
    )


class ScoreSettings(_Section):
    """How behaviour is judged."""

    smallest_stratum: int = Field(
        default=30, ge=2, description="Fewest accounts that are compared among themselves."
    )


class Settings(_Section):
    """All settings of a run."""

    columns: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="Their column names, by table: our name = their name."
    )
    evidence: dict[str, EvidenceSettings] = Field(
        default_factory=dict, description="Per kind of evidence; a new name with a column declares a kind."
    )
    links: LinkSettings = Field(default_factory=LinkSettings, description="From evidence to communities.")
    rings: RingSettings = Field(default_factory=RingSettings, description="From communities to rings.")
    scores: ScoreSettings = Field(default_factory=ScoreSettings, description="From rings to scores.")
    seed: int = Field(default=1, ge=0, description="The seed of everything random.")
    memory: str | None = Field(
        default=None, pattern=r"^\d+(\.\d+)? ?[KMGT]i?B$", description="DuckDB's memory limit, such as 4GB."
    )


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
        environment: where ``LINKAGE_LINKS_RESOLUTION=0.1`` sets ``links.resolution``; the process's when None.
        flags: dotted names to values.

    Raises:
        SettingsError: naming every wrong key and value, each with what would be right.

    >>> load_settings(environment={}, flags={"links.resolution": 0.1}).settings.links.resolution
    0.1
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    layers = (
        (_read(path), str(path)),
        (_from_environment(os.environ if environment is None else environment), "environment"),
        (dict(flags or {}), "flag"),
    )
    for layer, origin in layers:
        for name, value in _leaves(layer):
            _put(values, name, value)
            origins[name] = origin
    try:
        return Loaded(Settings.model_validate(values), origins)
    except ValidationError as error:
        raise SettingsError(_explain(error, origins)) from None


def knobs(settings: Settings) -> Iterator[tuple[str, Any, str]]:
    """List every knob as dotted name, value and sentence, in the order of this file.

    >>> next(name for name, _, _ in knobs(Settings()) if name.startswith("rings"))
    'rings.smallest_ring'
    """
    for name, info in Settings.model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, _Section):
            for inner, inner_info in type(value).model_fields.items():
                yield f"{name}.{inner}", getattr(value, inner), inner_info.description or ""
        else:
            yield name, value, info.description or ""


def _read(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    names = {f"LINKAGE_{name.replace('.', '_').upper()}": name for name, _, _ in knobs(Settings())}
    return {names[key]: value for key, value in environment.items() if key in names}


def _leaves(layer: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in layer.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{name}.")
        else:
            yield name, value


def _put(values: dict[str, Any], name: str, value: object) -> None:
    *path, last = name.split(".")
    for part in path:
        inner = values.setdefault(part, {})
        values = inner if isinstance(inner, dict) else {}
    values[last] = value


def _explain(error: ValidationError, origins: Mapping[str, str]) -> str:
    lines = []
    for problem in error.errors():
        name = ".".join(str(part) for part in problem["loc"])
        where = next((origin for key, origin in origins.items() if key.startswith(name)), "settings")
        lines.append(f"{where}: {name}: {_sentence(problem['type'], problem['msg'], problem['loc'])}")
    return "\n".join(lines)


def _sentence(kind: str, message: str, place: tuple[int | str, ...]) -> str:
    if kind != "extra_forbidden":
        return message[:1].lower() + message[1:]
    known = sorted(_siblings(place))
    close = difflib.get_close_matches(str(place[-1]), known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(known)}"
    return f"there is no such setting; {hint}"


def _siblings(place: tuple[int | str, ...]) -> Mapping[str, FieldInfo]:
    section: type[BaseModel] = Settings
    for part in place[:-1]:
        info = section.model_fields.get(str(part))
        kind = info.annotation if info else section
        inner = [kind, *get_args(kind)]
        section = next((each for each in inner if isinstance(each, type) and issubclass(each, BaseModel)), section)
    return section.model_fields
