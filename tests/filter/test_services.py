from __future__ import annotations

import pytest

from ratop_py.filter import services
from ratop_py.filter.services import TCP_ONLY, UDP_ONLY, USUAL, port


def test_a_number_means_any_transport() -> None:
    assert port("53") == (53, "")


def test_a_name_of_one_transport_means_that_one() -> None:
    assert port("ssh") == (22, "tcp")
    assert port("domain", "udp") == (53, "udp")


def test_a_name_of_two_transports_means_both() -> None:
    assert port("domain") == (53, "")


@pytest.mark.parametrize("text", ["70000", "", "no-such-service", "٣", "-1", "1.5", "a" * 500, "\x00"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        port(text)


def test_a_service_of_another_transport_is_refused() -> None:
    with pytest.raises(ValueError, match="expected"):
        port("ssh", "udp")


@pytest.fixture
def bare_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container without /etc/services."""

    def unknown(name: str, proto: str) -> int:
        raise OSError("service/proto not found")

    monkeypatch.setattr("socket.getservbyname", unknown)
    services.named.cache_clear()


@pytest.mark.usefixtures("bare_system")
def test_a_system_without_names_knows_the_usual_ones() -> None:
    assert {name: port(name)[0] for name in USUAL} == USUAL
    assert {name for name in USUAL if port(name)[1] == "tcp"} == TCP_ONLY
    assert {name for name in USUAL if port(name)[1] == "udp"} == UDP_ONLY
    services.named.cache_clear()
