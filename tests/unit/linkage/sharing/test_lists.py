"""Lists for firewalls, as the programs that load them see them."""

from __future__ import annotations

import csv
import gzip
import io
import ipaddress
import json
import re
import shutil
import subprocess
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from shared import IDS, SHARED_ON, START, TAKEN_BACK_ON, make_package, make_ring, make_selector

from linkage.sharing.lists import listed, now_of
from linkage.sharing.model import Scheme
from linkage.sharing.views import view_named

LISTS = ("nft", "ipset", "cloudflare", "aws")


def with_addresses(*values, **given):
    """Make a package of one ring that comes from these addresses."""
    return make_package(
        make_ring(selectors=tuple(make_selector("ip", Scheme.raw, value, **given) for value in values))
    )


def many(count):
    """Give so many addresses, each with an honest one beside it."""
    first = int(ipaddress.ip_address("198.18.0.0"))
    return [str(ipaddress.ip_address(first + 2 * each)) for each in range(count)]


def text_of(name, package):
    """Write a list of one file."""
    (content,) = view_named(name).write(package, IDS).values()
    return content.decode()


def networks_of(package):
    """Give what is listed, as text."""
    return [str(each.network) for each in listed(package)]


def test_soft_revoked_and_expired_addresses_are_on_no_list():
    live = make_ring(
        "R-7K2M9Q",
        modified=TAKEN_BACK_ON,
        selectors=(
            make_selector("ip", Scheme.raw, "198.51.100.1"),
            make_selector("ip", Scheme.raw, "198.51.100.2", soft=True),
            make_selector("ip", Scheme.raw, "198.51.100.3", valid_until=TAKEN_BACK_ON),
        ),
    )
    gone = make_ring("R-G0NE22", selectors=(make_selector("ip", Scheme.raw, "198.51.100.4"),), revoked=True)

    assert networks_of(make_package(live, gone)) == ["198.51.100.1/32"]


def test_an_address_that_one_ring_says_many_share_is_on_no_list():
    rings = [
        make_ring(name, selectors=(make_selector("ip", Scheme.raw, "198.51.100.1", soft=soft),))
        for name, soft in (("R-7K2M9Q", False), ("R-B4TT3R", True))
    ]

    assert networks_of(make_package(*rings)) == []


def test_tokens_are_on_no_list():
    package = make_package(make_ring(selectors=(make_selector("payment", Scheme.oprf, "198.51.100.1"),)))

    assert networks_of(package) == []


def test_an_address_within_a_network_that_is_listed_is_not_listed_twice():
    package = with_addresses(
        "198.51.100.7", "198.51.100.0/24", "198.51.100.0/30", "198.51.101.1", "2001:db8::1"
    )

    assert networks_of(package) == ["198.51.100.0/24", "198.51.101.1/32", "2001:db8::1/128"]


def test_half_the_internet_is_no_ring():
    assert (
        networks_of(with_addresses("0.0.0.0/0", "128.0.0.0/1", "::/0", "not an address", "fe80::1%eth0"))
        == []
    )


def test_the_time_of_a_list_is_the_latest_change_in_it():
    assert now_of(make_package()) == TAKEN_BACK_ON
    assert now_of(make_package(make_ring())) == SHARED_ON


@pytest.mark.parametrize("name", ["nft", "ipset"])
def test_a_timeout_is_what_is_left_at_the_latest_change_and_the_list_says_so(name):
    text = text_of(name, with_addresses("198.51.100.7", valid_until=SHARED_ON + timedelta(seconds=90)))

    assert re.findall(r"198\.51\.100\.7 timeout (\d+)", text) == ["90"]
    assert "# Timeouts run from 2026-09-05T01:00:00Z" in text


@pytest.mark.parametrize("name", LISTS)
def test_no_list_drops_anybody(name):
    for content in view_named(name).write(make_package(), IDS).values():
        lines = [line for line in content.decode().splitlines() if not line.startswith("#")]
        assert not [line for line in lines if re.search(r"\b(drop|reject|block)\b", line, re.IGNORECASE)]


def test_nft_logs_and_counts():
    text = text_of("nft", make_package())

    assert "policy accept;" in text
    assert text.count("counter limit rate 10/second log prefix") == 2


@pytest.mark.parametrize(
    "package", [make_package(), make_package(make_ring(selectors=()))], ids=["full", "empty"]
)
def test_nft_takes_the_table(package, tmp_path):
    _needs("nft")
    path = tmp_path / "linkage.nft"
    path.write_text(text_of("nft", package), encoding="utf-8")

    _apart(f"nft -c -f {path}")
    # Twice: the second must replace the first.
    _apart(f"nft -f {path} && nft -f {path} && nft list table inet linkage")


