"""Many visitors ask at once: one has the page made, and the others wait for it."""

import threading
import time
from unittest import mock

from django.test import TestCase

from core.tests.counting_app import BODY, Counting, kept


class ManyAtOnceTests(TestCase):
    """Twenty visitors at once, and a page that takes a while."""

    def visit(self, client, count=20, paths=("/lettings/",)):
        answers = [None] * count

        def one(number):
            answers[number] = client.get(paths[number % len(paths)])

        threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        return answers

    def test_one_has_it_made_and_the_others_wait(self):
        page = Counting(before=lambda environ: time.sleep(0.2))
        _, client = kept(page)
        answers = self.visit(client)
        self.assertEqual(page.calls, 1)
        self.assertEqual({answer.data for answer in answers}, {BODY})

    def test_different_pages_are_made_side_by_side_and_not_mixed_up(self):
        gate = threading.Barrier(4, timeout=10)

        def application(environ, start_response):
            gate.wait()
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [environ["QUERY_STRING"].encode() * 300]

        _, client = kept(application)
        paths = [f"/lettings/?{letter}" for letter in "abcd"]
        answers = self.visit(client, 20, paths)
        for number, answer in enumerate(answers):
            self.assertEqual(answer.data, paths[number % 4][-1].encode() * 300)

    def test_what_can_not_be_shared_is_not_queued_for(self):
        gate = threading.Barrier(2, timeout=10)
        calls = []

        def application(environ, start_response):
            calls.append(1)
            if len(calls) > 1:
                gate.wait()  # passes only when the other waiter renders at the same time
            else:
                time.sleep(0.2)
            start_response("404 Not Found", [])
            return [b"none"]

        _, client = kept(application)
        answers = self.visit(client, 3)
        self.assertEqual([answer.status_code for answer in answers], [404] * 3)

    def test_a_page_that_hangs_leaves_the_old_one_to_the_others(self):
        page = Counting()
        cache, client = kept(page)
        client.get("/lettings/")
        cache.generation.change()
        release, started = threading.Event(), threading.Event()

        def hang(environ):
            started.set()
            release.wait(10)

        page.before, page.body = hang, b"new"
        first = threading.Thread(target=client.get, args=("/lettings/",))
        first.start()
        started.wait(10)
        with self.patience(0.05):
            self.assertEqual(client.get("/lettings/").data, BODY)
        release.set()
        first.join()
        self.assertEqual(client.get("/lettings/").data, b"new")

    def test_a_page_that_hangs_for_the_first_time_is_made_once_more(self):
        release, started = threading.Event(), threading.Event()

        def hang_once(environ):
            if not started.is_set():
                started.set()
                release.wait(10)

        page = Counting(before=hang_once)
        _, client = kept(page)
        first = threading.Thread(target=client.get, args=("/lettings/",))
        first.start()
        started.wait(10)
        with self.patience(0.05):
            self.assertEqual(client.get("/lettings/").data, BODY)
        release.set()
        first.join()

    def patience(self, seconds):
        return mock.patch("core.pagecache.wsgi.PATIENCE", seconds)
