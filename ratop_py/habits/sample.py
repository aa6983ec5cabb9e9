"""The configuration file as it would be by default, every setting explained; and the same as a table for the docs.

Promise: the sample is right TOML and means the defaults; what is empty by default is shown as a comment.
Does not know: files.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator

from ratop_py.habits.preferences import Setting, defaults, settings

HEAD = """\
ratop's configuration. Everything is optional; what is here is what holds without it.
`ratop config` tells what is in force and why, `ratop config --check` what is wrong."""
WIDTH = 100


def toml(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {toml(each)}" for name, each in value.items()) + " }" if value else "{}"
    return f"{value:g}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def sample() -> Iterator[str]:
    """The file, line by line."""
    for line in HEAD.splitlines():
        yield f"# {line}"
    values = defaults()
    for name, setting in settings().items():
        yield ""
        for line in textwrap.wrap(f"{setting.doc} {_shape(setting)}", WIDTH):
            yield f"# {line}"
        if isinstance(values[name], dict):
            yield f"[{name}]"
            yield f"# {setting.sample}"
        else:
            yield f"{name} = {toml(values[name])}"
            if setting.sample and setting.sample != toml(values[name]):
                yield f"# {name} = {setting.sample}"


def _shape(setting: Setting) -> str:
    says = setting.shape.says
    return f"{says[:1].upper()}{says[1:]}."


def markdown() -> Iterator[str]:
    """The table of all settings."""
    yield "| setting | is | default | means |"
    yield "|---|---|---|---|"
    values = defaults()
    for name, setting in settings().items():
        default = toml(values[name]) if values[name] not in ((), {}) else ""
        shown = f"`{default}`" if default else "none"
        example = f" Example: `{setting.sample}`" if setting.sample and setting.sample != default else ""
        yield f"| `{name}` | {setting.shape.says} | {shown} | {setting.doc}{example} |"
