"""What a view promises: to write all that is shared in one format of the world, the same bytes each time."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linkage.sharing.ids import Ids
    from linkage.sharing.model import Package


class View(ABC):
    """A format in which rings go out.

    Of a ring that is taken back, a view that can say so says so, and any other leaves it out. Nothing that others
    wrote goes into a view unescaped, and every row comes out in the same order each time.
    """

    name: str
    """The word on the command line, and the folder or file it writes."""
    always: bool = True
    """Whether it is part of every export, or only where it is asked for."""

    @property
    def about(self) -> str:
        """What it is and who reads it, in one paragraph."""
        return " ".join((inspect.getdoc(type(self)) or "").split())

    @abstractmethod
    def files(self, package: Package, ids: Ids) -> Iterator[tuple[str, bytes]]:
        """Write the package, file by file, so that no more than one of them stands in memory.

        Args:
            package: what is shared.
            ids: the names that our objects have everywhere.

        Yields:
            The path of each file inside the export, with forward slashes, and its content.
        """

    def write(self, package: Package, ids: Ids) -> Mapping[str, bytes]:
        """Write the package, all files at once; the arguments are those of ``files``."""
        return dict(self.files(package, ids))
