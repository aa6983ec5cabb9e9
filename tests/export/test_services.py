"""Names of ports."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.export import services


def test_the_first_name_of_a_port_is_kept() -> None:
    lines = ["# comment", "http\t80/tcp www  # web", "www 80/tcp", "domain 53/UDP", "", "broken", "x y/z"]
    assert services.parse(lines) == {("tcp", 80): "http", ("udp", 53): "domain"}


@given(st.lists(st.text(max_size=40)))
def test_no_line_breaks_the_parser(lines: list[str]) -> None:
    for (_, port), name in services.parse(lines).items():
        assert port >= 0
        assert name.isprintable()


def test_a_system_without_the_file_has_no_names(tmp_path: Path) -> None:
    assert services.read(tmp_path / "services") == {}


def test_the_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "services").write_text("ssh 22/tcp\n")
    assert services.read(tmp_path / "services") == {("tcp", 22): "ssh"}
