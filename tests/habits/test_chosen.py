"""Which of several sayings holds."""

from __future__ import annotations

from ratop_py.habits.chosen import CONFIG, DEFAULT, OPTION, STATE, beside, choose
from ratop_py.habits.configfile import Config, read
from ratop_py.habits.preferences import defaults
from ratop_py.habits.remembered import Remembered


def test_when_nobody_says_anything_the_defaults_hold() -> None:
    chosen = choose(Config(), Remembered(), {})
    assert chosen.values == defaults()
    assert set(chosen.why.values()) == {DEFAULT}


def test_option_before_last_time_before_configuration_before_default() -> None:
    config = read('theme = "light"\nrate = 3\nview = "users"\n', "c")
    last = Remembered(theme="dark", view="hosts", beside=beside(config))
    chosen = choose(config, last, {"view": "ports"})
    assert (chosen.values["view"], chosen.why["view"]) == ("ports", OPTION)
    assert (chosen.values["theme"], chosen.why["theme"]) == ("dark", STATE)
    assert (chosen.values["rate"], chosen.why["rate"]) == (3.0, CONFIG)
    assert (chosen.values["ascii"], chosen.why["ascii"]) == (False, DEFAULT)


def test_what_was_chosen_on_the_screen_holds_until_the_configuration_says_something_else() -> None:
    before, after = read('theme = "light"\n', "c"), read('theme = "ansi"\n', "c")
    last = Remembered(theme="dark", beside=beside(before))
    assert choose(before, last, {}).values["theme"] == "dark"
    assert choose(after, last, {}).values["theme"] == "ansi"
    assert choose(Config(), last, {}).values["theme"] == "auto"


def test_columns_of_the_last_time_leave_those_of_other_views() -> None:
    config = read('[columns]\nflows = ["pid"]\nhosts = ["peer"]\n', "c")
    last = Remembered(columns={"flows": ("user",)}, beside=beside(config))
    assert choose(config, last, {}).values["columns"] == {"flows": ("user",), "hosts": ("peer",)}


def test_saved_filters_of_both_are_there_and_those_of_the_configuration_go_before() -> None:
    config = read('[filters]\nweb = "port 80"\n', "c")
    last = Remembered(filters={"web": "port 8080", "dns": "port 53"})
    assert choose(config, last, {}).values["filters"] == {"web": "port 80", "dns": "port 53"}


def test_habits_are_settings_and_back() -> None:
    last = Remembered(habits={"full": True, "octets": False, "names": "both", "nonsense": "x"})
    chosen = choose(read('rates = "bytes"\nports = "numbers"\n', "c"), last, {})
    assert chosen.values["digits"] == "full"
    assert chosen.habits() == {"full": True, "octets": True, "port_numbers": True, "names": "both"}


def test_a_habit_that_was_changed_back_holds() -> None:
    config = read('rates = "bytes"\n', "c")
    last = Remembered(habits={"octets": False}, beside=beside(config))
    assert choose(config, last, {}).habits()["octets"] is False


def test_what_can_no_longer_be_set_is_not_taken() -> None:
    chosen = choose(Config(), Remembered(theme="mine", rate=5000.0, view="nowhere"), {})
    assert (chosen.values["theme"], chosen.values["rate"], chosen.values["view"]) == ("auto", 2.0, "flows")


def test_what_is_as_it_would_be_anyway_has_not_changed() -> None:
    assert choose(Config(), Remembered(theme="auto", rate=2.0), {}).why["rate"] == DEFAULT
