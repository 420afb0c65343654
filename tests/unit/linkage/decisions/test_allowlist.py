"""What is on the allowlist is exempt, whatever kind it is listed as, until its end."""

from __future__ import annotations

import pytest

from linkage import pipeline
from linkage.decisions.allowlist import allowed_accounts
from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import KINDS, chosen_kinds
from linkage.evidence.people import gather_people
from linkage.settings import Settings

SOURCES = {
    "accounts": "account_id,org,email_domain\na,Acme,\nb,,acme.example\nc,,\nd,,\n",
    "events": (
        "account_id,timestamp,ip,asn,prompt\n"
        "a,2026-09-01T00:00:00Z,198.51.100.7,AS64500,\n"
        "b,2026-09-02T00:00:00Z,198.51.100.8,AS64501,\n"
        "c,2026-09-03T00:00:00Z,2001:db8:1:2::9,AS64502,\n"
        "d,2026-09-04T00:00:00Z,203.0.113.1,AS64503,\n"
    ),
    "payments": "account_id,fingerprint\nd,fp_9\n",
}


@pytest.fixture
def allowed(tmp_path):
    def allowed(*entries, **more):
        for name, text in {**SOURCES, **more}.items():
            (tmp_path / f"{name}.csv").write_text(text)
        lines = "\n".join(",".join(entry) for entry in entries)
        (tmp_path / "allowlist.csv").write_text(f"kind,value,reason,until\n{lines}\n")
        settings = Settings()
        with pipeline.read([str(tmp_path)], settings) as reading:
            assert len(reading.quarantine) == 0
            logs = pipeline.logs_of(reading.or_raise())
            kinds, effective = chosen_kinds(settings.evidence)
            return allowed_accounts(logs, collect_evidence(logs, kinds, effective))

    return allowed


@pytest.mark.parametrize(
    ("kind", "value", "accounts"),
    [
        ("account", "a", ["a"]),
        ("account", "A", []),
        ("org", "acme", ["a"]),
        ("org", "acme.example", ["b"]),
        ("ip", "198.51.100.7", ["a"]),
        ("ip", "198.51.100.0/24", ["a", "b"]),
        ("ip", "2001:db8:1:2::77", ["c"]),
        ("network", "198.51.100.8/31", ["b"]),
        ("network", "2001:db8::/32", ["c"]),
        ("asn", "64503", ["d"]),
        ("payment", "fp_9", ["d"]),
        ("payment", "fp_8", []),
    ],
)
def test_an_entry_covers_the_accounts_it_names(allowed, kind, value, accounts):
    assert sorted(allowed((kind, value, "ours", ""))) == accounts


def test_a_template_is_covered_by_its_name(allowed, tmp_path):
    words = "you are a careful harness that reads the ticket below and writes one patch for it and nothing else at all"
    events = SOURCES["events"] + "".join(
        f"{account},2026-09-05T0{hour}:00:00Z,,,{words}\n" for account in "ab" for hour in range(3)
    )
    assert allowed(events=events) == {}

    prompt = next(kind for kind in KINDS if kind.name == "prompt")
    with pipeline.read([str(tmp_path)], Settings()) as reading:
        logs = pipeline.logs_of(reading)
        name = prompt.sightings(logs, gather_people(logs)).rows()[0][3]

    assert sorted(allowed(("template", name, "our harness", ""), events=events)) == ["a", "b"]


def test_an_entry_ends_with_its_last_moment_by_the_clock_of_the_logs(allowed):
    # The last event is of 2026-09-04: that is now, whenever the logs are read.
    assert allowed(("account", "a", "ours", "2026-09-04T00:00:00Z")) == {"a": "ours"}
    assert allowed(("account", "a", "ours", "2026-09-03T23:59:59Z")) == {}
    assert allowed(("account", "a", "ours", "2100-01-01T00:00:00Z")) == {"a": "ours"}


def test_one_clock_that_runs_ahead_ends_no_entry(allowed):
    many = "".join(f"a,2026-09-03T{number // 60 % 24:02}:{number % 60:02}:00Z,,,\n" for number in range(1440))
    events = f"{SOURCES['events']}{many}b,2099-01-01T00:00:00Z,,,\n"

    assert allowed(("account", "a", "a class", "2027-03-31T00:00:00Z"), events=events) == {"a": "a class"}


def test_the_reason_is_the_one_that_was_given(allowed):
    assert allowed(("ip", "198.51.100.7", "the office", "")) == {"a": "the office"}
    assert allowed(("account", "a", "known to be shared: x", "")) == {"a": "known to be shared: x"}
    assert allowed(("account", "a", "", "")) == {"a": "listed"}


def test_of_several_reasons_the_first_by_name_is_told(allowed):
    assert allowed(("account", "a", "zebra", ""), ("org", "acme", "apple", "")) == {"a": "apple"}


def test_no_list_exempts_nobody(allowed):
    assert allowed() == {}
