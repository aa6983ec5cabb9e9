from __future__ import annotations

import pytest

from ratop_py.capture import link
from ratop_py.errors import Exit, RatopError

pytestmark = pytest.mark.system


def test_loopback_is_there_and_up_and_its_number_leads_back_to_it() -> None:
    assert link.exists("lo")
    assert link.is_up("lo")
    assert link.hardware("lo") == link.LOOPBACK
    assert link.name_of(link.number_of("lo")) == "lo"


@pytest.mark.parametrize("name", ["nonsense0", "", "\udcff", "a\0b", "x" * 99])
def test_what_is_no_interface_is_neither_there_nor_up(name: str) -> None:
    assert not link.exists(name)
    assert not link.is_up(name)
    with pytest.raises(RatopError) as caught:
        link.hardware(name)
    assert caught.value.exit_code is Exit.NO_SOURCE


def test_a_number_that_no_interface_has_leads_nowhere() -> None:
    assert link.name_of(2**30) == ""


def test_tunnels_give_raw_ip_and_loopback_ethernet() -> None:
    assert link.LINKTYPES[link.LOOPBACK] == link.ETHERNET
    assert {link.LINKTYPES[number] for number in (65534, 768, 776, 778)} == {link.RAW_IP}
