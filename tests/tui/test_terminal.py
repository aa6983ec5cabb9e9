"""What the terminal is."""

import os
import sys
import threading

import pytest

from ratop_py.tui import terminal


@pytest.mark.parametrize(
    ("environ", "theme"),
    [
        ({"NO_COLOR": "1", "TERM": "xterm-256color"}, "none"),
        ({"TERM": "linux"}, "ansi"),
        ({"TERM": "xterm"}, "ansi"),
        ({"TERM": "screen", "COLORFGBG": "0;15"}, "ansi"),
        ({"TERM": "screen-256color", "COLORFGBG": "0;15"}, "light"),
        ({"TERM": "screen-256color", "COLORFGBG": "15;0"}, "dark"),
        ({"TERM": "screen-256color"}, "dark"),
    ],
)
def test_the_theme_follows_the_terminal(environ: dict[str, str], theme: str) -> None:
    assert terminal.theme("auto", environ) == theme


def test_a_theme_that_was_asked_for_is_taken() -> None:
    assert terminal.theme("light", {"NO_COLOR": "1"}) == "light"


def test_the_background_is_asked_where_the_terminal_may_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "background", lambda: "light")
    assert terminal.theme("auto", {"TERM": "xterm-256color", "COLORFGBG": "15;0"}) == "light"


@pytest.mark.parametrize(
    ("reply", "theme"),
    [(b"\x1b]11;rgb:0f0f/1414/1919\x1b\\", "dark"), (b"\x1b]11;rgb:ffff/ffff/ffff\x07", "light"),
     (b"\x1b]11;rgba:fb/fb/f8/ff\x07", "light"), (b"\x1b[?62;c", ""), (b"", ""), (b"\x1b]11;rgb:zz/zz/zz\x07", "")],
)  # fmt: skip
def test_the_answer_about_the_background_is_read(reply: bytes, theme: str) -> None:
    assert terminal.by_reply(reply) == theme


def test_a_strange_variable_says_nothing() -> None:
    assert terminal.by_variable("default") == ""
    assert terminal.by_variable("") == ""
    assert terminal.by_variable("12;7") == "light"


def test_stray_writing_is_kept_off_the_screen_and_told_afterwards(capfd: pytest.CaptureFixture[str]) -> None:
    with terminal.quiet():
        os.write(2, b"a library complains \x1b[31m\n")
        sys.__stderr__.write("<the screen>")  # type: ignore[union-attr]
        sys.__stderr__.flush()  # type: ignore[union-attr]
    told = capfd.readouterr().err
    assert told.startswith("<the screen>")
    assert "a library complains ·[31m" in told
    assert "\x1b" not in told


def test_what_nobody_could_raise_is_kept_too(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ValueError("in a thread")

    with terminal.quiet():
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    assert "ValueError: in a thread" in capfd.readouterr().err


def test_hooks_and_stderr_are_as_before() -> None:
    before = sys.__stderr__, sys.unraisablehook, threading.excepthook
    with pytest.raises(ZeroDivisionError), terminal.quiet():
        _ = 1 // 0
    assert (sys.__stderr__, sys.unraisablehook, threading.excepthook) == before


def test_only_the_end_of_much_writing_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    with terminal.quiet():
        for number in range(5000):
            os.write(2, b"line %d\n" % number)
    told = capfd.readouterr().err
    assert "line 4999" in told
    assert len(told) <= terminal.KEPT


def test_only_a_locale_that_names_another_encoding_is_ascii() -> None:
    assert terminal.narrow({"LC_ALL": "C", "LANG": "en_GB.UTF-8"})
    assert terminal.narrow({"LANG": "de_DE.ISO-8859-1"})
    assert not terminal.narrow({"LC_CTYPE": "C.UTF-8", "LANG": "C"})
    assert not terminal.narrow({})
