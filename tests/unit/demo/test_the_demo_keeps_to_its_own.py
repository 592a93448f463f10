import os

import pytest

from openposterdb.demo.command import serve_demo


@pytest.mark.parametrize("variable", ["DB_DIR", "CACHE_DIR", "DATABASE_URL", "TMDB_API_KEY", "TMDB_API_BASE_URL"])
def test_a_key_known_to_everybody_never_reaches_the_real_data(monkeypatch, variable):
    monkeypatch.setattr(os, "environ", {**os.environ, variable: "the-real-one"})
    seen = {}

    def serve(*, announce, entry, env_file):
        seen.update(os.environ, env_file=env_file)

    serve_demo(serve, str, print)
    assert seen.get(variable) != "the-real-one"
    assert seen["env_file"] is None
