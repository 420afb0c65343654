"""The formats in which rings go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkage.sharing.view import View

VIEWS: tuple[View, ...] = ()
