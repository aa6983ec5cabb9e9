"""Everything a person may set once."""

from __future__ import annotations

import tomllib
from dataclasses import fields

import pytest

from ratop_py.config import DEFAULTS, VIEWS
from ratop_py.habits.preferences import Preferences, defaults, settings
from ratop_py.habits.sample import toml


def test_every_attribute_is_a_setting_with_a_sentence() -> None:
    assert list(settings()) == [each.name for each in fields(Preferences)]
    assert all(setting.doc.endswith(".") and setting.shape.says for setting in settings().values())


@pytest.mark.parametrize("name", settings())
def test_every_default_has_the_shape_of_its_setting(name: str) -> None:
    value = defaults()[name]
    assert settings()[name].shape.read(list(value) if isinstance(value, tuple) else value) == value


@pytest.mark.parametrize("name", [name for name, setting in settings().items() if setting.sample])
def test_every_example_is_right(name: str) -> None:
    setting, table = settings()[name], isinstance(defaults()[name], dict)
    said = tomllib.loads(setting.sample if table else f"x = {setting.sample}")
    assert setting.shape.read(said if table else said["x"])


def test_defaults_are_those_of_the_program() -> None:
    assert (Preferences().rate, Preferences().events, Preferences().view) == (DEFAULTS.rate, DEFAULTS.events, VIEWS[0])


def test_every_view_can_be_named() -> None:
    assert all(settings()["view"].shape.read(view) == view for view in VIEWS)
    assert settings()["columns"].shape.read({view: ["pid"] for view in VIEWS})


def test_values_are_written_as_toml_reads_them() -> None:
    value = {"a": ("x", 'y"z'), "b": True, "c": 2.5}
    assert tomllib.loads(f"v = {toml(value)}")["v"] == {"a": ["x", 'y"z'], "b": True, "c": 2.5}
