"""What is checked before it is taken."""

import pytest

from ratop_py.tui.languages import LIMITS, check_command, check_filter, filter_offers, number_in, values_seen
from ratop_py.view import View
from tests.helpers.fakefeed import FakeFeed


def test_a_right_filter_is_no_trouble() -> None:
    assert check_filter("tcp and bytes > 1M") is None
    assert check_filter("  ") is None


def test_trouble_says_where_what_and_what_else() -> None:
    trouble = check_filter("dprt = 443")
    assert trouble is not None
    assert (trouble.start, trouble.end, trouble.nearest) == (0, 4, "dport")
    assert trouble.sentence


def test_trouble_in_a_command_lies_where_it_lies_in_the_line() -> None:
    trouble = check_command("filter dprt = 443")
    assert trouble is not None
    assert (trouble.start, trouble.end) == (7, 11)
    trouble = check_command("sort bytes,-ridk")
    assert trouble is not None
    assert "sort bytes,-ridk"[trouble.start : trouble.end] == "ridk"
    assert trouble.nearest == "risk"


WRONG = [
    "view flow",
    "group",
    "group nope",
    "time noon",
    "speed 0",
    "save 9x",
    "save",
    "rate 99",
    "rate x",
    "update 0",
    "theme blue",
    "sort",
    "fields +nope",
    "zzz",
    "rate nan",
]


@pytest.mark.parametrize("line", WRONG)
def test_wrong_values_are_trouble(line: str) -> None:
    trouble = check_command(line)
    assert trouble is not None
    assert trouble.start <= trouble.end


RIGHT = [
    "view tree",
    "group proto,state",
    "m proto",
    "time 20:51",
    "time -10m",
    "time",
    "live",
    "speed 4",
    "save web",
    "rate 0.5",
    "update 2",
    "theme none",
    "sort -risk",
    "fields peer +cmdline -user",
    "fields",
    "pause",
    "filter",
]


@pytest.mark.parametrize("line", RIGHT)
def test_right_commands_are_no_trouble(line: str) -> None:
    assert check_command(line) is None


def test_numbers_have_limits() -> None:
    assert number_in("4", *LIMITS["rate"]) == 4
    assert number_in("1e9", *LIMITS["rate"]) is None
    assert number_in("nan", *LIMITS["rate"]) is None


def test_values_that_the_flows_have_are_offered() -> None:
    shown = FakeFeed().ask(View(fields=("program", "user", "pid")))
    seen = values_seen(shown)
    assert "firefox" in seen["program"]
    assert "pid" not in seen
    words, start = filter_offers("program = fire", seen)
    assert words == ["firefox"]
    assert start == 10


def test_before_the_first_answer_no_values_are_known() -> None:
    assert values_seen(None) == {}


def test_a_wrong_view_is_named_with_the_nearest() -> None:
    trouble = check_command("view program")
    assert trouble is not None
    assert trouble.nearest == "programs"


def test_saved_filters_are_known_where_a_filter_is_typed_and_in_the_command() -> None:
    filters = {"web": "tcp and port 443"}
    assert check_filter("@web and udp", filters) is None
    assert check_command("filter @web", filters) is None
    trouble = check_filter("udp or @wep", filters)
    assert trouble is not None
    assert (trouble.start, trouble.nearest) == (7, "@web")
    assert check_filter("@web") is not None


def test_an_error_inside_a_saved_filter_is_told_at_its_name() -> None:
    trouble = check_filter("tcp and @bad", {"bad": "dprt = 443"})
    assert trouble is not None
    assert (trouble.start, trouble.end) == (8, 12)
