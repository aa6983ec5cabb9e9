"""Names that a person types for fields."""

from __future__ import annotations

import pytest

from ratop_py.errors import Exit, RatopError
from ratop_py.fields.naming import check

KNOWN = {"saddr": "saddr", "user": "user", "login": "user"}


def test_another_word_for_a_field_is_its_name() -> None:
    assert check("login", KNOWN) == "user"


def test_a_slip_is_an_error_with_the_nearest_field() -> None:
    with pytest.raises(RatopError, match="no field `logn`") as caught:
        check("logn", KNOWN)
    assert caught.value.exit_code is Exit.USAGE
    assert "did you mean `user`?" in caught.value.hint


def test_a_field_like_no_other_gets_no_proposal() -> None:
    with pytest.raises(RatopError) as caught:
        check("zzzzzz", KNOWN)
    assert "did you mean" not in caught.value.hint
