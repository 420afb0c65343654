"""What partners were told: remembered in digests, and taken back only where there was something."""

from __future__ import annotations

import pytest
from labs import RING

from linkage.errors import DataError
from linkage.sharing.records import Records


def test_only_what_a_partner_was_told_can_be_taken_back(lab):
    with pytest.raises(DataError, match="no partner was told"):
        lab.takes_back(RING)
    assert Records(lab.case).revoked() == {}


def test_what_was_shared_is_noted_in_digests_alone(lab):
    lab.exports("lab-b")

    digests = Records(lab.case).shared_values()
    assert len(digests) == 3  # the wrapper stays: the other ring has it, too
    assert all(len(each) == 64 and int(each, 16) >= 0 for each in digests)
