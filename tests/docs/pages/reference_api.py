"""The page of the Python API: the public names of both packages, from their docstrings."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import graphs
import linkage
from pages.markdown import plain

if TYPE_CHECKING:
    from types import ModuleType

_OPENING = """# Python API

These names are public; everything else may change freely.
`linkage` knows about accounts, `graphs` about graphs and nothing else."""


def api_page() -> str:
    """Write every public name with its signature and docstring."""
    parts = [_OPENING]
    for package in (linkage, graphs):
        parts += [f"## {package.__name__}", plain(inspect.getdoc(package) or "")]
        parts += [_name(package, name) for name in package.__all__]
    return "\n\n".join(parts)


def _name(package: ModuleType, name: str) -> str:
    value = getattr(package, name)
    heading = f"### {package.__name__}.{name}"
    if not callable(value):
        return f"{heading}\n\n```text\n{name} = {value!r}\n```"
    return f"{heading}\n\n```text\n{name}{_signature(value)}\n\n{inspect.getdoc(value)}\n```{_methods(value)}"


def _signature(value: object) -> str:
    if isinstance(value, type) and (issubclass(value, Exception) or hasattr(value, "model_fields")):
        return ""
    signature = str(inspect.signature(value)).replace("<factory>", "…")  # type: ignore[arg-type]
    # Annotations are kept as text, which puts them in quotes; defaults keep theirs.
    signature = re.sub(r"(: |-> )'([^']*)'", r"\1\2", signature)
    if len(signature) < 90:
        return signature
    inside, result = signature[1:].rsplit(")", 1)
    # A comma between parameters is one outside all brackets.
    lines = re.split(r", (?![^\[(]*[\])])", inside)
    return "(\n" + "".join(f"    {line},\n" for line in lines) + f"){result}"


def _methods(value: object) -> str:
    """List the methods and properties that a class has of its own, each with its first sentence."""
    if not isinstance(value, type) or issubclass(value, Exception) or hasattr(value, "model_fields"):
        return ""
    own = [
        (name, getattr(member, "__func__", member))
        for name, member in vars(value).items()
        if not name.startswith("_")
        and (inspect.isroutine(getattr(member, "__func__", member)) or isinstance(member, property))
    ]
    lines = [f"- `{name}`: {plain((inspect.getdoc(member) or '').splitlines()[0])}" for name, member in own]
    return "\n\n" + "\n".join(lines) if lines else ""