def test_nft_takes_ten_thousand_addresses(tmp_path):
    _needs("nft", roomy=True)
    path = tmp_path / "linkage.nft"
    path.write_text(text_of("nft", with_addresses(*many(10_000), "2001:db8::/48")), encoding="utf-8")

    _apart(f"nft -c -f {path}")


def test_ipset_takes_the_sets(tmp_path):
    _needs("ipset")
    path = tmp_path / "linkage.ipset"
    path.write_text(text_of("ipset", make_package()), encoding="utf-8")

    shown = _apart(f"ipset restore -f {path} && ipset restore -f {path} && ipset list")

    assert re.findall(r"Number of entries: (\d+)", shown) == ["16", "2"]


def test_no_timeout_is_longer_than_ipset_can_count():
    text = text_of("ipset", with_addresses("198.51.100.7", valid_until=START + timedelta(days=300)))

    assert [int(each) for each in re.findall(r"timeout (\d+)", text)] == [2_147_483] * 3


def test_cloudflare_gets_ten_thousand_rows_a_file_and_nothing_it_refuses():
    package = with_addresses(*many(10_001), "2001:db8::1", "2001:db8::2", "2001:db8:1::/48", "2001::/11")
    files = view_named("cloudflare").write(package, IDS)

    assert list(files) == ["lists/cloudflare.csv", "lists/cloudflare-2.csv"]
    rows = [list(csv.reader(io.StringIO(content.decode()))) for content in files.values()]
    assert [len(each) for each in rows] == [10_000, 3]
    for address, description in (row for each in rows for row in each):
        network = ipaddress.ip_network(address)
        assert network.prefixlen >= 8 if network.version == 4 else 12 <= network.prefixlen <= 64
        assert description == "R-7K2M9Q until 2026-10-03"
    # Two addresses of one /64 are one row.
    assert [row[0] for row in rows[1]] == [many(10_001)[-1], "2001:db8::/64", "2001:db8:1::/48"]


def test_aws_gets_ten_thousand_networks_a_set():
    files = view_named("aws").write(with_addresses(*many(10_001), "2001:db8::1"), IDS)

    assert list(files) == ["lists/aws-1-ipv4.json", "lists/aws-2-ipv4.json", "lists/aws-1-ipv6.json"]
    sets = [json.loads(content) for content in files.values()]
    assert [len(each["Addresses"]) for each in sets] == [10_000, 1, 1]
    assert sets[2]["Addresses"] == ["2001:db8::1/128"]
    assert all("/" in address for each in sets for address in each["Addresses"])


def test_aws_takes_the_sets_by_its_own_model_of_the_call():
    botocore = pytest.importorskip("botocore")
    from botocore.model import ServiceModel  # noqa: PLC0415 - where it is installed
    from botocore.validate import ParamValidator  # noqa: PLC0415 - as above

    (packed,) = Path(botocore.__file__).parent.glob("data/wafv2/*/service-2.json.gz")
    model = json.loads(gzip.decompress(packed.read_bytes()))
    shape = ServiceModel(model).operation_model("CreateIPSet").input_shape
    patterns = {
        name: re.compile(model["shapes"][name]["pattern"]) for name in ("EntityName", "EntityDescription")
    }

    for content in view_named("aws").write(make_package(), IDS).values():
        document = json.loads(content)
        assert not ParamValidator().validate(document, shape).has_errors()
        assert patterns["EntityName"].fullmatch(document["Name"])
        assert patterns["EntityDescription"].fullmatch(document["Description"])


def _needs(program, *, roomy=False):
    """Skip where a program cannot be tried; a large batch needs the buffers of the machine's own root."""
    if shutil.which(program) is None or shutil.which("unshare") is None:
        pytest.skip(f"{program} or unshare is not installed")
    if roomy and _namespace() != ["unshare", "-n"]:
        pytest.skip("only root may send so large a batch")
    try:
        _apart({"nft": "nft list tables", "ipset": "ipset list"}[program])
    except AssertionError:
        pytest.skip(f"no network of its own can be made here, or the kernel has no {program}")


def _apart(command):
    """Run a command in a network of its own, so that the machine's stays as it is."""
    done = subprocess.run(
        [*_namespace(), "sh", "-c", command], check=False, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@cache
def _namespace():
    as_root = ["unshare", "-n"]
    works = subprocess.run([*as_root, "true"], check=False, capture_output=True).returncode == 0
    return as_root if works else ["unshare", "-rn"]
