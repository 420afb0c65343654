"""Warning lists: what is everybody's does not go out, what many rent goes out softly, the rest is left alone."""

import ipaddress
from importlib import resources

import pytest

from linkage.errors import SettingsError
from linkage.sharing import warninglists
from linkage.sharing.warninglists import Grade, Listed, WarningLists

LISTS = WarningLists()
SHIPPED = resources.files("linkage.sharing") / "warninglists.txt"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("8.8.8.8", "public-dns-v4"),
        ("100.64.1.1", "carrier NAT"),
        ("203.0.113.7", "documentation"),
        ("104.16.1.1", "cloudflare"),
        ("10.1.2.3", "private"),
        ("172.31.255.255", "private"),
        ("127.0.0.1", "loopback"),
        ("169.254.169.254", "link local"),
        ("239.1.1.1", "multicast"),
        ("255.255.255.255", "special use"),
        ("198.18.5.5", "benchmarks"),
        ("17.1.2.3", "apple"),
        ("23.32.5.5", "akamai"),
        ("151.101.1.1", "fastly"),
        ("140.82.121.4", "github"),
        ("52.96.1.1", "microsoft-office365-ip"),
        ("2001:4860:4860::8888", "public-dns-v6"),
        ("2606:4700::1111", "cloudflare"),
        ("2001:db8::1", "documentation"),
        ("3fff::1", "documentation"),
        ("::1", "loopback"),
        ("fe80::1", "link local"),
        ("fd00::1", "private"),
        ("ff02::1", "multicast"),
        ("2002:808:808::1", "special use"),
    ],
)
def test_what_is_everybodys_never_goes_out(address, name):
    assert LISTS.find(address) == Listed(Grade.hard, name)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("52.95.110.1", "amazon-aws"),
        ("20.38.100.1", "microsoft-azure"),
        ("35.192.1.1", "google-gcp"),
        ("2600:1f18::1", "amazon-aws"),
    ],
)
def test_what_many_rent_goes_out_softly(address, name):
    assert LISTS.find(address) == Listed(Grade.soft, name)


@pytest.mark.parametrize("address", ["81.2.69.142", "80.187.1.1", "2003:e1:1:2::/64", "2a02:8071:1:2::/64"])
def test_an_ordinary_address_is_on_no_list(address):
    assert LISTS.class_of(address) is None


def test_the_class_is_that_of_the_list():
    assert [LISTS.class_of(address) for address in ("8.8.8.8", "52.95.110.1")] == [Grade.hard, Grade.soft]


def test_a_cloud_in_which_github_runs_its_jobs_is_soft():
    """GitHub lists more than half of Azure as its own; were it all hard, so would be most of that cloud."""
    assert LISTS.class_of("20.36.0.1") is Grade.soft
    assert LISTS.class_of("104.42.1.1") is Grade.soft


def test_a_hard_network_counts_inside_a_soft_one():
    lists = WarningLists({"lab-b": ["52.95.110.0/28"]})

    assert lists.find("52.95.110.1") == Listed(Grade.hard, "lab-b")
    assert lists.class_of("52.95.110.16") is Grade.soft


@pytest.mark.parametrize(
    ("block", "grade"),
    [
        ("2001:4860:4860::/64", Grade.hard),
        ("8.8.8.0/24", Grade.hard),
        ("104.16.1.0/24", Grade.hard),
        ("52.95.110.0/24", Grade.soft),
        ("81.2.69.0/24", None),
    ],
)
def test_a_block_is_listed_where_it_lies_in_a_network_or_has_one_in_it(block, grade):
    assert LISTS.class_of(block) is grade


def test_the_edges_of_a_block_count():
    lists = WarningLists({"low": ["81.2.69.0"], "high": ["81.2.70.255"]})

    assert [lists.class_of(f"81.2.{part}.0/24") for part in (68, 69, 70, 71)] == [
        None,
        Grade.hard,
        Grade.hard,
        None,
    ]


def test_an_address_in_another_spelling_is_the_same():
    assert LISTS.find("::ffff:8.8.8.8") == LISTS.find("8.8.8.8")
    assert LISTS.find("2001:4860:4860:0:0:0:0:8888") == LISTS.find("2001:4860:4860::8888")
    assert WarningLists(examples=True).class_of("::ffff:198.51.100.7") is None


@pytest.mark.parametrize(
    "text", ["", "somewhere", "8.8.8", "8.8.8.8:53", "10.0.0.1/8", "fe80::1%eth0", "08.8.8.8", "1"]
)
def test_what_is_no_address_does_not_go_out_either(text):
    assert LISTS.find(text) == Listed(Grade.hard, "not an address")


EXAMPLES = ("192.0.2.1", "198.51.100.7", "203.0.113.7", "198.18.1.1", "2001:db8:1:2::/64", "3fff:1::/64")


def test_examples_may_have_the_addresses_of_examples_and_no_others():
    lists = WarningLists(examples=True)

    assert [lists.class_of(address) for address in EXAMPLES] == [None] * len(EXAMPLES)
    assert [LISTS.class_of(address) for address in EXAMPLES] == [Grade.hard] * len(EXAMPLES)
    assert lists.class_of("10.1.2.3") is lists.class_of("8.8.8.8") is Grade.hard


def test_networks_of_the_users_are_added():
    lists = WarningLists({"lab-b egress": ["81.2.69.0/24", "2003:e1::/32"]})

    assert lists.find("81.2.69.142") == lists.find("2003:e1:1:2::/64") == Listed(Grade.hard, "lab-b egress")
    assert lists.class_of("81.2.70.1") is None


@pytest.mark.parametrize("network", ["lab-b", "81.2.69.1/24", "81.2.69.0/33", "fe80::1%eth0", "\x1b[2J"])
def test_an_added_network_that_is_none_is_a_fault_of_the_settings(network):
    with pytest.raises(SettingsError, match="in the list 'lab-b' is not a network") as raised:
        WarningLists({"lab-b": [network]})
    assert "\x1b" not in str(raised.value)


def test_lists_are_read_when_they_are_needed_and_once(monkeypatch):
    reads = []
    read = warninglists._shipped
    monkeypatch.setattr(warninglists, "_shipped", lambda: reads.append(1) or read())
    lists = WarningLists()

    assert not reads
    lists.class_of("8.8.8.8")
    lists.class_of("8.8.4.4")
    assert len(reads) == 1


def test_every_shipped_network_is_one_and_no_list_is_empty():
    names = {grade: set() for grade in Grade}
    for grade, name, networks in warninglists._shipped():
        names[grade].add(name)
        assert all(map(ipaddress.ip_network, networks)), name

    assert min(map(len, names.values())) >= 9


def test_no_shipped_list_covers_the_internet():
    """A wrong line would silence everything; the widest true network is one of 16 million addresses."""
    lengths = [
        ipaddress.ip_network(network).prefixlen
        for _, _, networks in warninglists._shipped()
        for network in networks
    ]

    assert min(lengths) >= 8


def test_the_shipped_lists_stay_small_and_say_where_they_are_from():
    text = SHIPPED.read_text(encoding="ascii")

    assert len(text) < 1_500_000
    assert "CC0 1.0" in text.partition("\nhard")[0]
