"""What simulated worlds promise: the contract's columns, complete truth, invented addresses, the same bytes again."""

from __future__ import annotations

import ipaddress
import itertools

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest

from linkage.errors import SettingsError
from linkage.simulation import WORLDS, simulate, write
from linkage.simulation.blanks import PLACEHOLDERS
from linkage.simulation.catalogue import HYDRA as RINGS
from linkage.simulation.catalogue import TOWN as CROWDS

COLUMNS = {
    "accounts": ["account_id", "created_at", "org", "email_domain", "plan"],
    "events": [
        *("account_id", "timestamp", "ip", "asn", "prompt", "system_prompt"),
        *("response_tokens", "prompt_tokens", "model", "user_agent"),
    ],
    "payments": ["account_id", "fingerprint", "bin", "timestamp"],
    "truth": ["account_id", "ring", "crowd"],
}
COLUMNS["reference"] = COLUMNS["events"]

DOCUMENTATION = [
    ipaddress.ip_network(net)
    for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
]


def test_tables_have_the_columns_of_the_contract(hydra):
    assert {name: table.column_names for name, table in hydra.items()} == COLUMNS


def test_there_are_as_many_accounts_as_asked_for_and_truth_covers_each_once(hydra):
    accounts = hydra["accounts"]["account_id"].to_pylist()

    assert len(set(accounts)) == 3000
    assert hydra["truth"]["account_id"].to_pylist() == accounts


def test_events_and_payments_belong_to_accounts(hydra):
    accounts = set(hydra["accounts"]["account_id"].to_pylist())

    for name in ("events", "payments", "reference"):
        assert set(hydra[name]["account_id"].to_pylist()) <= accounts


def test_an_account_is_in_a_ring_or_in_a_crowd_or_in_neither(hydra):
    truth = hydra["truth"]
    in_ring, in_crowd = (pc.is_valid(truth[column]).to_numpy() for column in ("ring", "crowd"))

    assert not (in_ring & in_crowd).any()
    assert (~in_ring & ~in_crowd).mean() > 0.2


@pytest.mark.parametrize("world", ["hydra", "other_hydra"])
def test_hydra_has_every_declared_ring_and_crowd_and_at_most_a_sixth_are_members(world, request):
    truth = request.getfixturevalue(world)["truth"]

    assert _names(truth["ring"]) == {scenario.name for scenario in RINGS}
    assert _names(truth["crowd"]) == {scenario.name for scenario in CROWDS}
    assert 1 - truth["ring"].null_count / 3000 < 1 / 6


def test_quiet_has_the_same_crowds_and_no_ring(quiet):
    truth = quiet["truth"]

    assert truth["ring"].null_count == 3000
    assert _names(truth["crowd"]) == {scenario.name for scenario in CROWDS}


def test_a_crowd_is_the_same_whether_or_not_rings_play_beside_it(hydra, quiet):
    for crowd in ("course-1", "office-2", "launch-1"):
        assert _prompts_of(quiet, crowd) == _prompts_of(hydra, crowd)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_world(tmp_path):
    for folder, seed in (("once", 1), ("again", 1), ("other", 2)):
        write(simulate("hydra", seed=seed, accounts=600), tmp_path / folder)

    once, again, other = (
        {file.name: file.read_bytes() for file in (tmp_path / folder).iterdir()}
        for folder in ("once", "again", "other")
    )
    assert once == again
    assert all(once[name] != other[name] for name in once)


def test_a_small_world_stays_below_three_megabytes_on_disk(hydra, tmp_path):
    files = write(hydra, tmp_path)

    assert sorted(file.name for file in files) == [
        *("accounts.csv", "events.csv.gz", "payments.csv", "reference.csv.gz", "truth.csv")
    ]
    assert sum(file.stat().st_size for file in files) < 3_000_000


def test_written_worlds_read_back_as_they_were(hydra, tmp_path):
    write(hydra, tmp_path)

    for name, table in hydra.items():
        file = next(tmp_path.glob(f"{name}.csv*"))
        back = pa.csv.read_csv(file, parse_options=pa.csv.ParseOptions(newlines_in_values=True))
        assert (back.num_rows, back.column_names) == (table.num_rows, table.column_names)


def test_every_address_is_documentation_space_or_a_placeholder(hydra):
    for name in ("events", "reference"):
        values = set(hydra[name]["ip"].unique().to_pylist()) - set(PLACEHOLDERS["ip"])
        addresses = [ipaddress.ip_address(value) for value in values]
        assert all(any(address in net for net in DOCUMENTATION) for address in addresses)


