"""Search on PostgreSQL: full text, and pg_trgm for misspelt words.

https://www.postgresql.org/docs/current/textsearch.html
https://www.postgresql.org/docs/current/pgtrgm.html
"""

from __future__ import annotations

import hashlib

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, IntegerField, Q, Value
from django.db.models.expressions import Combinable, RawSQL

from .statements import Words, run
from .words import spellings

EXTENSION = "pg_trgm"

TABLES = [
    "CREATE TABLE lettings_search_waiting (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    " letting_id bigint NOT NULL)",
    "CREATE TABLE lettings_search_made (by text NOT NULL)",
    # Porter's stems, as SQLite makes them, but no stop words: a title may consist of them.
    "CREATE TEXT SEARCH DICTIONARY lettings_stem (TEMPLATE = snowball, LANGUAGE = porter)",
    "CREATE TEXT SEARCH CONFIGURATION lettings_words (COPY = simple)",
    "ALTER TEXT SEARCH CONFIGURATION lettings_words ALTER MAPPING FOR"
    " asciiword, word, numword WITH lettings_stem",
    # City and state as they are compared; the same order of bytes whatever the locale.
    "CREATE TABLE lettings_search (letting_id bigint PRIMARY KEY, document tsvector NOT NULL,"
    ' city text COLLATE "C", state text COLLATE "C")',
    "CREATE INDEX lettings_search_document ON lettings_search USING gin (document)",
    "CREATE INDEX lettings_search_city ON lettings_search (city, state)",
    "CREATE INDEX lettings_search_state ON lettings_search (state)",
    # Not unique: two writers that add the same words in a different order would deadlock.
    "CREATE TABLE lettings_word (word text NOT NULL, stem text NOT NULL)",
    "CREATE INDEX lettings_word_word ON lettings_word (word)",
    "CREATE INDEX lettings_word_stem ON lettings_word (stem)",
    "CREATE INDEX lettings_word_near ON lettings_word USING gist (word gist_trgm_ops)",
]
FUNCTIONS = {
    "lettings_search_store(bigint[], text[], text[], text[], text[], text[])"
    " RETURNS void LANGUAGE sql": """
        WITH texts AS MATERIALIZED (
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
                AS given (id, title, place, description, city, state)
        ), documents AS (
            INSERT INTO lettings_search
            SELECT id,
                setweight(to_tsvector('lettings_words', title), 'A')
                || setweight(to_tsvector('lettings_words', place), 'B')
                || setweight(to_tsvector('lettings_words', description), 'D'),
                city, state
            FROM texts ORDER BY id
            ON CONFLICT (letting_id) DO UPDATE SET document = EXCLUDED.document,
                city = EXCLUDED.city, state = EXCLUDED.state
        ), words AS (
            SELECT DISTINCT word
            FROM texts, unnest(string_to_array(concat_ws(' ', title, place, description), ' '))
                AS word
            WHERE length(word) BETWEEN 4 AND 40
        )
        INSERT INTO lettings_word
        SELECT word, (ts_lexize('lettings_stem', word))[1] FROM words
        WHERE word ~ '^[[:alpha:]]+$'
        AND NOT EXISTS (SELECT 1 FROM lettings_word AS known WHERE known.word = words.word)
    """,
    "lettings_search_on_letting() RETURNS trigger LANGUAGE plpgsql": """
        BEGIN
            IF TG_OP = 'TRUNCATE' THEN
                DELETE FROM lettings_search;
            ELSIF TG_OP = 'DELETE' THEN
                DELETE FROM lettings_search WHERE letting_id IN (SELECT id FROM old_rows);
            ELSIF TG_OP = 'INSERT' THEN
                INSERT INTO lettings_search_waiting (letting_id) SELECT id FROM new_rows;
            ELSE
                DELETE FROM lettings_search WHERE letting_id IN
                    (SELECT id FROM old_rows EXCEPT SELECT id FROM new_rows);
                INSERT INTO lettings_search_waiting (letting_id)
                    SELECT id FROM (
                        SELECT id, title, description, address_id FROM new_rows
                        EXCEPT SELECT id, title, description, address_id FROM old_rows
                    ) AS changed;
            END IF;
            RETURN NULL;
        END
    """,
    "lettings_search_on_address() RETURNS trigger LANGUAGE plpgsql": """
        BEGIN
            IF TG_OP = 'INSERT' THEN
                INSERT INTO lettings_search_waiting (letting_id)
                    SELECT letting.id FROM lettings_letting AS letting
                    JOIN new_rows ON new_rows.id = letting.address_id;
            ELSE
                INSERT INTO lettings_search_waiting (letting_id)
                    SELECT letting.id FROM lettings_letting AS letting
                    JOIN (SELECT id, city, state FROM new_rows
                        EXCEPT SELECT id, city, state FROM old_rows) AS changed
                    ON changed.id = letting.address_id;
            END IF;
            RETURN NULL;
        END
    """,
}
CREATE_FUNCTIONS = [
    f"CREATE OR REPLACE FUNCTION {head} AS $${body}$$" for head, body in FUNCTIONS.items()
]

