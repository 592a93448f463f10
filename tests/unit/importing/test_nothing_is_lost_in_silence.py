"""A plan adds and never changes; whatever it does not take over as it stands has a line that says why."""

import pytest

from openposterdb.importing.plan import Mark, Present
from openposterdb.importing.planning import make_plan
from openposterdb.importing.source import READ, Source, SourceTable
from openposterdb.settings.model import RenderSettings
from tests.unit.importing.installation import SETTINGS, raw_key, sha256

NOW = "2026-11-22 12:00:00"
HASH = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2E$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g"
COLUMNS = {
    "admin_users": ("id", "username", "password_hash", "created_at"),
    "api_keys": ("id", "name", "key_hash", "key_prefix", "created_by", "created_at", "last_used_at"),
    "api_key_settings": ("api_key_id", *RenderSettings.model_fields),
    "global_settings": ("key", "value"),
}


def admin(number=1, username="root", password_hash=HASH, created_at="2025-03-01 08:15:00"):
    return {"id": number, "username": username, "password_hash": password_hash, "created_at": created_at}


def key(number=1, name="tv", **values):
    raw = raw_key(number)
    return {
        "id": number,
        "name": name,
        "key_hash": sha256(raw),
        "key_prefix": raw[:8],
        "created_by": 1,
        "created_at": "2025-03-02 19:00:00",
        "last_used_at": None,
        **values,
    }


def source(*, others=None, **rows):
    tables = {name: SourceTable(COLUMNS[name], tuple(rows.get(name, ()))) for name in READ}
    return Source(tables, others or {})


def plan(present=None, **rows):
    return make_plan(source(**rows), present or Present(), now=NOW)


def line(plan, mark):
    """The text of the only line with this mark."""
    (found,) = [each for each in plan.lines if each.mark is mark]
    return found.text


class TestAdmins:
    def test_ours_stays_and_it_is_said(self):
        done = plan(Present(admins={"root": "ours"}), admin_users=[admin()], api_keys=[key()])
        assert done.admins == ()
        assert line(done, Mark.THERE) == '"root": already there, and the password that it has here is kept'
        assert done.keys[0].creator == "root", "keys belong to whoever has the name here"

    def test_the_same_admin_is_there(self):
        assert line(plan(Present(admins={"root": HASH}), admin_users=[admin()]), Mark.THERE) == '"root": already there'

    @pytest.mark.parametrize(
        "password_hash",
        [
            None,
            "",
            "hunter22",
            b"bytes",
            5,
            "$2b$12$abcdefghijklmnopqrstuuJ3yZ",
            HASH.replace("argon2id", "argon2i"),
            HASH.replace("v=19", "v=16"),
            HASH.replace("m=19456", "m=99999999"),
            HASH[:-30],
            HASH + "\n",
            f" {HASH}",
        ],
    )
    def test_a_password_that_could_not_be_verified_is_left_and_told_from_nobody(self, password_hash):
        done = plan(admin_users=[admin(password_hash=password_hash)], api_keys=[key()])
        assert done.admins == ()
        assert line(done, Mark.LEFT) == '"root": not taken over, the password is not stored as Argon2id'
        assert done.keys[0].creator is None
        assert (
            line(done, Mark.CHANGED)
            == f'"tv" {raw_key(1)[:8]}…: the admin who created it is not there, so it belongs to nobody'
        )

    @pytest.mark.parametrize("username", ["", None, "a\nb", "a\0", "\x1b[31m", "\udcff"])
    def test_a_name_that_is_none_is_left(self, username):
        done = plan(admin_users=[admin(username=username)])
        assert done.admins == ()
        assert "nobody can log in with such a name" in line(done, Mark.LEFT)
        assert all(each.text.isprintable() for each in done.lines)

    def test_two_of_one_name_are_one(self):
        done = plan(admin_users=[admin(1), admin(2)])
        assert [each.username for each in done.admins] == ["root"]
        assert "another admin of this name" in line(done, Mark.LEFT)

    def test_without_a_date_it_is_created_now(self):
        done = plan(admin_users=[admin(created_at="yesterday")])
        assert done.admins[0].created_at == NOW
        assert "created now" in line(done, Mark.ADDED)