def test_every_network_number_is_for_documentation_or_private_use(hydra):
    values = set(hydra["events"]["asn"].unique().to_pylist()) - set(PLACEHOLDERS["asn"])

    assert all(64496 <= int(value.removeprefix("AS")) <= 65534 for value in values)


def test_every_mail_domain_is_reserved(hydra):
    values = set(hydra["accounts"]["email_domain"].unique().to_pylist()) - set(PLACEHOLDERS["email_domain"])

    assert all(
        value.endswith((".example", ".example.com", ".example.org", ".example.net")) for value in values
    )


@pytest.mark.parametrize("column", ["ip", "asn", "user_agent"])
def test_a_tenth_to_a_fifth_of_values_are_missing_for_members_and_honest_alike(hydra, column):
    events = hydra["events"]
    members = _members(hydra)
    blank = np.isin(
        events[column].to_numpy(zero_copy_only=False).astype(str), [str(p) for p in PLACEHOLDERS[column]]
    )
    ours = np.isin(events["account_id"].to_numpy(zero_copy_only=False).astype(str), sorted(members))

    assert 0.08 < blank[ours].mean() < 0.2
    assert 0.1 < blank[~ours].mean() < 0.2


def test_nobody_asks_or_pays_before_signing_up(hydra):
    created = {
        row["account_id"]: row["created_at"] for row in hydra["accounts"].to_pylist() if row["created_at"]
    }

    for name in ("events", "reference", "payments"):
        rows = hydra[name].select(["account_id", "timestamp"]).to_pylist()
        assert all(created.get(row["account_id"], row["timestamp"]) <= row["timestamp"] for row in rows)


def test_events_are_of_september_and_the_reference_is_of_the_weeks_before(hydra):
    assert set(pc.strftime(hydra["events"]["timestamp"], format="%Y-%m").to_pylist()) == {"2026-09"}
    assert set(pc.strftime(hydra["reference"]["timestamp"], format="%Y-%m").to_pylist()) == {"2026-08"}


def test_the_reference_is_nearly_without_rings(hydra):
    asked = set(hydra["reference"]["account_id"].to_pylist())

    assert len(asked & _members(hydra)) < 0.05 * len(asked)


def test_ordinary_peoples_prompts_are_rarely_near_duplicates(hydra):
    truth = hydra["truth"].to_pylist()
    ordinary = {row["account_id"] for row in truth if row["ring"] is None and row["crowd"] is None}
    first: dict[str, str] = {}
    for row in hydra["events"].filter(pc.is_null(hydra["events"]["system_prompt"])).to_pylist():
        # Two paragraphs may begin with a public template, which many are meant to share.
        if row["account_id"] in ordinary and "\n\n" not in row["prompt"]:
            first.setdefault(row["account_id"], row["prompt"])
    shingles = [_shingles(prompt) for prompt in sorted(first.values())[:300]]
    alike = [len(a & b) / len(a | b) > 0.5 for a, b in itertools.combinations(shingles, 2)]

    assert len(alike) > 30_000
    assert sum(alike) <= 10


def test_more_events_an_account_can_be_asked_for():
    calm, busy = (
        simulate("quiet", seed=1, accounts=500, events_per_account=factor)["events"].num_rows
        for factor in (1, 3)
    )

    assert 2.5 < busy / calm < 3.5


def test_rings_are_rarer_in_larger_worlds(hydra):
    large = simulate("hydra", seed=1, accounts=6000, events_per_account=0.1)["truth"]

    assert 1 - large["ring"].null_count / 6000 < 0.85 * (1 - hydra["truth"]["ring"].null_count / 3000)


def test_an_unknown_world_is_answered_with_the_known_ones():
    with pytest.raises(SettingsError, match=", ".join(sorted(WORLDS))):
        simulate("atlantis")


@pytest.mark.parametrize(("accounts", "busy"), [(100, 1.0), (600, 0.0)])
def test_a_world_that_cannot_be_made_is_refused(accounts, busy):
    with pytest.raises(SettingsError):
        simulate("quiet", accounts=accounts, events_per_account=busy)


def _names(labels):
    return {label.rsplit("-", 1)[0] for label in labels.unique().to_pylist() if label}


def _members(world):
    return {row["account_id"] for row in world["truth"].to_pylist() if row["ring"]}


def _prompts_of(world, crowd):
    accounts = [row["account_id"] for row in world["truth"].to_pylist() if row["crowd"] == crowd]
    events = world["events"]
    return sorted(events.filter(pc.is_in(events["account_id"], pa.array(accounts)))["prompt"].to_pylist())


def _shingles(prompt):
    words = prompt.lower().split()
    return {tuple(words[k : k + 3]) for k in range(max(1, len(words) - 2))}
