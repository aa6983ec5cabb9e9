"""One table of keys."""

from collections.abc import Callable

import pytest

from ratop_py.tui import chooser, coverage, deeds, help, palette, prompter, save  # noqa: A004
from ratop_py.tui.choice import Choice
from ratop_py.tui.ink import Ink
from ratop_py.tui.keymap import KEYS, ROWS, SECTIONS, TABLE, TYPING, Key, Place, _table, deed_of, hints, sign
from ratop_py.tui.overlay import Overlay
from ratop_py.tui.status import Status
from ratop_py.view import SIGHTS
from tests.helpers.piloted import playing

OVERLAYS: dict[Place, Callable[[], Overlay]] = {
    Place.HELP: lambda: help.Help(Ink("dark")),
    Place.COVERAGE: lambda: coverage.CoverageBox(Ink("dark"), Status),
    Place.FIELDS: lambda: chooser.Chooser(Ink("dark"), ("pid",), ("pid",), lambda _: None),
    Place.EXPORT: lambda: save.Save(Ink("dark"), "a.csv", Choice(), save.Offer({"shown": ""}), lambda *_: None),
    Place.PALETTE: lambda: palette.Palette(Ink("dark"), lambda _: None),
}


def test_no_key_does_two_things_in_one_place() -> None:
    assert len(TABLE) == sum(len(key.keys) for key in KEYS)
    with pytest.raises(AssertionError):
        _table([Key("one", ("j",), "x"), Key("two", ("j",), "y")])


def test_keys_of_everywhere_are_taken_by_no_place() -> None:
    general = {name for place, name in TABLE if place is Place.ALL}
    own = {name for place, name in TABLE if place in (Place.FLOWS, Place.PICK, Place.REFUSED)}
    assert not general & own


def test_every_key_is_documented() -> None:
    for key in KEYS:
        assert key.does
        assert key.section in SECTIONS or key.place not in (Place.FLOWS, Place.ALL)


def test_help_shows_every_key_of_the_flows() -> None:
    text = "\n".join("".join(part for part, _ in line) for line in help.keys_in_columns(160))
    for key in KEYS:
        if key.section:
            assert " ".join(map(sign, key.keys)) in text
            assert key.does in text


def test_every_deed_of_the_flows_can_be_done() -> None:
    for key in KEYS:
        if key.place in (*ROWS, Place.ALL, Place.PICK, Place.REFUSED):
            assert key.deed in deeds.DEEDS, key.deed


def test_every_deed_of_typing_can_be_done() -> None:
    for key in KEYS:
        if key.place is Place.PROMPT:
            known = {"prompt-take", "prompt-drop", "prompt-complete", "prompt-before", "prompt-after"}
            assert key.deed in known or key.deed in deeds.DEEDS
    assert prompter.Prompter({}).do("prompt-take") is False


@pytest.mark.parametrize("place", list(OVERLAYS))
async def test_every_deed_of_an_overlay_can_be_done(place: Place) -> None:
    async with playing() as screen:
        for key in KEYS:
            if key.place is place:
                box = OVERLAYS[place]()
                screen.app.push_screen(box)
                await screen.pilot.pause()
                assert box.do(key.deed) or key.deed in deeds.DEEDS, key.deed
                if box.is_current:
                    box.dismiss()


def test_letters_are_text_where_text_is_typed() -> None:
    for place in TYPING:
        assert deed_of(place, "q", "q") == ""
        assert deed_of(place, "question_mark", "?") == ""
        assert deed_of(place, "ctrl+c", None) == "stop"


def test_keys_are_found_by_what_is_printed_on_them() -> None:
    assert deed_of(Place.FLOWS, "slash", "/") == "filter"
    assert deed_of(Place.FLOWS, "G", "G") == "last"
    assert deed_of(Place.FLOWS, "space", " ") == "page-down"
    assert deed_of(Place.FLOWS, "ctrl+f", "\x06") == "page-down"
    assert deed_of(Place.FLOWS, "enter", "\r") == "details"


def test_hints_are_in_order_of_use() -> None:
    words = [key.hint for key in hints(Place.FLOWS)]
    assert words[:3] == ["filter", "sort", "details"]
    assert words[-2:] == ["quit", "back"]


def test_every_view_has_a_key_of_its_own() -> None:
    found = {deed_of(place, key, key) for key in "123456789r" for place in (Place.FLOWS, Place.GROUPS, Place.TREE)}
    assert found == {f"view-{name}" for name in SIGHTS}


def test_places_of_rows_have_the_keys_of_the_flows_where_they_have_no_own() -> None:
    assert deed_of(Place.GROUPS, "enter", "\r") == "open"
    assert deed_of(Place.TREE, "enter", "\r") == "open"
    assert deed_of(Place.FLOWS, "enter", "\r") == "details"
    assert deed_of(Place.TREE, "left", None) == "fold"
    assert deed_of(Place.GROUPS, "left", None) == "shift-left"
    assert deed_of(Place.TREE, "j", "j") == "down"


@pytest.mark.parametrize("place", [Place.GROUPS, Place.TREE])
def test_what_only_one_flow_has_is_not_offered_where_rows_are_of_several(place: Place) -> None:
    words = [key.hint for key in hints(place)]
    assert "open" in words
    assert {"details", "why"}.isdisjoint(words)
    assert len(words) == len(set(words))


def test_in_the_past_the_way_back_to_now_is_offered_first_and_elsewhere_not_at_all() -> None:
    assert [key.deed for key in hints(Place.FLOWS, past=True)][:3] == ["live", "step-back", "step-on"]
    assert not {"live", "step-on"} & {key.deed for key in hints(Place.FLOWS)}
    assert [key.deed for key in hints(Place.MENU, past=True)] == [key.deed for key in hints(Place.MENU)]


def test_where_no_past_is_kept_no_step_back_is_offered() -> None:
    assert "step-back" in {key.deed for key in hints(Place.FLOWS)}
    assert "step-back" not in {key.deed for key in hints(Place.FLOWS, kept=False)}
