"""The formats in which rings go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.errors import SettingsError
from linkage.sharing.views.aws import AwsView
from linkage.sharing.views.cloudflare import CloudflareView
from linkage.sharing.views.csv import CsvView
from linkage.sharing.views.ipset import IpsetView
from linkage.sharing.views.jsonl import JsonLinesView
from linkage.sharing.views.misp import MispView
from linkage.sharing.views.nft import NftView
from linkage.sharing.views.stix import StixView

if TYPE_CHECKING:
    from linkage.sharing.view import View

VIEWS: tuple[View, ...] = (
    JsonLinesView(),
    CsvView(),
    StixView(),
    MispView(),
    NftView(),
    IpsetView(),
    CloudflareView(),
    AwsView(),
)


def view_named(name: str) -> View:
    """Find a view by its name.

    Raises:
        SettingsError: there is none of that name; says which there are.

    >>> view_named("nft").always
    False
    """
    for view in VIEWS:
        if view.name == name:
            return view
    raise SettingsError(
        f"there is no view of that name; choose one of {', '.join(each.name for each in VIEWS)}"
    )
