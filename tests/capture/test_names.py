from __future__ import annotations

from threading import Thread

from ratop_py.capture.names import MOST, Names


def test_numbers_count_from_nought_in_the_order_of_asking() -> None:
    names = Names()
    assert [names.add("eth0"), names.add(""), names.add("eth0")] == [0, 1, 2]
    assert names.all == ("eth0", "", "eth0")


def test_who_comes_too_late_shares_the_last_number() -> None:
    names = Names()
    for _ in range(MOST):
        names.add("x")
    assert names.add("late") == MOST - 1
    assert len(names.all) == MOST


def test_no_number_is_given_twice_to_threads_that_ask_at_once() -> None:
    names, given = Names(), list[int]()

    def ask() -> None:
        given.extend([names.add("x") for _ in range(2000)])

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == list(range(8000))
