"""Search on PostgreSQL: full text, and pg_trgm for misspelt words.

https://www.postgresql.org/docs/current/textsearch.html
https://www.postgresql.org/docs/current/pgtrgm.html
"""

from __future__ import annotations

import hashlib

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, IntegerField, Q, Value
from django.db.models.expressions import Combinable, RawSQL

from .statements import run

EXTENSION = "pg_trgm"

TABLES = [
    # English stems, but no stop words: a title may consist of them, and SQLite has none either.
    "CREATE TEXT SEARCH DICTIONARY lettings_stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION lettings_words (COPY = simple)",
    "ALTER TEXT SEARCH CONFIGURATION lettings_words ALTER MAPPING FOR"
    " asciiword, word, numword WITH lettings_stem",
    "CREATE TABLE lettings_search (letting_id bigint PRIMARY KEY, document tsvector NOT NULL)",
    "CREATE INDEX lettings_search_document ON lettings_search USING gin (document)",
    # Not unique: two writers that add the same words in a different order would deadlock.
    "CREATE TABLE lettings_word (word text NOT NULL, stem text NOT NULL)",
    "CREATE INDEX lettings_word_word ON lettings_word (word)",
    "CREATE INDEX lettings_word_stem ON lettings_word (stem)",
    "CREATE INDEX lettings_word_near ON lettings_word USING gist (word gist_trgm_ops)",
]
FUNCTIONS = {
    # Small letters, no accents, and a space for every sign. To the parser, "w/hot" and "ab.cd"
    # are a path and a host, each of them one word.
    "lettings_search_plain(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE": r"""
        SELECT regexp_replace(
            lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f]+', '', 'g')),
            '[!-/:-@\[-`{-~]+', ' ', 'g')
    """,
    "lettings_search_refresh(ids bigint[]) RETURNS void LANGUAGE sql": """
        WITH texts AS MATERIALIZED (
            SELECT letting.id,
                lettings_search_plain(letting.title) AS title,
                lettings_search_plain(concat_ws(' ', city, state, name)) AS place,
                lettings_search_plain(description) AS description
            FROM lettings_letting AS letting
            JOIN lettings_address AS address ON address.id = letting.address_id
            LEFT JOIN lettings_state ON code = state
            WHERE letting.id = ANY (ids)
        ), documents AS (
            INSERT INTO lettings_search
            SELECT id,
                setweight(to_tsvector('lettings_words', title), 'A')
                || setweight(to_tsvector('lettings_words', place), 'B')
                || setweight(to_tsvector('lettings_words', description), 'D')
            FROM texts
            ON CONFLICT (letting_id) DO UPDATE SET document = EXCLUDED.document
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
    "lettings_search_forget(ids bigint[]) RETURNS void LANGUAGE sql": """
        DELETE FROM lettings_search WHERE letting_id = ANY (ids)
    """,
    "lettings_search_on_letting() RETURNS trigger LANGUAGE plpgsql": """
        BEGIN
            IF TG_OP = 'TRUNCATE' THEN
                DELETE FROM lettings_search;
            ELSIF TG_OP = 'DELETE' THEN
                PERFORM lettings_search_forget(ARRAY(SELECT id FROM old_rows));
            ELSIF TG_OP = 'INSERT' THEN
                PERFORM lettings_search_refresh(ARRAY(SELECT id FROM new_rows));
            ELSE
                PERFORM lettings_search_forget(
                    ARRAY(SELECT id FROM old_rows EXCEPT SELECT id FROM new_rows));
                PERFORM lettings_search_refresh(ARRAY(
                    SELECT id FROM (
                        SELECT id, title, description, address_id FROM new_rows
                        EXCEPT SELECT id, title, description, address_id FROM old_rows
                    ) AS changed));
            END IF;
            RETURN NULL;
        END
    """,
    "lettings_search_on_address() RETURNS trigger LANGUAGE plpgsql": """
        BEGIN
            IF TG_OP = 'INSERT' THEN
                PERFORM lettings_search_refresh(ARRAY(
                    SELECT letting.id FROM lettings_letting AS letting
                    JOIN new_rows ON new_rows.id = letting.address_id));
            ELSE
                PERFORM lettings_search_refresh(ARRAY(
                    SELECT letting.id FROM lettings_letting AS letting
                    JOIN (SELECT id, city, state FROM new_rows
                        EXCEPT SELECT id, city, state FROM old_rows) AS changed
                    ON changed.id = letting.address_id));
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
    "DROP TABLE IF EXISTS lettings_word",
    "DROP TEXT SEARCH CONFIGURATION IF EXISTS lettings_words",
    "DROP TEXT SEARCH DICTIONARY IF EXISTS lettings_stem",
]
REMOVE = [*DROP_TRIGGERS, *DROP]
REBUILD = [
    "DELETE FROM lettings_search",
    "DELETE FROM lettings_word",
    "SELECT lettings_search_refresh(ARRAY(SELECT id FROM lettings_letting))",
]

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


QUERY = "plainto_tsquery('lettings_words', %s)"


def matching(words: list[str], *, narrowed: bool) -> Q:
    """Return the condition that every word occurs; the planner needs no hint for narrowed rows."""
    sql = f"SELECT letting_id FROM lettings_search WHERE document @@ {QUERY}"
    return Q(pk__in=RawSQL(sql, [" ".join(words)]))


class Rank(Func):
    """ts_rank in millionths: a whole number, which the mark of a page can hold."""

    template = "(SELECT (ts_rank(document, plainto_tsquery('lettings_words', %(expressions)s)"
    arg_joiner = ")) * 1000000)::int FROM lettings_search WHERE letting_id = "
    output_field = IntegerField()


def score(words: list[str]) -> Combinable:
    """Return the expression that ranks: a word in the title counts most, then in the place."""
    return Rank(Value(" ".join(words)), F("pk"))


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
