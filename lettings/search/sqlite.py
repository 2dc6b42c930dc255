"""Search on SQLite: FTS5.

https://www.sqlite.org/fts5.html

A trigger names no table of Django's but its own. SQLite can alter little in place, so a migration
often drops and renames a table, which fails while another table's trigger names it. So the index
keeps the address of each letting.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func, IntegerField, Value
from django.db.models.expressions import Combinable

from .statements import Words, run
from .words import spellings

# The words come separated by single spaces (words.py): all else belongs to them.
TOKENS = "unicode61 remove_diacritics 0 categories ''L* M* N* C*''"
TABLES = [
    "CREATE TABLE lettings_search_waiting (id INTEGER PRIMARY KEY, letting_id INTEGER NOT NULL)",
    "CREATE TABLE lettings_search_made (by TEXT NOT NULL)",
    "CREATE TABLE lettings_search_text (letting_id INTEGER PRIMARY KEY, address_id INTEGER,"
    " title TEXT, place TEXT, description TEXT, city TEXT, state TEXT)",
    "CREATE INDEX lettings_search_text_address ON lettings_search_text (address_id)",
    "CREATE INDEX lettings_search_city ON lettings_search_text (city, state)",
    "CREATE INDEX lettings_search_state ON lettings_search_text (state)",
    # Porter's stemmer finds "cottages" by "cottage".
    "CREATE VIRTUAL TABLE lettings_search USING fts5 (title, place, description,"
    " content='lettings_search_text', content_rowid='letting_id',"
    f" tokenize='porter {TOKENS}')",
    # The words without stemming, to correct misspelt ones.
    "CREATE VIRTUAL TABLE lettings_search_plain USING fts5 (title, place, description,"
    " content='lettings_search_text', content_rowid='letting_id',"
    f" tokenize='{TOKENS}', detail=none)",
    "CREATE VIRTUAL TABLE lettings_word USING fts5vocab (lettings_search_plain, row)",
]
FORGET = "".join(
    f"INSERT INTO {table} ({table}, rowid, title, place, description) VALUES"
    " ('delete', OLD.letting_id, OLD.title, OLD.place, OLD.description); "
    for table in ("lettings_search", "lettings_search_plain")
)
LEARN = "".join(
    f"INSERT INTO {table} (rowid, title, place, description)"
    " VALUES (NEW.letting_id, NEW.title, NEW.place, NEW.description); "
    for table in ("lettings_search", "lettings_search_plain")
)
TABLES += [
    "CREATE TRIGGER lettings_search_text_insert AFTER INSERT ON lettings_search_text"
    f" BEGIN {LEARN} END",
    "CREATE TRIGGER lettings_search_text_delete AFTER DELETE ON lettings_search_text"
    f" BEGIN {FORGET} END",
    "CREATE TRIGGER lettings_search_text_update AFTER UPDATE ON lettings_search_text"
    f" BEGIN {FORGET} {LEARN} END",
]
DROP = [
    "DROP TABLE IF EXISTS lettings_word",
    "DROP TABLE IF EXISTS lettings_search_plain",
    "DROP TABLE IF EXISTS lettings_search",
    "DROP TABLE IF EXISTS lettings_search_text",
    "DROP TABLE IF EXISTS lettings_search_waiting",
    "DROP TABLE IF EXISTS lettings_search_made",
    # of releases before December 2026
    "DROP TABLE IF EXISTS lettings_search_place",
    "DROP TABLE IF EXISTS lettings_state",
]

WAIT = "INSERT INTO lettings_search_waiting (letting_id)"
FORGET_LETTING = "DELETE FROM lettings_search_text WHERE letting_id = OLD.id;"
WAIT_FOR_LETTING = f"{WAIT} VALUES (NEW.id);"
# An address may come after its letting, which was read without it.
WAIT_FOR_ADDRESS = f"{WAIT} SELECT letting_id FROM lettings_search_text WHERE address_id = NEW.id;"
ON_LETTING = "lettings_search_letting_{} AFTER {} ON lettings_letting"
ON_ADDRESS = "lettings_search_address_{} AFTER {} ON lettings_address"
TRIGGERS = [
    f"CREATE TRIGGER {ON_LETTING.format('insert', 'INSERT')} BEGIN {WAIT_FOR_LETTING} END",
    f"CREATE TRIGGER {ON_LETTING.format('delete', 'DELETE')} BEGIN {FORGET_LETTING} END",
    # Django's save() writes every column, most of them unchanged.
    f"CREATE TRIGGER {ON_LETTING.format('update', 'UPDATE')}"
    " WHEN (OLD.id, OLD.address_id, OLD.title, OLD.description)"
    " IS NOT (NEW.id, NEW.address_id, NEW.title, NEW.description)"
    " BEGIN DELETE FROM lettings_search_text WHERE letting_id = OLD.id AND OLD.id != NEW.id;"
    f" {WAIT_FOR_LETTING} END",
    f"CREATE TRIGGER {ON_ADDRESS.format('insert', 'INSERT')} BEGIN {WAIT_FOR_ADDRESS} END",
    f"CREATE TRIGGER {ON_ADDRESS.format('update', 'UPDATE')}"
    " WHEN (OLD.id, OLD.city, OLD.state) IS NOT (NEW.id, NEW.city, NEW.state)"
    f" BEGIN {WAIT_FOR_ADDRESS} END",
]
DROP_TRIGGERS = [
    f"DROP TRIGGER IF EXISTS lettings_search_{table}_{event}"
    for table in ("letting", "address")
    for event in ("insert", "delete", "update")
]
REMOVE = [*DROP_TRIGGERS, *DROP]
IS_THERE = (
    "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'lettings_search_waiting'"
    " AND type = 'table')"
)
TAKE = "SELECT id, letting_id FROM lettings_search_waiting ORDER BY id DESC LIMIT %s"
# The triggers would index the lettings one by one; 'rebuild' reads them all at once.
EMPTY = [
    "DROP TRIGGER lettings_search_text_insert",
    "DROP TRIGGER lettings_search_text_delete",
    "DROP TRIGGER lettings_search_text_update",
    "DELETE FROM lettings_search_text",
    "DELETE FROM lettings_search_waiting",
]
FILLED = [
    "INSERT INTO lettings_search (lettings_search) VALUES ('rebuild')",
    "INSERT INTO lettings_search_plain (lettings_search_plain) VALUES ('rebuild')",
    *TABLES[-3:],
]


def is_current(connection: BaseDatabaseWrapper) -> bool:
    """Return whether the index is made by these statements, whose text SQLite keeps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name LIKE 'lettings\\_%' ESCAPE '\\'")
        return {*TABLES, *TRIGGERS} <= {sql for (sql,) in cursor.fetchall()}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the tables and triggers; drop existing ones first."""
    run(connection, [*REMOVE, *TABLES, *TRIGGERS])


def store(connection: BaseDatabaseWrapper, rows: list[Words]) -> None:
    """Put the words of lettings into the index, in place of those that it has of them."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM lettings_search_text WHERE letting_id = %s",
            [[row.letting_id] for row in rows],
        )
        cursor.executemany(
            f"INSERT INTO lettings_search_text ({', '.join(Words._fields)})"
            f" VALUES ({', '.join(['%s'] * len(Words._fields))})",
            rows,
        )


