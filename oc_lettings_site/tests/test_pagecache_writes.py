"""Every way to change what public pages show empties the page cache, once it is committed."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import update_last_login
from django.core.management import call_command
from django.db import connection, transaction
from django.test import SimpleTestCase, TransactionTestCase

from core.pagecache import empty, generation, keep_pages, writes
from core.pagecache.invalidation import FileToken
from lettings.models import Address, Letting
from oc_lettings_site.sql_wrappers import wrap

User = get_user_model()


class Rollback(Exception):
    """Raised to undo a transaction."""


class WritesTests(TransactionTestCase):
    def setUp(self):
        self.user = User.objects.create_superuser("ada", password="Abc1234!")
        self.address = self.new_address()
        self.letting = Letting.objects.create(title="Hut", address=self.address)
        self.token = generation()

    def new_address(self):
        return Address.objects.create(
            number=4, street="Military Street", city="Willoughby", state="OH", zip_code="44094"
        )

    def assert_emptied(self):
        token, self.token = self.token, generation()
        self.assertNotEqual(self.token, token)

    def assert_kept(self):
        self.assertEqual(generation(), self.token)

    def test_save_and_delete_of_every_model_shown(self):
        profile = self.user.profile
        for instance in (self.address, self.letting, profile, self.user):
            instance.save()
            self.assert_emptied()
        for instance in (profile, self.letting, self.address, self.user):
            instance.delete()
            self.assert_emptied()

    def test_writes_in_bulk(self):
        Letting.objects.update(title="House")
        self.assert_emptied()
        Letting.objects.bulk_update([self.letting], ["title"])
        self.assert_emptied()
        address = self.new_address()
        self.assert_emptied()
        Letting.objects.bulk_create([Letting(title="Barn", address=address)])
        self.assert_emptied()
        Letting.objects.filter(title="Barn").delete()
        self.assert_emptied()
        Letting.objects.update_or_create(pk=self.letting.pk, defaults={"title": "Loft"})
        self.assert_emptied()

    def test_raw_cursors(self):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE lettings_letting SET title = 'x'")
            self.assert_emptied()
            cursor.execute('update "lettings_letting" set title = %s', ["y"])
            self.assert_emptied()
            cursor.executemany("UPDATE lettings_letting SET title = %s", [["a"], ["b"]])
            self.assert_emptied()
            cursor.execute("DELETE FROM lettings_letting")
            self.assert_emptied()

    def test_the_admin(self):
        self.client.force_login(self.user)
        self.token = generation()
        self.client.get("/admin/auth/user/")
        self.assert_kept()
        fields = {
            "username": "grace",
            "date_joined_0": "2026-01-01",
            "date_joined_1": "10:00",
        }
        self.client.post(f"/admin/auth/user/{self.user.pk}/change/", fields)
        self.assertEqual(User.objects.get().username, "grace")
        self.assert_emptied()

    def test_what_meets_no_row_keeps_it(self):
        nobody = Letting.objects.filter(title="Nobody's")
        nobody.update(title="x")
        nobody.delete()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM lettings_letting WHERE title = %s", ["Nobody's"])
        self.assert_kept()
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO lettings_letting SELECT * FROM lettings_letting LIMIT 0")
        self.assert_emptied()  # how many an INSERT made is not always known when it has run

    def test_what_is_said_to_be_unseen(self):
        with transaction.atomic():
            with keep_pages():
                self.letting.save()
            transaction.on_commit(self.letting.save)
        self.assert_emptied()  # by what came after the commit
        with transaction.atomic(), keep_pages():
            self.letting.save()
        self.assert_kept()
        with self.assertRaises(Rollback), transaction.atomic(), keep_pages():
            raise Rollback
        self.letting.save()
        self.assert_emptied()

    def test_nothing_is_unseen_outside_of_a_transaction(self):
        """What is to run after the commit would run at once, and unseen."""
        with self.assertRaises(transaction.TransactionManagementError), keep_pages():
            self.fail("It is entered.")

    def test_flush(self):
        call_command("flush", verbosity=0, interactive=False)
        self.assert_emptied()

    def test_reading_and_signing_in_keep_it(self):
        list(Letting.objects.select_related("address"))
        with transaction.atomic():
            list(Letting.objects.select_for_update())
        update_last_login(None, self.user)
        self.client.post("/accounts/login/", {"login": "ada", "password": "Abc1234!"})
        self.user.set_password("Another1234!")
        self.user.save(update_fields=["password"])
        self.client.force_login(self.user)
        self.assert_kept()

    def test_nothing_is_said_before_the_commit(self):
        with transaction.atomic():
            self.letting.save()
            with transaction.atomic():
                self.letting.save()
            self.assert_kept()
        self.assert_emptied()

    def test_what_is_rolled_back_keeps_it(self):
        with self.assertRaises(Rollback), transaction.atomic():
            self.letting.save()
            raise Rollback
        self.assert_kept()

    def test_a_savepoint_rolled_back_before_another_write(self):
        with transaction.atomic():
            with self.assertRaises(Rollback), transaction.atomic():
                self.letting.save()
                raise Rollback
            self.letting.save()
        self.assert_emptied()
        with transaction.atomic():
            with self.assertRaises(Rollback), transaction.atomic():
                self.letting.save()
                raise Rollback
        self.assert_kept()

    def test_many_writes_of_one_transaction_empty_it_once(self):
        with mock.patch.object(writes, "empty") as emptied:
            with transaction.atomic():
                for _ in range(10):
                    self.letting.save()
            self.assertEqual(emptied.call_count, 1)
            with transaction.atomic():
                self.letting.save()
            self.assertEqual(emptied.call_count, 2)

    def test_a_write_that_fails_half_way_through_counts(self):
        rows = [["ok"], [object()]]
        with connection.cursor() as cursor, self.assertRaises(Exception):
            cursor.executemany("UPDATE lettings_letting SET title = %s", rows)
        self.assert_emptied()

    def test_a_wrapper_of_someone_else_around_the_first_query_takes_only_itself_away(self):
        def wrapper(execute, *args):
            return execute(*args)

        connection.execute_wrappers.remove(writes.see_writes)
        with connection.execute_wrapper(wrapper):
            wrap(connection)
            wrap(connection)
        self.assertEqual(connection.execute_wrappers.count(writes.see_writes), 1)
        self.assertNotIn(wrapper, connection.execute_wrappers)

    def test_by_hand(self):
        empty()
        self.assert_emptied()


class OtherProcessTests(TransactionTestCase):
    """A database in a file, written to by a process of its own."""

    def run_in_another(self, folder, code, **environment):
        variables = {
            **os.environ,
            "ENVIRONMENT": "development",
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            **environment,
        }
        return subprocess.run(
            [sys.executable, "manage.py", "shell", "-c", code],
            cwd=settings.BASE_DIR,
            env=variables,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def test_a_shell_changes_the_file_that_the_server_has_mapped(self):
        with TemporaryDirectory() as folder:
            token = FileToken(Path(folder, "db.sqlite3-generation"))
            before = token.read()
            code = (
                "from django.db import connection; c = connection.cursor();"
                "c.execute('CREATE TABLE lettings_letting (title text)')"
            )
            self.run_in_another(folder, code)
            self.assertNotEqual(token.read(), before)


class StatementTests(SimpleTestCase):
    def test_writes(self):
        for sql in (
            'INSERT INTO "lettings_letting" ("title") VALUES (%s)',
            "INSERT OR REPLACE INTO lettings_letting VALUES (1)",
            "REPLACE INTO lettings_letting VALUES (1)",
            "  update public.lettings_letting set title = 1",
            "/* a comment */ DELETE FROM lettings_photo",
            "TRUNCATE lettings_letting, lettings_address",
            'ALTER TABLE "profiles_profile" ADD COLUMN "x" integer',
            "COPY lettings_letting FROM STDIN",
            "WITH old AS (SELECT 1) DELETE FROM lettings_letting",
            "WITH gone AS (DELETE FROM lettings_letting RETURNING *) SELECT * FROM gone",
            "MERGE INTO lettings_letting USING x ON true WHEN MATCHED THEN DELETE",
            "SELECT 1; DELETE FROM lettings_letting",
            "UPDATE x SET a = 1; TRUNCATE lettings_letting",
            "UPDATE OR IGNORE lettings_letting SET title = 1",
            "UPDATE ONLY lettings_letting SET title = 1",
            "UPDATE ONLY (lettings_letting) SET title = 1",
            "DELETE FROM ONLY lettings_letting",
            "delete from lettings_letting using x where true",
            "INSERT INTO x WITH y AS (DELETE FROM lettings_letting RETURNING *) SELECT * FROM y",
            "LOCK TABLE lettings_letting",
            'UPDATE "auth_user" SET "last_login" = %s, "username" = %s WHERE "id" = %s',
            'UPDATE "auth_user" SET "username" = %s, "last_login" = %s WHERE "id" = %s',
            'UPDATE "auth_user" SET "username" = %s',
            'UPDATE "lettings_letting" SET "password" = %s',
        ):
            with self.subTest(sql):
                self.assertTrue(writes.changes_public_data(sql))

    def test_others(self):
        for sql in (
            "SELECT * FROM lettings_letting",
            " select * from lettings_letting;",
            "EXPLAIN UPDATE lettings_letting SET title = 1",
            "WITH x AS (SELECT * FROM lettings_letting) SELECT * FROM x",
            'SAVEPOINT "s1"',
            "INSERT INTO django_session VALUES (1)",
            "INSERT INTO django_admin_log (object_repr) VALUES (%s)",
            "INSERT INTO auth_user_groups VALUES (1)",
            "UPDATE other_lettings_letting_x SET a = 1",
            'UPDATE "auth_user" SET "last_login" = %s WHERE "auth_user"."id" = %s',
            'UPDATE "auth_user" SET "last_login" = %s, "password" = %s WHERE "id" = %s',
            'UPDATE "auth_user" SET "password" = %s',
            "PRAGMA foreign_key_check(lettings_letting)",
            'DELETE FROM "lettings_saved" WHERE id IN (SELECT id FROM "lettings_letting")',
            "UPDATE x SET a = 1 FROM lettings_letting WHERE lettings_letting.id = x.id;",
            "INSERT INTO public.x SELECT id FROM lettings_letting",
        ):
            with self.subTest(sql):
                self.assertFalse(writes.changes_public_data(sql))

    def test_statements_that_are_not_text(self):
        from psycopg import sql

        self.assertEqual(writes._text(b"DELETE FROM x"), "DELETE FROM x")
        composed = sql.SQL("DELETE FROM {}").format(sql.Identifier("lettings_letting"))
        self.assertTrue(writes.changes_public_data(writes._text(composed)))