# Run once a statement, not once a row, so that a bulk load stays fast.
TRIGGER = (
    "CREATE OR REPLACE TRIGGER lettings_search_{table}_{event} AFTER {event} ON lettings_{table}"
    " {rows} FOR EACH STATEMENT EXECUTE FUNCTION lettings_search_on_{table}()"
)
OLD, NEW = "OLD TABLE AS old_rows", "NEW TABLE AS new_rows"
TRIGGERS = [
    TRIGGER.format(table=table, event=event, rows=rows and f"REFERENCING {rows}")
    for table, event, rows in (
        ("letting", "insert", NEW),
        ("letting", "update", f"{OLD} {NEW}"),
        ("letting", "delete", OLD),
        ("letting", "truncate", ""),
        ("address", "insert", NEW),
        ("address", "update", f"{OLD} {NEW}"),
    )
]
DROP_TRIGGERS = [
    f"DROP TRIGGER IF EXISTS lettings_search_{table}_{event} ON lettings_{table}"
    for table in ("letting", "address")
    for event in ("insert", "update", "delete", "truncate")
]
DROP = [
    *(f"DROP FUNCTION IF EXISTS {head.split(')')[0]})" for head in reversed(FUNCTIONS)),
    "DROP TABLE IF EXISTS lettings_search",
    "DROP TABLE IF EXISTS lettings_search_waiting",
    "DROP TABLE IF EXISTS lettings_search_made",
    "DROP TABLE IF EXISTS lettings_word",
    "DROP TEXT SEARCH CONFIGURATION IF EXISTS lettings_words",
    "DROP TEXT SEARCH DICTIONARY IF EXISTS lettings_stem",
    # of releases before December 2026
    "DROP FUNCTION IF EXISTS lettings_search_forget(bigint[])",
    "DROP FUNCTION IF EXISTS lettings_search_refresh(bigint[])",
    "DROP FUNCTION IF EXISTS lettings_search_plain(text)",
    "DROP TABLE IF EXISTS lettings_state",
]
REMOVE = [*DROP_TRIGGERS, *DROP]
IS_THERE = "SELECT to_regclass('lettings_search_waiting') IS NOT NULL"
# Another writer takes others: none waits, and so none waits for one that waits for it.
TAKE = (
    "SELECT id, letting_id FROM lettings_search_waiting ORDER BY id DESC LIMIT %s"
    " FOR UPDATE SKIP LOCKED"
)
EMPTY = [
    # First: who is noted from now on has been read as it was, or is read again.
    "DELETE FROM lettings_search_waiting",
    "DELETE FROM lettings_search",
    "DELETE FROM lettings_word",
]
FILLED: list[str] = []

# PostgreSQL does not keep a statement's text, so a table's comment holds two digests: of the
# statements for tables, which must be made anew, and for functions and triggers, which can be
# replaced.
DIGESTS = [
    hashlib.sha256("\n".join(statements).encode()).hexdigest()
    for statements in (TABLES, [*CREATE_FUNCTIONS, *TRIGGERS])
]
COMMENT = "COMMENT ON TABLE lettings_search IS '{}'"
SAID = "SELECT obj_description(to_regclass('lettings_search'))"
COUNT = (
    "SELECT (SELECT COUNT(*) FROM pg_trigger WHERE tgname LIKE 'lettings_search_%'"
    " AND tgrelid IN ('lettings_letting'::regclass, 'lettings_address'::regclass)),"
    " (SELECT COUNT(*) FROM pg_proc WHERE proname LIKE 'lettings_search_%'"
    " AND pronamespace = current_schema()::regnamespace)"
)


