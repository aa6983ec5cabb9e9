"""The rules of ARCHITECTURE.md that a machine can check. A red test here asks about the design, not about the code.

Reads source with `ast`; only the last tests import anything, in processes of their own.
To change a rule, change its table here and say why in ARCHITECTURE.md.
"""

from __future__ import annotations

import ast
import graphlib
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "ratop_py"
TESTS = Path(__file__).resolve().parent

LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"errors", "config", "safetext", "report", "habits", "net", "names", "privilege"}),
    frozenset({"capture"}),
    frozenset({"flow"}),
    frozenset({"events"}),
    frozenset({"correlate"}),
    frozenset({"assess"}),
    frozenset({"kinds", "fields", "filter", "view"}),
    frozenset({"export"}),
    frozenset({"engine"}),
    frozenset({"commands"}),
    frozenset({"cli", "__main__"}),
)
"""Lowest first. A room may import from its own row and from rows above it in this table, never from one below."""

WITHOUT_CODE = frozenset({"flow.layout", "flow.cyshim"})
"""Names of columns, and a stand-in for Cython: also the rooms below `flow` may know them."""

SCREEN_LOADS = frozenset({"tui", "errors", "config", "report", "kinds", "fields", "filter", "view", "safetext"})
"""What the screen may import when it runs; of other rooms only types…"""
SCREEN_NEVER = frozenset({"capture", "flow", "events", "engine", "commands", "cli"})
"""…and of these not even types: the screen must be able to live in another, unprivileged process."""

CLOCK_LEAVES = (
    "engine/",
    "capture/ring.py",
    "capture/libpcap.py",
    "events/poller.py",
    "events/kernel.py",
    "events/relay.py",
    "events/connector.py",
    "events/diag.py",
    "events/tracefs/source.py",
    "tui/feed.py",
)
"""The only modules that read a clock. Everywhere else `now` is an argument."""
CLOCKS = frozenset(
    {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "now", "utcnow", "today"}
)
CLOCK_OWNERS = frozenset({"time", "datetime", "datetime.datetime", "date", "datetime.date"})

COMPILED = frozenset({"flow/engine.py", "export/lines.py", "net/sha1.py"})
"""Long functions, long modules and mutable state are allowed here and nowhere else."""

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
HEAVY = ("textual", "rich", "numpy", "scapy", "lxml", "psutil", "duckdb", "cryptography")
"""What the door never loads."""
HOME = {"textual": "tui", "rich": "tui"}
"""Libraries that one room alone may import."""

MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)


def short(path: Path) -> str:
    """Path below the package."""
    return path.relative_to(PACKAGE).as_posix()


