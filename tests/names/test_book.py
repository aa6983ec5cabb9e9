from __future__ import annotations

from ratop_py.names import book as module
from ratop_py.names.book import GRACE, Book, Known

S = 1_000_000_000


def called(book: Book, address: int, began: int) -> list[str]:
    return [each.name for each in book.names(address, began)]


def test_a_name_is_new_once_and_holds_from_its_last_hearing() -> None:
    book = Book()
    assert book.learn(1, "a", "dns", 10 * S, 60)
    assert not book.learn(1, "a", "dns", 50 * S, 30)
    assert book.names(1, 50 * S) == (Known("a", "dns", 10 * S, 50 * S, 30 * S),)


def test_the_same_name_by_another_way_is_another_one() -> None:
    book = Book()
    assert book.learn(1, "a", "mdns", 0, 60)
    assert book.learn(1, "a", "dns", 0, 60)
    assert [each.how for each in book.names(1, 0)] == ["dns", "mdns"]


def test_the_surest_comes_first() -> None:
    book = Book()
    for how in ("llmnr", "ptr", "dns", "mdns", "dns-other"):
        book.learn(1, how, how, 0, 60)
    assert called(book, 1, 0) == ["dns", "dns-other", "ptr", "mdns", "llmnr"]


def test_what_was_heard_last_before_it_began_comes_first_and_what_was_heard_later_behind() -> None:
    book = Book()
    for name, at in (("old", 10), ("near", 90), ("late", 120), ("later", 200)):
        book.learn(1, name, "dns", at * S, 600)
    assert called(book, 1, 100 * S) == ["near", "old", "late", "later"]


def test_a_name_holds_for_its_time_and_a_while() -> None:
    book = Book()
    book.learn(1, "a", "dns", 0, 60)
    assert called(book, 1, 60 * S + GRACE) == ["a"]
    assert called(book, 1, 60 * S + GRACE + 1) == []


def test_the_address_not_heard_of_for_the_longest_time_makes_room_and_is_counted() -> None:
    book = Book(2)
    for address in (1, 2, 1, 3):
        book.learn(address, "a", "dns", 0, 60)
    assert [called(book, address, 0) for address in (1, 2, 3)] == [["a"], [], ["a"]]
    assert (len(book), book.evicted) == (2, 1)


def test_an_address_has_a_bounded_number_of_names_and_the_newest_stay() -> None:
    book = Book()
    for number in range(module.EACH + 3):
        book.learn(1, str(number), "dns", number * S, 60)
    assert called(book, 1, 100 * S) == [str(number) for number in range(module.EACH + 2, 2, -1)]
    assert book.evicted == 3


def test_nothing_is_known_of_an_address_that_nobody_spoke_of() -> None:
    book = Book()
    book.learn(1, "a", "dns", 0, 60)
    assert book.names(7, 0) == ()
    assert (1 in book, 7 in book) == (True, False)
