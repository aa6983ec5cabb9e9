"""The configuration file as it would be by default."""

from __future__ import annotations

import re

from ratop_py.habits.configfile import read
from ratop_py.habits.preferences import Preferences, settings
from ratop_py.habits.sample import markdown, sample


def test_the_sample_means_the_defaults() -> None:
    config = read("\n".join(sample()), "sample")
    assert config.troubles == ()
    assert config.preferences == Preferences()


def test_the_sample_with_all_its_examples_is_right_too() -> None:
    text = "\n".join(sample())
    for name in re.findall(r"(?m)^# (\w+) = ", text):
        text = re.sub(rf"(?m)^{name} = .*\n", "", text)
    config = read(re.sub(r"(?m)^# (?=\w+ = )", "", text), "sample")
    assert config.troubles == ()
    assert config.preferences.interfaces == ("eth0",)
    assert config.preferences.filters
    assert config.preferences.themes


def test_every_setting_stands_in_the_sample_and_in_the_table() -> None:
    text, page = "\n".join(sample()), "\n".join(markdown())
    for name in settings():
        assert re.search(rf"(?m)^(\[{name}\]|{name} =)", text)
        assert f"| `{name}` |" in page


def test_lines_of_the_sample_are_not_long() -> None:
    assert max(map(len, sample())) <= 102
