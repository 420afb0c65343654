"""Make linkage/sharing/warninglists.txt from the lists in the package pymispwarninglists, if it is installed.

    python tests/support/make_warninglists.py

Two things are changed. What lies in a list that is named earlier is left out of the later one, which changes no
answer. And of the networks of GitHub, those that are its own stay apart from the many in which its jobs run: these are
rented, more than half of a cloud's, and dropping them all would drop half of that cloud.
"""

import bisect
import ipaddress
import json
from importlib import metadata, resources
from pathlib import Path

TO = Path(__file__).parents[2] / "linkage" / "sharing" / "warninglists.txt"
PACKAGE = "pymispwarninglists"
HARD = (
    "akamai",
    "apple",
    "cloudflare",
    "fastly",
    "github",
    "microsoft-office365-cn",
    "microsoft-office365-ip",
    "public-dns-v4",
    "public-dns-v6",
)
SOFT = (
    "amazon-aws",
    "google-gcp",
    "microsoft-azure",
    "microsoft-azure-china",
    "microsoft-azure-germany",
    "microsoft-azure-us-gov",
    "ovh-cluster",
    "zscaler",
    "github-jobs",
    "vpn-ipv4",
    "vpn-ipv6",
)
OF_GITHUB = [
    ipaddress.ip_network(network)
    for network in (
        *("140.82.112.0/20", "143.55.64.0/20", "185.199.108.0/22", "192.30.252.0/22"),
        *("2606:50c0::/32", "2a0a:a440::/29"),
    )
]
HEADER = """\
# Networks that must not go out as selectors (hard), or only with less confidence and never to block (soft).
# Made by tests/support/make_warninglists.py from {package} {version} (BSD 3-Clause), which carries the MISP
# warning lists (CC0 1.0 Universal, public domain dedication); the ranges are those their operators publish.
# One line a list: grade, name, version, networks. An IPv4 network leaves out the octets that are those of the one
# before it; without a length, it is one address.
"""


def main():
    lines = [HEADER.format(package=PACKAGE, version=metadata.version(PACKAGE))]
    for grade, names in (("hard", HARD), ("soft", SOFT)):
        earlier = {4: [], 6: []}
        for name in names:
            version, networks = networks_of(name)
            kept = []
            for family in (4, 6):
                collapsed = list(ipaddress.collapse_addresses(n for n in networks if n.version == family))
                kept += outside(collapsed, earlier[family])
                earlier[family] = list(ipaddress.collapse_addresses(earlier[family] + collapsed))
            lines.append(f"{grade} {name} {version} {' '.join(written(kept))}\n")
    TO.write_text("".join(lines), encoding="ascii")


def networks_of(name):
    version, networks = read(name.replace("github-jobs", "github"))
    if name.startswith("github"):
        own = name == "github"
        networks = [
            n for n in networks if own == any(n.version == o.version and n.subnet_of(o) for o in OF_GITHUB)
        ]
    return version, networks


def read(name):
    folder = resources.files(PACKAGE) / "data" / "misp-warninglists" / "lists" / name
    content = json.loads((folder / "list.json").read_text(encoding="utf-8"))
    return content["version"], [ipaddress.ip_network(network, strict=False) for network in content["list"]]


def outside(networks, wider):
    """Leave out what lies in one of the wider networks, which are sorted and do not overlap."""
    starts = [int(network[0]) for network in wider]
    kept = []
    for network in networks:
        place = bisect.bisect_right(starts, int(network[0])) - 1
        if place < 0 or int(wider[place][-1]) < int(network[-1]):
            kept.append(network)
    return kept


def written(networks):
    before = [None] * 4
    for network in networks:
        text = str(network).removesuffix(f"/{network.max_prefixlen}")
        if network.version == 6:
            yield text
            continue
        octets = text.partition("/")[0].split(".")
        shared = next((place for place in range(3) if octets[place] != before[place]), 3)
        before = octets
        yield ".".join(text.split(".")[shared:])


if __name__ == "__main__":
    main()
