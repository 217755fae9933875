-- A library of Calibre with one book, as far as Calibre-Web reads one: the tables of its cps/db.py.
CREATE TABLE library_id (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL);
CREATE TABLE books (
  id INTEGER PRIMARY KEY, title TEXT NOT NULL COLLATE NOCASE, sort TEXT COLLATE NOCASE, author_sort TEXT COLLATE NOCASE,
  timestamp TIMESTAMP, pubdate TIMESTAMP, series_index TEXT NOT NULL, last_modified TIMESTAMP, path TEXT NOT NULL,
  has_cover INTEGER, uuid TEXT
);
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, sort TEXT COLLATE NOCASE, link TEXT NOT NULL);
CREATE TABLE publishers (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, sort TEXT COLLATE NOCASE);
CREATE TABLE series (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, sort TEXT COLLATE NOCASE);
CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE);
CREATE TABLE ratings (id INTEGER PRIMARY KEY, rating INTEGER UNIQUE);
CREATE TABLE languages (id INTEGER PRIMARY KEY, lang_code TEXT NOT NULL UNIQUE COLLATE NOCASE);
CREATE TABLE data (
  id INTEGER PRIMARY KEY, book INTEGER NOT NULL, format TEXT NOT NULL COLLATE NOCASE, uncompressed_size INTEGER NOT NULL,
  name TEXT NOT NULL
);
CREATE TABLE comments (id INTEGER PRIMARY KEY, book INTEGER NOT NULL UNIQUE, text TEXT NOT NULL COLLATE NOCASE);
CREATE TABLE identifiers (
  id INTEGER PRIMARY KEY, type TEXT NOT NULL COLLATE NOCASE, val TEXT NOT NULL COLLATE NOCASE, book INTEGER NOT NULL
);
CREATE TABLE custom_columns (
  id INTEGER PRIMARY KEY, label TEXT, name TEXT, datatype TEXT, mark_for_delete BOOLEAN, editable BOOLEAN, display TEXT,
  is_multiple BOOLEAN, normalized BOOLEAN
);
CREATE TABLE books_authors_link (book INTEGER NOT NULL, author INTEGER NOT NULL, PRIMARY KEY (book, author));
CREATE TABLE books_publishers_link (book INTEGER NOT NULL, publisher INTEGER NOT NULL, PRIMARY KEY (book, publisher));
CREATE TABLE books_series_link (book INTEGER NOT NULL, series INTEGER NOT NULL, PRIMARY KEY (book, series));
CREATE TABLE books_tags_link (book INTEGER NOT NULL, tag INTEGER NOT NULL, PRIMARY KEY (book, tag));
CREATE TABLE books_ratings_link (book INTEGER NOT NULL, rating INTEGER NOT NULL, PRIMARY KEY (book, rating));
CREATE TABLE books_languages_link (book INTEGER NOT NULL, lang_code INTEGER NOT NULL, PRIMARY KEY (book, lang_code));
INSERT INTO library_id VALUES (1, '0b8f2a9e-1d9e-4f0a-9d0e-1c7f8a1f0b01');
INSERT INTO books VALUES (
  1, 'Twenty Thousand Leagues Under the Sea', 'Twenty Thousand Leagues Under the Sea', 'Verne, Jules',
  '2026-01-02 03:04:05.678900', '1870-01-01 00:00:00.000000', '1.0', '2026-01-02 03:04:05.678900', 'Jules Verne/Leagues (1)', 0,
  '6f1a3a4e-0f5c-4a53-9d0e-1c7f8a1f0b02'
);
INSERT INTO authors VALUES (1, 'Jules Verne', 'Verne, Jules', '');
INSERT INTO books_authors_link VALUES (1, 1);
