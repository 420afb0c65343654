"""Whom we share with: only with those listed, and under a name."""

from __future__ import annotations

import pytest

from linkage.errors import SettingsError


def test_a_lab_without_a_name_and_a_partner_nobody_listed_are_told_what_to_write(lab):
    with pytest.raises(SettingsError, match=r"sharing\.partners"):
        lab.drafts("lab-z")
    lab.settings = lab.settings.model_copy(update={"name": None})
    with pytest.raises(SettingsError, match=r"sharing\.name"):
        lab.drafts("lab-b")