class TestKeys:
    def test_a_key_is_known_by_its_hash_whatever_it_is_called(self):
        done = plan(Present(keys={sha256(raw_key(1)): "phone"}), api_keys=[key()])
        assert done.is_empty
        assert line(done, Mark.THERE) == f'"tv" {raw_key(1)[:8]}…: already there as "phone"'

    @pytest.mark.parametrize(
        "key_hash", [None, "", "a" * 63, "A" * 64, "g" * 64, b"a" * 64, "a" * 64 + "\n", raw_key(1)[:8], 12]
    )
    def test_what_is_no_sha256_is_left(self, key_hash):
        done = plan(api_keys=[key(key_hash=key_hash)], api_key_settings=[{"api_key_id": 1, **SETTINGS}])
        assert done.is_empty
        key_line, settings_line = done.lines
        assert key_line.text.endswith("not taken over, what is stored of it is no SHA-256")
        assert settings_line.text == '"tv": not taken over, their key is not taken over'

    def test_the_same_key_twice_is_one(self):
        done = plan(api_keys=[key(), key(name="again")])
        assert [each.name for each in done.keys] == ["tv"]
        assert line(done, Mark.LEFT).startswith('"again"')

    @pytest.mark.parametrize(
        ("values", "taken", "said"),
        [
            ({"name": "a\nb"}, {"name": "a\ufffdb"}, "its name is missing or holds what is no text"),
            ({"name": None}, {"name": "unnamed"}, "its name is missing"),
            ({"key_prefix": "much too long"}, {"key_prefix": "much too"}, "its prefix is not 8 letters"),
            ({"key_prefix": None}, {"key_prefix": ""}, "its first letters are not known"),
            ({"created_at": None}, {"created_at": NOW}, "counts as now"),
            ({"created_at": "0001-01-01"}, {"created_at": NOW}, "counts as now"),
            ({"last_used_at": "soon"}, {"last_used_at": None}, "when it was last used is not a date"),
        ],
    )
    def test_what_cannot_stay_as_it_is_is_replaced_and_said(self, values, taken, said):
        done = plan(admin_users=[admin()], api_keys=[key(**values)])
        assert {name: getattr(done.keys[0], name) for name in taken} == taken
        assert said in line(done, Mark.CHANGED)
        assert all(each.text.isprintable() for each in done.lines)

    @pytest.mark.parametrize("written", ["2025-03-02T19:00:00Z", "2025-03-02 20:00:00.25+01:00", "2025-03-02 19:00"])
    def test_dates_in_other_forms_of_iso_8601_are_understood(self, written):
        done = plan(admin_users=[admin()], api_keys=[key(created_at=written, last_used_at=written)])
        assert done.keys[0].created_at == done.keys[0].last_used_at == "2025-03-02 19:00:00"

    def test_a_key_whose_end_cannot_be_read_does_not_live_for_ever(self):
        done = plan(api_keys=[key(expires_at="some day")])
        assert done.keys == ()
        assert "when it expires is not a date" in line(done, Mark.LEFT)


