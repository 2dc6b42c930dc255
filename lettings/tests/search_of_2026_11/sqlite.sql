CREATE TABLE lettings_state (code varchar(2) PRIMARY KEY, name varchar(30) NOT NULL)
--
INSERT INTO lettings_state VALUES ('AL', 'Alabama'), ('AK', 'Alaska'), ('AZ', 'Arizona'), ('AR', 'Arkansas'), ('CA', 'California'), ('CO', 'Colorado'), ('CT', 'Connecticut'), ('DE', 'Delaware'), ('DC', 'District of Columbia'), ('FL', 'Florida'), ('GA', 'Georgia'), ('HI', 'Hawaii'), ('ID', 'Idaho'), ('IL', 'Illinois'), ('IN', 'Indiana'), ('IA', 'Iowa'), ('KS', 'Kansas'), ('KY', 'Kentucky'), ('LA', 'Louisiana'), ('ME', 'Maine'), ('MD', 'Maryland'), ('MA', 'Massachusetts'), ('MI', 'Michigan'), ('MN', 'Minnesota'), ('MS', 'Mississippi'), ('MO', 'Missouri'), ('MT', 'Montana'), ('NE', 'Nebraska'), ('NV', 'Nevada'), ('NH', 'New Hampshire'), ('NJ', 'New Jersey'), ('NM', 'New Mexico'), ('NY', 'New York'), ('NC', 'North Carolina'), ('ND', 'North Dakota'), ('OH', 'Ohio'), ('OK', 'Oklahoma'), ('OR', 'Oregon'), ('PA', 'Pennsylvania'), ('RI', 'Rhode Island'), ('SC', 'South Carolina'), ('SD', 'South Dakota'), ('TN', 'Tennessee'), ('TX', 'Texas'), ('UT', 'Utah'), ('VT', 'Vermont'), ('VA', 'Virginia'), ('WA', 'Washington'), ('WV', 'West Virginia'), ('WI', 'Wisconsin'), ('WY', 'Wyoming')
--
CREATE TABLE lettings_search_place (address_id INTEGER PRIMARY KEY, place TEXT NOT NULL)
--
CREATE TABLE lettings_search_text (letting_id INTEGER PRIMARY KEY, address_id INTEGER, title TEXT, place TEXT, description TEXT)
--
CREATE INDEX lettings_search_text_address ON lettings_search_text (address_id)
--
CREATE VIRTUAL TABLE lettings_search USING fts5 (title, place, description, content='lettings_search_text', content_rowid='letting_id', tokenize='porter unicode61 remove_diacritics 2')
--
CREATE VIRTUAL TABLE lettings_search_plain USING fts5 (title, place, description, content='lettings_search_text', content_rowid='letting_id', tokenize='unicode61 remove_diacritics 2', detail=none)
--
CREATE VIRTUAL TABLE lettings_word USING fts5vocab (lettings_search_plain, row)
--
CREATE TRIGGER lettings_search_text_insert AFTER INSERT ON lettings_search_text BEGIN INSERT INTO lettings_search (rowid, title, place, description) VALUES (NEW.letting_id, NEW.title, NEW.place, NEW.description); INSERT INTO lettings_search_plain (rowid, title, place, description) VALUES (NEW.letting_id, NEW.title, NEW.place, NEW.description);  END
--
CREATE TRIGGER lettings_search_text_delete AFTER DELETE ON lettings_search_text BEGIN INSERT INTO lettings_search (lettings_search, rowid, title, place, description) VALUES ('delete', OLD.letting_id, OLD.title, OLD.place, OLD.description); INSERT INTO lettings_search_plain (lettings_search_plain, rowid, title, place, description) VALUES ('delete', OLD.letting_id, OLD.title, OLD.place, OLD.description);  END
--
CREATE TRIGGER lettings_search_text_update AFTER UPDATE ON lettings_search_text BEGIN INSERT INTO lettings_search (lettings_search, rowid, title, place, description) VALUES ('delete', OLD.letting_id, OLD.title, OLD.place, OLD.description); INSERT INTO lettings_search_plain (lettings_search_plain, rowid, title, place, description) VALUES ('delete', OLD.letting_id, OLD.title, OLD.place, OLD.description);  INSERT INTO lettings_search (rowid, title, place, description) VALUES (NEW.letting_id, NEW.title, NEW.place, NEW.description); INSERT INTO lettings_search_plain (rowid, title, place, description) VALUES (NEW.letting_id, NEW.title, NEW.place, NEW.description);  END
--
CREATE TRIGGER lettings_search_letting_insert AFTER INSERT ON lettings_letting BEGIN DELETE FROM lettings_search_text WHERE letting_id = NEW.id; INSERT INTO lettings_search_text VALUES (NEW.id, NEW.address_id, NEW.title, (SELECT place FROM lettings_search_place WHERE address_id = NEW.address_id), NEW.description); END
--
CREATE TRIGGER lettings_search_letting_delete AFTER DELETE ON lettings_letting BEGIN DELETE FROM lettings_search_text WHERE letting_id = OLD.id; END
--
CREATE TRIGGER lettings_search_letting_update AFTER UPDATE ON lettings_letting WHEN (OLD.id, OLD.address_id, OLD.title, OLD.description) IS NOT (NEW.id, NEW.address_id, NEW.title, NEW.description) BEGIN DELETE FROM lettings_search_text WHERE letting_id = OLD.id; DELETE FROM lettings_search_text WHERE letting_id = NEW.id; INSERT INTO lettings_search_text VALUES (NEW.id, NEW.address_id, NEW.title, (SELECT place FROM lettings_search_place WHERE address_id = NEW.address_id), NEW.description); END
--
CREATE TRIGGER lettings_search_address_insert AFTER INSERT ON lettings_address BEGIN DELETE FROM lettings_search_place WHERE address_id = NEW.id; INSERT INTO lettings_search_place VALUES (NEW.id, NEW.city || ' ' || NEW.state || ' ' || COALESCE((SELECT name FROM lettings_state WHERE code = NEW.state), '')); UPDATE lettings_search_text SET place = NEW.city || ' ' || NEW.state || ' ' || COALESCE((SELECT name FROM lettings_state WHERE code = NEW.state), '') WHERE address_id = NEW.id; END
--
CREATE TRIGGER lettings_search_address_delete AFTER DELETE ON lettings_address BEGIN DELETE FROM lettings_search_place WHERE address_id = OLD.id; END
--
CREATE TRIGGER lettings_search_address_update AFTER UPDATE ON lettings_address WHEN (OLD.id, OLD.city, OLD.state) IS NOT (NEW.id, NEW.city, NEW.state) BEGIN DELETE FROM lettings_search_place WHERE address_id = OLD.id; DELETE FROM lettings_search_place WHERE address_id = NEW.id; INSERT INTO lettings_search_place VALUES (NEW.id, NEW.city || ' ' || NEW.state || ' ' || COALESCE((SELECT name FROM lettings_state WHERE code = NEW.state), '')); UPDATE lettings_search_text SET place = NEW.city || ' ' || NEW.state || ' ' || COALESCE((SELECT name FROM lettings_state WHERE code = NEW.state), '') WHERE address_id = NEW.id; END