def _said(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the digests of the statements that made the index; [] if there are none."""
    with connection.cursor() as cursor:
        cursor.execute(SAID)
        return (cursor.fetchone()[0] or "").split()


def is_current(connection: BaseDatabaseWrapper) -> bool:
    """Return whether the index is complete and made by these statements."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT.replace("%", "%%"), [])
        whole = cursor.fetchone() == (len(TRIGGERS), len(FUNCTIONS))
    return whole and _said(connection) == DIGESTS


def install(connection: BaseDatabaseWrapper) -> None:
    """Create what is missing and replace what differs.

    Existing tables can be read meanwhile: replacing functions or triggers does not block readers.
    https://www.postgresql.org/docs/current/sql-createtrigger.html
    """
    if _said(connection)[:1] != DIGESTS[:1]:
        run(connection, [*REMOVE, *TABLES])
    run(connection, [*CREATE_FUNCTIONS, *TRIGGERS, COMMENT.format(" ".join(DIGESTS))])


def store(connection: BaseDatabaseWrapper, rows: list[Words]) -> None:
    """Put the words of lettings into the index, in place of those that it has of them."""
    columns = [[getattr(row, name) for row in rows] for name in STORED]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lettings_search_store(%s::bigint[], %s::text[], %s::text[], %s::text[],"
            " %s::text[], %s::text[])",
            columns,
        )


STORED = ("letting_id", "title", "place", "description", "city", "state")
IN_PLACE = "SELECT letting_id FROM lettings_search WHERE "
QUERY = "to_tsquery('lettings_words', %s)"


def query(words: list[str]) -> str:
    """Return a text search query for all the words; they are quoted, so none can be an operator.

    >>> query(["wi-fi", "lake"])
    "(('wi' & 'fi') | 'wifi') & 'lake'"
    """
    return " & ".join(map(_spelt, words))


def _spelt(word: str) -> str:
    parts, whole = spellings(word)
    all_parts = " & ".join(f"'{part}'" for part in parts)
    return all_parts if parts == [whole] else f"(({all_parts}) | '{whole}')"


def matching(words: list[str], *, narrowed: bool) -> Q:
    """Return the condition that every word occurs; the planner needs no hint for narrowed rows."""
    sql = f"SELECT letting_id FROM lettings_search WHERE document @@ {QUERY}"
    return Q(pk__in=RawSQL(sql, [query(words)]))


class Rank(Func):
    """ts_rank in millionths: a whole number, which the mark of a page can hold."""

    template = "(SELECT (ts_rank(document, to_tsquery('lettings_words', %(expressions)s)"
    arg_joiner = ")) * 1000000)::int FROM lettings_search WHERE letting_id = "
    output_field = IntegerField()


def score(words: list[str]) -> Combinable:
    """Return the expression that ranks: a word in the title counts most, then in the place."""
    return Rank(Value(query(words)), F("pk"))


def near_words(unknown: list[str]) -> tuple[str, list[object]]:
    """Return the query for pairs: a word that no letting has, and a known word similar to it.

    lettings_word keeps words that no letting has any more; the query leaves those out.
    """
    return (
        "WITH unknown AS MATERIALIZED (SELECT word FROM unnest(%s::text[]) AS given (word)"
        " WHERE NOT EXISTS"
        " (SELECT 1 FROM lettings_word WHERE stem = (ts_lexize('lettings_stem', given.word))[1]))"
        " SELECT unknown.word, near.word FROM unknown CROSS JOIN LATERAL"
        " (SELECT word FROM lettings_word WHERE left(word, 1) = left(unknown.word, 1)"
        " ORDER BY word <-> unknown.word LIMIT 5) AS near"
        " WHERE EXISTS (SELECT 1 FROM lettings_search"
        " WHERE document @@ plainto_tsquery('lettings_words', near.word))",
        [unknown],
    )
