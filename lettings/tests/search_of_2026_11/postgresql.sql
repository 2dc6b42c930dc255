CREATE TABLE lettings_state (code varchar(2) PRIMARY KEY, name varchar(30) NOT NULL)
--
INSERT INTO lettings_state VALUES ('AL', 'Alabama'), ('AK', 'Alaska'), ('AZ', 'Arizona'), ('AR', 'Arkansas'), ('CA', 'California'), ('CO', 'Colorado'), ('CT', 'Connecticut'), ('DE', 'Delaware'), ('DC', 'District of Columbia'), ('FL', 'Florida'), ('GA', 'Georgia'), ('HI', 'Hawaii'), ('ID', 'Idaho'), ('IL', 'Illinois'), ('IN', 'Indiana'), ('IA', 'Iowa'), ('KS', 'Kansas'), ('KY', 'Kentucky'), ('LA', 'Louisiana'), ('ME', 'Maine'), ('MD', 'Maryland'), ('MA', 'Massachusetts'), ('MI', 'Michigan'), ('MN', 'Minnesota'), ('MS', 'Mississippi'), ('MO', 'Missouri'), ('MT', 'Montana'), ('NE', 'Nebraska'), ('NV', 'Nevada'), ('NH', 'New Hampshire'), ('NJ', 'New Jersey'), ('NM', 'New Mexico'), ('NY', 'New York'), ('NC', 'North Carolina'), ('ND', 'North Dakota'), ('OH', 'Ohio'), ('OK', 'Oklahoma'), ('OR', 'Oregon'), ('PA', 'Pennsylvania'), ('RI', 'Rhode Island'), ('SC', 'South Carolina'), ('SD', 'South Dakota'), ('TN', 'Tennessee'), ('TX', 'Texas'), ('UT', 'Utah'), ('VT', 'Vermont'), ('VA', 'Virginia'), ('WA', 'Washington'), ('WV', 'West Virginia'), ('WI', 'Wisconsin'), ('WY', 'Wyoming')
--
CREATE TEXT SEARCH DICTIONARY lettings_stem (TEMPLATE = snowball, LANGUAGE = english)
--
CREATE TEXT SEARCH CONFIGURATION lettings_words (COPY = simple)
--
ALTER TEXT SEARCH CONFIGURATION lettings_words ALTER MAPPING FOR asciiword, word, numword WITH lettings_stem
--
CREATE TABLE lettings_search (letting_id bigint PRIMARY KEY, document tsvector NOT NULL)
--
CREATE INDEX lettings_search_document ON lettings_search USING gin (document)
--
CREATE TABLE lettings_word (word text NOT NULL, stem text NOT NULL)
--
CREATE INDEX lettings_word_word ON lettings_word (word)
--
CREATE INDEX lettings_word_stem ON lettings_word (stem)
--
CREATE INDEX lettings_word_near ON lettings_word USING gist (word gist_trgm_ops)
--
CREATE FUNCTION lettings_search_plain(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT regexp_replace(
            lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f]+', '', 'g')),
            '[!-/:-@\[-`{-~]+', ' ', 'g')
    $$
--
CREATE FUNCTION lettings_search_refresh(ids bigint[]) RETURNS void LANGUAGE sql AS $$
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
    $$
--
CREATE FUNCTION lettings_search_forget(ids bigint[]) RETURNS void LANGUAGE sql AS $$
        DELETE FROM lettings_search WHERE letting_id = ANY (ids)
    $$
--
CREATE FUNCTION lettings_search_on_letting() RETURNS trigger LANGUAGE plpgsql AS $$
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
    $$
--
CREATE FUNCTION lettings_search_on_address() RETURNS trigger LANGUAGE plpgsql AS $$
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
    $$
--
CREATE TRIGGER lettings_search_letting_insert AFTER insert ON lettings_letting REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lettings_search_on_letting()
--
CREATE TRIGGER lettings_search_letting_update AFTER update ON lettings_letting REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lettings_search_on_letting()
--
CREATE TRIGGER lettings_search_letting_delete AFTER delete ON lettings_letting REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION lettings_search_on_letting()
--
CREATE TRIGGER lettings_search_letting_truncate AFTER truncate ON lettings_letting  FOR EACH STATEMENT EXECUTE FUNCTION lettings_search_on_letting()
--
CREATE TRIGGER lettings_search_address_insert AFTER insert ON lettings_address REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lettings_search_on_address()
--
CREATE TRIGGER lettings_search_address_update AFTER update ON lettings_address REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lettings_search_on_address()
