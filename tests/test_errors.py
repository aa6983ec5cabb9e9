from __future__ import annotations

from ratop_py.errors import Exit, RatopError


def test_a_failure_carries_what_to_do_and_its_exit_code() -> None:
    error = RatopError("no", hint="do this", exit_code=Exit.NO_SOURCE)
    assert (error.message, error.hint, error.exit_code, str(error)) == ("no", "do this", Exit.NO_SOURCE, "no")


def test_exit_codes_are_distinct_and_small() -> None:
    codes = [int(code) for code in Exit]
    assert len({*codes}) == len(codes)
    assert all(0 <= code <= 130 for code in codes)
