"""The shipped list of public templates: what harnesses, toolkits, tutorials and benchmarks typically say."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Origin = Literal["harness", "sdk", "tutorial", "benchmark"]
ORIGINS: tuple[Origin, ...] = get_args(Origin)


@dataclass(frozen=True)
class PublicTemplate:
    """One text that many unrelated people use.

    Args:
        id: its name in the list.
        origin: where such a text comes from.
        text: the words; a slot that everybody fills otherwise is written ``{so}``.
    """

    id: str
    origin: Origin
    text: str


@cache
def public_templates() -> tuple[PublicTemplate, ...]:
    """Read the list.

    The texts are written for this list: no product's own words, but what such texts typically say. A platform adds
    the templates it knows as ``known_shared`` rows of kind ``template``.

    >>> {template.origin for template in public_templates()} == set(ORIGINS)
    True
    """
    content = files("linkage.evidence").joinpath("public_templates.toml").read_text("utf-8")
    return tuple(
        PublicTemplate(entry["id"], entry["kind"], " ".join(entry["text"].split()))
        for entry in tomllib.loads(content)["template"]
    )