class TestSettings:
    def test_ours_stay_and_what_differs_is_named(self):
        ours = RenderSettings.model_validate({**SETTINGS, "fanart_lang": "fr", "ratings_limit": 1}).model_dump()
        hashed = sha256(raw_key(1))
        present = Present(keys={hashed: "tv"}, key_settings={hashed: {"api_key_id": 5, "key_hash": hashed, **ours}})
        done = plan(present, api_keys=[key()], api_key_settings=[{"api_key_id": 1, **SETTINGS}])
        assert done.is_empty
        assert [each.text for each in done.lines if each.section == "Settings of keys"] == [
            '"tv": already there, and kept as they are here: fanart_lang, ratings_limit differ'
        ]

    def test_a_key_that_is_there_without_settings_gets_them(self):
        present = Present(keys={sha256(raw_key(1)): "tv"})
        done = plan(present, api_keys=[key()], api_key_settings=[{"api_key_id": 1, **SETTINGS}])
        assert [each.settings for each in done.key_settings] == [RenderSettings.model_validate(SETTINGS)]

    def test_values_that_are_not_valid_any_more_are_named_and_fall_back_one_by_one(self):
        row = {"api_key_id": 1, **SETTINGS, "poster_position": "middle", "ratings_limit": 99, "fanart_textless": None}
        done = plan(api_keys=[key(created_by=None)], api_key_settings=[row])
        settings = done.key_settings[0].settings
        assert (settings.poster_position, settings.ratings_limit, settings.fanart_textless) == ("bc", 3, False)
        assert settings.fanart_lang == "de", "the others stay"
        assert [each.text for each in done.lines if each.mark is Mark.CHANGED] == [
            '"tv": fanart_textless: "" is not valid, the default False takes its place',
            '"tv": ratings_limit: "99" is not valid, the default 3 takes its place',
            '"tv": poster_position: "middle" is not valid, the default bc takes its place',
        ]

    def test_settings_of_no_key_are_left(self):
        done = plan(api_key_settings=[{"api_key_id": 9, **SETTINGS}])
        assert line(done, Mark.LEFT) == "settings: not taken over, there is no key with id 9"

    def test_global_values_are_added_one_by_one(self):
        rows = [{"key": "ratings_limit", "value": "4"}, {"key": "poster_source", "value": "f"}]
        done = plan(Present(global_values={"ratings_limit": "2"}), global_settings=rows)
        assert done.global_values == {"poster_source": "f"}
        assert line(done, Mark.THERE) == 'ratings_limit: already there, and kept: here "2", there "4"'

    @pytest.mark.parametrize(
        ("name", "text"), [("ratings_limit", "many"), ("poster_source", "x"), ("ratings_order", "imdb,")]
    )
    def test_a_global_value_that_is_not_valid_any_more_is_named_and_not_stored(self, name, text):
        done = plan(global_settings=[{"key": name, "value": text}])
        assert done.global_values == {}
        assert line(done, Mark.CHANGED).startswith(f'{name}: "{text}" is not valid, the default ')

    @pytest.mark.parametrize("name", ["free_api_key_enabled", "fanart_textless"])
    @pytest.mark.parametrize(
        ("text", "stored", "said"),
        [("true", "true", 0), ("false", "false", 0), ("1", "false", 1), ("TRUE", "false", 1)],
    )
    def test_a_switch_is_on_for_true_alone(self, name, text, stored, said):
        done = plan(global_settings=[{"key": name, "value": text}])
        assert done.global_values == {name: stored}
        assert sum("neither true nor false" in each.text for each in done.lines) == said

    def test_a_setting_that_is_unknown_here_is_named(self):
        done = plan(global_settings=[{"key": "colour", "value": "red"}])
        assert done.is_empty
        assert line(done, Mark.LEFT) == '"colour": not taken over, there is no such setting here'


class TestTheRest:
    def test_other_tables_are_named_with_their_size_and_a_reason(self):
        done = make_plan(
            source(others={"refresh_tokens": 2, "image_meta": 1, "themes": 5, "empty": 0}), Present(), now=NOW
        )
        assert [each.text for each in done.lines] == [
            "refresh_tokens: 2 rows not taken over, everybody logs in again",
            "image_meta: 1 row not taken over, images are made again when they are asked for",
            "themes: 5 rows not taken over, the table is unknown here",
        ]

    def test_a_table_that_is_missing_or_cannot_be_understood_is_named(self):
        tables = {
            "api_keys": SourceTable(COLUMNS["api_keys"]),
            "admin_users": SourceTable(("id", "login"), ({"id": 1, "login": "root"},), ("username", "password_hash")),
        }
        done = make_plan(Source(tables), Present(), now=NOW)
        assert [each.text for each in done.lines] == [
            "admin_users: 1 row not taken over, there is no column username, password_hash",
            "api_key_settings: the source has no such table",
            "global_settings: the source has no such table",
        ]


def test_no_line_and_no_representation_holds_a_hash():
    rows = {"admin_users": [admin()], "api_keys": [key()], "api_key_settings": [{"api_key_id": 1, **SETTINGS}]}
    present = Present(admins={"root": "$argon2id$ours"}, keys={sha256(raw_key(1)): "x"})
    for told in (plan(**rows), plan(present, **rows), source(**rows), present):
        assert HASH not in repr(told)
        assert "$argon2id$ours" not in repr(told)
        assert sha256(raw_key(1)) not in repr(told)
