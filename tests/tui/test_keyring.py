"""Keys as a person wants them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui import footer, keymap, palette
from ratop_py.tui.help import keys_in_columns
from ratop_py.tui.keymap import KEYS, Key, Place, _table, deed_of, hints, spoken, wear
from ratop_py.tui.keyring import key_named, overridden
from tests.helpers.piloted import playing


@pytest.fixture
def usual() -> Iterator[None]:
    yield
    wear()


def keys_of(keys: tuple[Key, ...], deed: str, place: Place = Place.FLOWS) -> tuple[str, ...]:
    return next(key.keys for key in keys if key.deed == deed and key.place is place)


def test_a_deed_gets_the_keys_that_are_wanted_instead_of_its_own() -> None:
    keys, told = overridden(KEYS, {"pause": ("f5", "P")})
    assert keys_of(keys, "pause") == ("f5", "P")
    assert told == ()


def test_what_is_not_mentioned_stays() -> None:
    keys, _ = overridden(KEYS, {"pause": ("f5",)})
    assert [key for key in keys if key.deed != "pause"] == [key for key in KEYS if key.deed != "pause"]


def test_a_deed_may_have_no_key() -> None:
    keys, told = overridden(KEYS, {"pause": ()})
    assert keys_of(keys, "pause") == ()
    assert told == ()


def test_two_deeds_may_change_places() -> None:
    keys, told = overridden(KEYS, {"down": ("k",), "up": ("j",)})
    assert (keys_of(keys, "down"), keys_of(keys, "up"), told) == (("k",), ("j",), ())


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        ({"pause": ("j",)}, "“j” cannot be “pause”: it is “down” (next flow); give that another key first"),
        ({"pause": ("q",)}, "“q” cannot be “pause”: it is “quit” (quit); give that another key first"),
        ({"quit": ("j",)}, "“j” cannot be “quit”: it is “down” (next flow); give that another key first"),
        ({"puase": ("j",)}, "there is no deed “puase” to give keys to; did you mean “pause”?"),
        ({"stop": ()}, "the keys of “stop” cannot be changed: something has to end ratop"),
        ({"pause": ("hyper+x",)}, "“hyper+x” is no key for “pause”: write j, ctrl+f, shift+tab, f5 or space"),
        ({"halp": {"close": ("x",)}}, "there is no place “halp” for keys; did you mean “help”?"),
        ({"prompt": {"prompt-take": ("x",)}}, "“x” is text where one types: it cannot be “prompt-take”"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(wishes: dict[str, tuple[str, ...]], sentence: str) -> None:
    assert overridden(KEYS, wishes) == (KEYS, (sentence,))


def test_one_wish_too_many_leaves_the_others() -> None:
    keys, told = overridden(KEYS, {"pause": ("f5",), "filter": ("f5",)})
    assert len(told) == 1
    assert ("f5",) in {keys_of(keys, "pause"), keys_of(keys, "filter")}
    _table(keys)


def test_a_table_named_like_a_place_changes_keys_there_alone() -> None:
    keys, told = overridden(KEYS, {"help": {"close": ("x",)}})
    assert told == ()
    assert keys_of(keys, "close", Place.HELP) == ("x",)
    assert keys_of(keys, "close", Place.FIELDS) == ("escape",)


@pytest.mark.parametrize(
    ("word", "key"),
    [
        *(("j", "j"), ("?", "?"), ("F5", "f5"), ("Ctrl+F", "ctrl+f"), ("^f", "ctrl+f"), ("C-f", "ctrl+f")),
        *(("^", "^"), ("esc", "escape"), ("PgDn", "pagedown"), ("shift+pgup", "shift+pageup"), ("ctrl+i", "tab")),
        *(("", ""), (" ", ""), ("f25", ""), ("ctrl+", ""), ("meta+x", ""), ("\x1b", ""), ("jj", "")),
    ],
)
def test_keys_are_named_as_people_name_them(word: str, key: str) -> None:
    assert key_named(word) == key


@given(
    st.dictionaries(
        st.sampled_from([key.deed for key in KEYS] + ["nothing"]),
        st.lists(st.sampled_from("jkq/?:") | st.sampled_from(["f5", "escape", "enter", "ctrl+c"]), max_size=3).map(
            tuple
        ),
        max_size=6,
    )
)
def test_whatever_is_wanted_no_key_does_two_things_and_ctrl_c_quits(wishes: dict[str, tuple[str, ...]]) -> None:
    keys, _ = overridden(KEYS, wishes)
    table = _table(keys)
    assert table[Place.ALL, "ctrl+c"].deed == "stop"
    general = {name for place, name in table if place is Place.ALL}
    assert not general & {name for place, name in table if place in (Place.FLOWS, Place.PICK, Place.REFUSED)}


def test_keys_that_are_worn_are_those_of_dispatch_footer_help_and_palette(usual: None) -> None:
    wear(overridden(KEYS, {"filter": ("F7",), "pause": ()})[0])
    assert deed_of(Place.FLOWS, "f7", None) == "filter"
    assert deed_of(Place.FLOWS, "slash", "/") == ""
    assert next(key for key in hints(Place.FLOWS) if key.deed == "filter").keys == ("f7",)
    assert "pause" not in [key.deed for key in hints(Place.FLOWS)]
    assert ("f7", "key") in footer.offered(Place.FLOWS, 200)
    said = [text.strip() for line in keys_in_columns(200) for text, _ in line]
    assert "f7" in said
    assert "pause, go on" not in said
    assert next(key for key in palette.wanted("filter: hide")).keys == ("f7",)


async def test_the_screen_does_what_the_other_key_says(usual: None) -> None:
    wear(overridden(KEYS, {"filter": ("f7",)})[0])
    async with playing() as screen:
        await screen.pilot.press("f7")
        assert screen.app.place is Place.PROMPT


def test_taking_it_off_brings_the_usual_back(usual: None) -> None:
    wear(overridden(KEYS, {"filter": ("f7",)})[0])
    wear()
    assert keymap.worn() == KEYS
    assert deed_of(Place.FLOWS, "slash", "/") == "filter"


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        (Place.HELP, "{close} closes   {scroll-down} {scroll-up} scroll", "Esc closes   j k scroll"),
        (Place.FIELDS, "{tick} on/off   {later} {earlier} move", "space on/off   J K move"),
        (Place.EXPORT, "{take} write  {next-format} format  {next-rows} rows", "⏎ write  Tab format  ^R rows"),
        (None, "{undo} undo", "u undo"),
    ],
)
def test_sentences_name_the_keys_of_the_table(place: Place | None, text: str, said: str) -> None:
    assert spoken(text, place) == said


def test_sentences_name_the_keys_that_are_worn(usual: None) -> None:
    wear(overridden(KEYS, {"undo": ("f7",), "help": {"close": ("x",)}, "pause": ()})[0])
    assert spoken("{undo} undo, {pause} pause") == "f7 undo, – pause"
    assert spoken("{close} closes", Place.HELP) == "x closes"
    assert spoken("{close} closes", Place.FIELDS) == "Esc closes"


async def test_no_box_says_a_key_that_is_none(usual: None) -> None:
    wear(overridden(KEYS, {"close": ("f9",)})[0])
    async with playing() as screen:
        for opened in ("?", "i", "f", "e"):
            await screen.type(opened)
            await screen.settle(0.05)
            assert "Esc close" not in screen.text()
            assert "f9" in screen.text()
            await screen.press("f9")