def room(path: Path) -> str:
    """First part of a module's name below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def tree(path: Path) -> ast.Module:
    """The parsed source."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path, *, types: bool = True, deferred: bool = True) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of each import; on demand without those under TYPE_CHECKING or inside functions."""
    waiting: list[ast.AST] = [tree(path)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{short(path)}:{node.lineno}: a relative import; write the whole name"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) and not types:
            waiting.extend(node.orelse)
        elif deferred or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def ours(path: Path, *, types: bool = True, deferred: bool = True) -> Iterator[tuple[int, str]]:
    """(line, name below the package) of each import of our own code."""
    for line, name in imports(path, types=types, deferred=deferred):
        if name.startswith("ratop_py."):
            yield line, name.removeprefix("ratop_py.")


def height(name: str) -> int:
    """Number of the row a room stands in."""
    for row, rooms in enumerate(LAYERS):
        if name in rooms:
            return row
    raise AssertionError(f"`{name}` stands in no row of LAYERS: give it one")


def each(*, but: frozenset[str] = frozenset()) -> pytest.MarkDecorator:
    """Run a test once a module."""
    return pytest.mark.parametrize("path", [path for path in MODULES if short(path) not in but], ids=short)


SCREEN = pytest.mark.parametrize("path", [path for path in MODULES if room(path) == "tui"], ids=short)


@each()
def test_imports_point_downwards(path: Path) -> None:
    here = room(path)
    if here in {"tui", "__init__"}:
        return
    for line, name in ours(path):
        there = name.split(".")[0]
        if there == "tui":
            assert here == "commands", f"{short(path)}:{line}: only a command opens the screen"
        elif there != "__version__" and not any(name.startswith(known) for known in WITHOUT_CODE):
            assert height(there) <= height(here), f"{short(path)}:{line}: {here} imports {there}, which is above it"


@SCREEN
def test_the_screen_knows_views_and_nothing_behind_them(path: Path) -> None:
    for line, name in ours(path):
        there = name.split(".")[0]
        assert there not in SCREEN_NEVER, f"{short(path)}:{line}: the screen may not know `{there}`, not even its types"


@SCREEN
def test_the_screen_loads_only_what_it_may(path: Path) -> None:
    for line, name in ours(path, types=False):
        there = name.split(".")[0]
        assert there in SCREEN_LOADS | {"__version__"}, f"{short(path)}:{line}: `{there}` only under TYPE_CHECKING"


@each()
def test_libraries_stay_in_their_room(path: Path) -> None:
    for line, name in imports(path):
        home = HOME.get(name.split(".")[0])
        assert home in {None, room(path)}, f"{short(path)}:{line}: {name} belongs to {home}"


def test_no_modules_import_each_other_in_a_circle() -> None:
    names = {("ratop_py." + short(path)[:-3].replace("/", ".")).removesuffix(".__init__"): path for path in MODULES}
    graph: dict[str, set[str]] = {}
    for name, path in names.items():
        found = {there for _, there in imports(path, types=False, deferred=False)}
        graph[name] = {full if full in names else full.rpartition(".")[0] for full in found} & names.keys() - {name}
    graphlib.TopologicalSorter(graph).prepare()  # CycleError names the circle


@each()
def test_every_module_says_what_it_promises(path: Path) -> None:
    module = tree(path)
    assert not module.body or ast.get_docstring(module), f"{short(path)} has no docstring"


@each()
def test_only_leaves_read_the_clock(path: Path) -> None:
    if short(path).startswith(CLOCK_LEAVES):
        return
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            owner = ast.unparse(node.func.value)
            assert owner not in CLOCK_OWNERS, f"{short(path)}:{node.lineno}: take `now` as an argument"


@each(but=COMPILED)
def test_dataclasses_are_frozen_and_slotted(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.ClassDef):
            continue
        for text in map(ast.unparse, node.decorator_list):
            if text.split("(")[0] in {"dataclass", "dataclasses.dataclass"}:
                missing = {"frozen=True", "slots=True"} - set(text.rstrip(")").replace("(", ", ").split(", "))
                assert not missing, f"{short(path)}:{node.lineno}: {node.name} lacks {sorted(missing)}"


@each(but=COMPILED)
def test_modules_are_short_enough_to_read(path: Path) -> None:
    count = len(path.read_text(encoding="utf-8").splitlines())
    assert count <= LONGEST_MODULE, f"{short(path)} has {count} lines. Which noun can move out?"


@each(but=COMPILED)
def test_functions_are_short_enough_to_read(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{short(path)}:{node.lineno}: {node.name} has {length} lines"


@each()
def test_every_module_has_a_twin(path: Path) -> None:
    if path.name in {"__init__.py", "__main__.py"}:
        return
    twin = TESTS / path.relative_to(PACKAGE).with_name(f"test_{path.name}")
    assert twin.exists(), f"{short(path)} has no {twin.relative_to(TESTS)}"


@each()
def test_names_say_what_a_module_is_about(path: Path) -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
    assert not vague & {part.removesuffix(".py") for part in path.relative_to(PACKAGE).parts}


@pytest.mark.parametrize(
    "statement",
    [
        "import ratop_py",
        "import ratop_py.cli",
        "import ratop_py.commands.print",
        "from ratop_py.cli import main; main(['--help'])",
        "from ratop_py.cli import main; main(['--version'])",
    ],
)
def test_the_door_loads_nothing_heavy(statement: str) -> None:
    assert not heavy_after(statement, HEAVY)


def heavy_after(statement: str, names: tuple[str, ...]) -> list[str]:
    """Which of these modules a fresh interpreter has loaded after a statement."""
    code = f"{statement}\nimport sys\nprint('loaded', *[name for name in {names!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    return done.stdout.splitlines()[-1].split()[1:]
