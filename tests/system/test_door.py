"""What a fresh clone gives to somebody without a compiler: it installs, it works, and it says once that it is slow.

Only what is committed is cloned. The libraries come from the environment that runs this test; nothing is downloaded.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.helpers import frames

pytestmark = [pytest.mark.slow, pytest.mark.system, pytest.mark.tool("git")]

ROOT = Path(__file__).resolve().parents[2]
START = 1_700_000_000_000_000_000


def run(*command: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A command outside of this checkout, with an environment that names no part of it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "RATOP"))}
    done = subprocess.run(
        command, cwd=cwd, env={**environment, **more}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The last commit, in a folder of its own."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    folder = tmp_path_factory.mktemp("door")
    run("git", "clone", "-q", "--depth", "1", ROOT.as_uri(), "ratop", cwd=folder)
    return folder / "ratop"


@pytest.fixture(scope="module")
def ratop(clone: Path) -> Path:
    """The command as installed from a wheel that was built where `cc` fails."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", "wheels", ".", cwd=clone, CC="false")
    (wheel,) = (clone / "wheels").glob("ratop_py-*.whl")
    there = clone.parent / "venv"
    venv.create(there, with_pip=False)
    python = there / "bin" / "python"
    libraries = sysconfig.get_paths()["purelib"]
    (path,) = there.glob("lib/python*/site-packages")
    (path / "libraries.pth").write_text(libraries + "\n")
    run(*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel), cwd=clone.parent)
    return there / "bin" / "ratop"


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty datagrams of four conversations."""
    path = tmp_path_factory.mktemp("capture") / "few.pcap"
    datagrams = (frames.ether(frames.ip4(frames.udp(b"hello", 4000 + n % 4, 53), 17)) for n in range(20))
    path.write_bytes(frames.pcap((START + n, each) for n, each in enumerate(datagrams)))
    return path


def test_without_a_compiler_it_installs_and_runs_uncompiled(ratop: Path, capture: Path) -> None:
    found = list(ratop.parents[1].rglob("ratop_py/flow/engine*"))
    assert [path.name for path in found if path.suffix in (".py", ".so")] == ["engine.py"]
    rows = run(str(ratop), "print", "-r", str(capture), "--format", "csv", cwd=capture.parent).stdout.splitlines()
    assert len(rows) == 1 + 4


def test_uncompiled_it_says_so_once_on_stderr(ratop: Path, capture: Path) -> None:
    words = run(str(ratop), "print", "-r", str(capture), cwd=capture.parent).stderr.splitlines()
    assert len(words) == 1
    assert words[0].startswith("ratop: ")
    assert "not compiled" in words[0]


def test_both_names_of_the_command_are_the_same(ratop: Path) -> None:
    both = [run(str(ratop.with_name(name)), "--version", cwd=ratop.parent).stdout for name in ("ratop", "ratop-py")]
    assert both[0] == both[1]
    assert "pure-Python engine" in both[0]


def test_the_demo_is_in_the_wheel(ratop: Path) -> None:
    assert run(str(ratop), "demo", cwd=ratop.parent).stdout.count("\n") > 10
