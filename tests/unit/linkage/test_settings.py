"""Settings: default < file < environment < flag, and every mistake named at once."""

from __future__ import annotations

import pytest

from linkage.errors import SettingsError
from linkage.settings import Settings, knobs, load_settings
from linkage.tables import open_database


@pytest.fixture
def toml(tmp_path):
    def write(text):
        path = tmp_path / "linkage.toml"
        path.write_text(text)
        return path

    return write


def problems(*arguments, **named):
    with pytest.raises(SettingsError) as caught:
        load_settings(*arguments, **named)
    return str(caught.value).splitlines()


def test_the_nearer_layer_wins(toml):
    path = toml("seed = 2\n[links]\nresolution = 0.2\nseeds = 2\n[rings]\nsmallest_ring = 2\n")

    loaded = load_settings(
        path,
        environment={"LINKAGE_LINKS_RESOLUTION": "0.3", "LINKAGE_LINKS_SEEDS": "3"},
        flags={"links.seeds": 4},
    )

    assert loaded.settings.scores.smallest_stratum == Settings().scores.smallest_stratum
    assert loaded.settings.rings.smallest_ring == 2
    assert loaded.settings.links.resolution == 0.3
    assert loaded.settings.links.seeds == 4


def test_each_value_knows_where_it_came_from(toml):
    path = toml("seed = 2\n[links]\nresolution = 0.2\n")

    loaded = load_settings(path, environment={"LINKAGE_SEED": "3"}, flags={"memory": "1GB"})

    assert loaded.origins == {"seed": "environment", "links.resolution": str(path), "memory": "flag"}


def test_nothing_given_is_all_defaults():
    loaded = load_settings(environment={})

    assert loaded.settings == Settings()
    assert loaded.origins == {}


def test_an_unknown_key_is_an_error_with_a_suggestion(toml):
    path = toml("[links]\nresolutoin = 0.2\n")

    assert problems(path, environment={}) == [
        f"{path}: links.resolutoin: there is no such setting; did you mean 'resolution'?"
    ]


def test_an_unknown_key_that_is_like_no_other_is_told_the_known_ones(toml):
    (line,) = problems(toml("[rings]\nzzz = 1\n"), environment={})

    assert "known here: guide, inside, join, least_confidence, " in line


def test_an_unknown_knob_of_a_kind_is_an_error_with_a_suggestion(toml):
    (line,) = problems(toml("[evidence.ip]\ncapp = 1\n"), environment={})

    assert line.endswith("evidence.ip.capp: there is no such setting; did you mean 'cap'?")


def test_every_problem_is_named_at_once(toml):
    path = toml(
        'sed = 1\nmemory = "much"\n[links]\nengine = "grap"\nseeds = 0\n[rings]\nsmallest_ring = "few"\n'
    )

    lines = problems(path, environment={"LINKAGE_SEEDS": "1", "LINKAGE_LINKS_AGREEMENT": "0.2"})

    assert len(lines) == 7
    assert "environment: LINKAGE_SEEDS: there is no such setting; did you mean 'LINKAGE_SEED'?" in lines
    assert "environment: links.agreement: should be greater than 0.5" in lines
    assert (
        f"{path}: links.engine: there is no engine 'grap'; choose one of igraph, leidenalg, networkx" in lines
    )
    assert f"{path}: memory: write a size such as 4GB or 512MB, or a share such as 50%" in lines
    assert f"{path}: links.seeds: should be greater than or equal to 1" in lines


def test_the_environment_sets_a_knob_of_a_kind():
    loaded = load_settings(
        environment={"LINKAGE_EVIDENCE_IP_CAP": "9", "LINKAGE_EVIDENCE_MY_DEVICE_COLUMN": "dev"}
    )

    assert loaded.settings.evidence["ip"].cap == 9
    assert loaded.settings.evidence["my_device"].column == "dev"
    assert loaded.origins["evidence.ip.cap"] == "environment"


def test_variables_of_others_and_of_the_command_line_are_left_alone():
    loaded = load_settings(environment={"LINKAGE_CASE": "x.duckdb", "PATH": "/bin", "MY_LINKAGE_SEED": "x"})

    assert loaded.settings == Settings()


@pytest.mark.parametrize(
    ("content", "said"), [(b"seed = ", "is not valid TOML"), (b"\xff\xfe", "is not valid TOML")]
)
def test_a_file_that_is_no_toml_is_named(tmp_path, content, said):
    path = tmp_path / "broken.toml"
    path.write_bytes(content)

    (line,) = problems(path, environment={})

    assert line.startswith(str(path))
    assert said in line


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert problems(tmp_path / "none.toml") == [
        f"{tmp_path / 'none.toml'} cannot be read: No such file or directory"
    ]


def test_every_knob_has_a_sentence():
    assert [name for name, _, about in knobs(Settings()) if not about.endswith(".")] == []


@pytest.mark.parametrize("size", ["66%", "500MB", "1.5 GiB"])
def test_memory_is_a_size_or_a_share_that_the_database_takes(size):
    memory = load_settings(environment={"LINKAGE_MEMORY": size}).settings.memory
    assert open_database(memory=memory).sql("select current_setting('memory_limit')").fetchall()


@pytest.mark.parametrize("size", ["0%", "100%", "6.5%", "%"])
def test_memory_is_no_share_that_leaves_nothing(size):
    with pytest.raises(SettingsError, match="write a size"):
        load_settings(environment={"LINKAGE_MEMORY": size})
