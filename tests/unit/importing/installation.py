"""Databases as an existing installation leaves them."""

import hashlib
import sqlite3
from contextlib import closing

from argon2 import PasswordHasher

PASSWORD = "correct horse battery"
PASSWORDS = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16)

SCHEMA = """
CREATE TABLE admin_users (
    id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    username text NOT NULL UNIQUE, password_hash text NOT NULL, created_at text NOT NULL
);
CREATE TABLE refresh_tokens (
    id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id integer NOT NULL REFERENCES admin_users (id) ON DELETE CASCADE,
    token_hash text NOT NULL UNIQUE, expires_at text NOT NULL, created_at text NOT NULL
);
CREATE TABLE api_keys (
    id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    name text NOT NULL, key_hash text NOT NULL UNIQUE, key_prefix text NOT NULL,
    created_by integer NOT NULL REFERENCES admin_users (id) ON DELETE CASCADE,
    created_at text NOT NULL, last_used_at text
);
CREATE TABLE api_key_settings (
    api_key_id integer NOT NULL PRIMARY KEY REFERENCES api_keys (id) ON DELETE CASCADE,
    poster_source text NOT NULL, fanart_lang text NOT NULL, fanart_textless integer NOT NULL,
    ratings_limit integer NOT NULL, ratings_order text NOT NULL, poster_position text NOT NULL,
    logo_ratings_limit integer NOT NULL, backdrop_ratings_limit integer NOT NULL,
    poster_badge_style text NOT NULL, logo_badge_style text NOT NULL, backdrop_badge_style text NOT NULL,
    poster_label_style text NOT NULL, logo_label_style text NOT NULL, backdrop_label_style text NOT NULL,
    poster_badge_direction text NOT NULL
);
CREATE TABLE global_settings (key text NOT NULL PRIMARY KEY, value text NOT NULL);
CREATE TABLE {images} (
    cache_key text NOT NULL PRIMARY KEY, release_date text, image_type text NOT NULL,
    created_at integer NOT NULL, updated_at integer NOT NULL
);
CREATE TABLE available_ratings (
    id_key text NOT NULL PRIMARY KEY, sources text NOT NULL, release_date text, updated_at integer NOT NULL
);
"""

SETTINGS = {
    "poster_source": "f",
    "fanart_lang": "de",
    "fanart_textless": 1,
    "ratings_limit": 5,
    "ratings_order": "imdb,rt, mc",
    "poster_position": "tl",
    "logo_ratings_limit": 0,
    "backdrop_ratings_limit": 8,
    "poster_badge_style": "v",
    "logo_badge_style": "h",
    "backdrop_badge_style": "d",
    "poster_label_style": "t",
    "logo_label_style": "t",
    "backdrop_label_style": "i",
    "poster_badge_direction": "h",
}
GLOBAL = {
    "poster_source": "t",
    "fanart_lang": "pt-BR",
    "fanart_textless": "false",
    "ratings_limit": "4",
    "ratings_order": "mal,imdb,lb,rt,mc,rta,tmdb,trakt",
    "poster_position": "bc",
    "logo_ratings_limit": "5",
    "backdrop_ratings_limit": "5",
    "poster_badge_style": "d",
    "logo_badge_style": "v",
    "backdrop_badge_style": "v",
    "poster_label_style": "i",
    "logo_label_style": "i",
    "backdrop_label_style": "i",
    "poster_badge_direction": "d",
    "free_api_key_enabled": "true",
}


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def raw_key(number):
    """A key as existing installations make them: 64 hex digits."""
    return sha256(f"key {number}")


class Installation:
    """The database of an existing installation, written row by row."""

    def __init__(self, path, schema=SCHEMA, *, images="image_meta", wal=False):
        self.path = path
        self._connection = sqlite3.connect(path, isolation_level=None)
        if wal:
            self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.executescript(schema.format(images=images))

    def add(self, table, **values):
        columns, places = ", ".join(values), ", ".join("?" * len(values))
        cursor = self._connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", tuple(values.values()))
        return cursor.lastrowid

    def add_admin(self, username="root", password_hash=None, created_at="2025-03-01 08:15:00"):
        hashed = password_hash or PASSWORDS.hash(PASSWORD)
        return self.add("admin_users", username=username, password_hash=hashed, created_at=created_at)

    def add_key(self, number, created_by, name="living room", **values):
        raw = raw_key(number)
        row = {
            "name": name,
            "key_hash": sha256(raw),
            "key_prefix": raw[:8],
            "created_by": created_by,
            "created_at": "2025-03-02 19:00:00",
            "last_used_at": None,
        }
        return self.add("api_keys", **{**row, **values})

    def execute(self, statement, *values):
        return self._connection.execute(statement, values).fetchall()

    def close(self):
        self._connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def small_installation(path, **options):
    """Two admins, three keys, one of them with settings of its own, everything else that such a database holds."""
    with Installation(path, **options) as installation:
        fill(installation)
    return path


def fill(installation):
    root, anna = installation.add_admin("root"), installation.add_admin("anna", created_at="2025-04-01 00:00:00")
    first = installation.add_key(1, root, last_used_at="2026-11-20 17:30:00")
    installation.add_key(2, anna, name="Wohnzimmer für alle")
    installation.add_key(3, anna, name="phone")
    installation.add("api_key_settings", api_key_id=first, **SETTINGS)
    for key, value in GLOBAL.items():
        installation.add("global_settings", key=key, value=value)
    for number in range(2):
        installation.add(
            "refresh_tokens",
            user_id=root,
            token_hash=sha256(f"token {number}"),
            expires_at="2026-11-29 00:00:00",
            created_at="2026-11-22 00:00:00",
        )
    images = installation.execute("SELECT name FROM sqlite_master WHERE name IN ('image_meta', 'poster_meta')")[0][0]
    key = "imdb/tt0111161@mil.pbc.sh.li.dh.zm"
    installation.add(images, cache_key=key, release_date="1994-09-23", image_type="p", created_at=1, updated_at=1)
    installation.add("available_ratings", id_key="imdb/tt0111161", sources="il", release_date=None, updated_at=1)


def contents(path, table):
    """Every row of a table, as it stands."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
