"""Under what names a group's accounts stand, and in which networks: whoever says who it is does not hide."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from linkage.evidence.people import gather_people
from linkage.scores.names import list_names, measure_names
from linkage.tables import from_arrow


@pytest.fixture
def name(make_logs):
    """Measure the first accounts of those given by organisation and mail domain."""

    def name(*given, group):
        accounts = [
            {"account_id": f"acct_{number:03}", "org": org, "email_domain": mail}
            for number, (org, mail) in enumerate(given)
        ]
        logs = make_logs(accounts=accounts)
        people = gather_people(logs)
        by_name = {account_id: account for account, account_id, *_ in people.rows()}
        members = [by_name[f"acct_{number:03}"] for number in range(group)]
        senders = from_arrow(people.database, pa.table({"account": members, "sender": [0] * group}))
        return measure_names(list_names(logs, people), senders).get(0, {}).get("name")

    return name


def test_a_company_stands_under_its_own_domain(name):
    """All five of the ten."""
    company, others = [(None, "acme.example")] * 5, [(None, f"mail{number}.example") for number in range(5)]

    assert name(*company, *others, group=5) == pytest.approx(1 - 5 / 10)


def test_the_organisation_counts_as_the_domain_does_and_capitals_say_nothing(name):
    company = [("Acme", None), (" ACME", None), ("acme", None), ("acme ", None)]

    assert name(*company, *[("other", None)] * 36, group=4) == pytest.approx(1 - 4 / 40)


def test_what_everybody_uses_is_no_name(name):
    assert name(*[(None, "mail.example")] * 40, group=8) == 0.0


def test_where_no_name_is_given_nothing_is_said(name):
    assert name(*[(None, None)] * 9, group=4) is None


def test_a_network_counts_by_itself_and_less_what_others_have_of_it(make_logs):
    """Four of four in a network that half of the eight are in, and none of them gives a name."""
    networks = {f"acct_{number}": f"AS{64500 + (number >= 4)}" for number in range(8)}
    logs = make_logs(
        accounts=[{"account_id": name} for name in networks],
        events=[
            {"account_id": name, "happened_at": datetime(2026, 9, 1), "ip": f"192.0.2.{number}", "asn": asn}  # noqa: DTZ001
            for number, (name, asn) in enumerate(networks.items())
        ],
    )
    people = gather_people(logs)
    members = [row[0] for row in people.rows() if row[1] < "acct_4"]
    senders = from_arrow(people.database, pa.table({"account": members, "sender": [0] * 4}))

    assert measure_names(list_names(logs, people), senders) == {0: {"name": None, "network": 0.5}}