IN_PLACE = "SELECT letting_id FROM lettings_search_text WHERE "


def match(words: list[str], columns: str = "title place description") -> str:
    """Return an FTS5 query for all the words; they are quoted, so none can be an operator."""
    return f"{{{columns}}} : (" + " AND ".join(map(_spelt, words)) + ")"


def _spelt(word: str) -> str:
    parts, whole = spellings(word)
    all_parts = " AND ".join(f'"{part}"' for part in parts)
    return all_parts if parts == [whole] else f'(({all_parts}) OR "{whole}")'


class Among(Func):
    """The condition that a letting is among those whose words match."""

    template = "(%(plus)s%(expressions)s)))"
    arg_joiner = " IN (SELECT rowid FROM lettings_search WHERE lettings_search MATCH ("
    output_field = BooleanField()


def matching(words: list[str], *, narrowed: bool) -> Combinable:
    """Return the condition that every word occurs.

    The unary plus makes SQLite test each narrowed row. Otherwise it would try all pairs of
    those rows and the matches: https://www.sqlite.org/optoverview.html#uplus
    """
    return Among("pk", Value(match(words)), plus="+" if narrowed else "")


def score(words: list[str]) -> Combinable:
    """Return the expression that ranks: each word counts by the best column in which it occurs.

    Not bm25(): it depends on all other rows, so the marks of pages would change whenever a
    letting is added or deleted.
    """
    total: Combinable = Value(0, output_field=IntegerField())
    for word in words:
        for columns, worth in (("title", 60), ("place", 30)):
            total = total + Worth("pk", Value(match([word], columns)), worth=worth)
    return total


class Worth(Func):
    """A number of points if the words match in some columns, else 0."""

    template = "(%(worth)s * (%(expressions)s)))"
    arg_joiner = " IN (SELECT rowid FROM lettings_search WHERE lettings_search MATCH "
    output_field = IntegerField()


def near_words(unknown: list[str]) -> tuple[str, list[object]]:
    """Return the query for pairs: a word that no letting has, and a known word similar to it.

    Only words with the same first letter: FTS5 reads those quickly, and few people miss it.
    """
    one = (
        "SELECT %s, term FROM lettings_word WHERE term >= %s AND term < %s"
        " AND length(term) BETWEEN %s AND %s AND NOT EXISTS"
        " (SELECT 1 FROM lettings_search WHERE lettings_search MATCH %s)"
    )
    params: list[object] = []
    for word in unknown:
        following = chr(ord(word[0]) + 1)
        params += [word, word[0], following, len(word) - 2, len(word) + 2, match([word])]
    return " UNION ALL ".join([one] * len(unknown)), params
