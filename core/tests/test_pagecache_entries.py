"""Cached pages: their encodings, and the memory that holds them."""

from django.test import TestCase
from werkzeug.test import EnvironBuilder

from core.pagecache.entries import Memory, accepted, make_entry, matches
from core.tests.counting_app import kept


class EncodingTests(TestCase):
    def test_quality_values(self):
        for header, expected in (
            ("", ("identity",)),
            ("gzip, deflate, br, zstd", ("br", "gzip", "identity")),
            ("gzip;q=1.0, br;q=0.5", ("gzip", "br", "identity")),
            ("br;q=0, gzip", ("gzip", "identity")),
            ("GZIP", ("gzip", "identity")),
            ("x-gzip", ("gzip", "identity")),
            ("*", ("br", "gzip", "identity")),
            ("*;q=0", ()),
            ("identity;q=0, gzip", ("gzip",)),
            ("br; q=wrong", ("identity",)),
            ("deflate", ("identity",)),
        ):
            with self.subTest(header):
                self.assertEqual(accepted(header), expected)

    def test_weak_comparison_and_lists(self):
        self.assertTrue(matches('"a"', ' W/"b" ,W/"a"'))
        self.assertFalse(matches('"a"', '"a-br"'))
        self.assertFalse(matches('"a"', ""))

    def test_a_short_page_is_sent_as_it_is(self):
        entry = make_entry(b"", 0, "", [], b"short")
        self.assertEqual(entry.variant("br").body, [b"short"])
        self.assertEqual(list(entry.variants), ["identity"])


class MemoryTests(TestCase):
    def entry(self, size):
        return make_entry(b"", 0, "", [], b"x" * size)

    def test_the_least_used_makes_room(self):
        memory = Memory(3 * (400 + 2048 + 10))
        for name in "abc":
            memory.put((name,), self.entry(400))
        memory.get(("a",))
        memory.put(("d",), self.entry(400))
        self.assertIsNone(memory.get(("b",)))
        self.assertIsNotNone(memory.get(("a",)))
        self.assertEqual(len(memory), 3)

    def test_the_size_is_bounded_and_counted_right(self):
        memory = Memory(100_000)
        for number in range(1000):
            memory.put((str(number % 200),), self.entry(400 + number % 90))
            self.assertLessEqual(memory.size, 100_000)
        while memory._entries:
            memory._drop(next(iter(memory._entries)))
        self.assertEqual(memory.size, 0)

    def test_what_is_larger_than_everything_is_not_kept(self):
        memory = Memory(5000)
        memory.put(("a",), self.entry(400))
        memory.put(("a",), make_entry(b"", 0, "", [("X", "y" * 6000)], b""))
        self.assertIsNone(memory.get(("a",)))


def test_the_shared_answer_can_not_be_changed_by_an_outer_layer():
    cache, client = kept()
    client.get("/lettings/")
    seen = []
    environ = EnvironBuilder("/lettings/").get_environ()
    cache(environ, lambda status, headers: seen.append(headers))
    before = list(seen[0])
    client.get("/lettings/")
    assert seen[0] == before
