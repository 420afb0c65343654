"""Addresses for IP sets of AWS WAF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.sharing.ascii_json import write_json
from linkage.sharing.lists import listed, now_of
from linkage.sharing.rows import moment
from linkage.sharing.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.sharing.ids import Ids
    from linkage.sharing.model import Package

MOST_ADDRESSES = 10_000


class AwsView(View):
    """Addresses as IP sets of AWS WAF, each the input of ``aws wafv2 create-ip-set --cli-input-json``.

    A set forgets nothing, and ``update-ip-set`` replaces all that is in it, so send each new one in place of the old.
    Use it in a rule with the action *count*.
    """

    name = "aws"
    always = False

    def files(self, package: Package, ids: Ids) -> Iterator[tuple[str, bytes]]:  # noqa: ARG002 - lists have no ids
        """Write one set, or more of 10,000 each, for either kind of address."""
        entries = listed(package)
        made = moment(now_of(package)) or "nothing"
        for version in (4, 6):
            networks = [str(each.network) for each in entries if each.network.version == version]
            for number, start in enumerate(range(0, max(1, len(networks)), MOST_ADDRESSES), start=1):
                document = {
                    "Name": f"linkage-{package.producer}-{number}-ipv{version}",
                    "Scope": "REGIONAL",
                    "Description": f"Addresses of rings from {package.producer} as of {made}",
                    "IPAddressVersion": f"IPV{version}",
                    "Addresses": networks[start : start + MOST_ADDRESSES],
                }
                yield f"lists/aws-{number}-ipv{version}.json", write_json(document, spread=True) + b"\n"
