"""Schemathesis over the whole OpenAPI document, against a real server: nothing it sends may get an answer that is not in it.

`make test` sends a few examples of each operation, always the same ones; `make fuzz` sends many more, always others.
"""

import os
from collections import Counter
from dataclasses import dataclass

import httpx
import hypothesis
import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.e2e.conftest import KEY
from tests.e2e.processes import ServerProcess

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
MANY = EXAMPLES > 50
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ADMIN = {"username": "root", "password": "a root's password"}
ROOT_ID = 1


@dataclass
class Sessions:
    """A key and tokens that are good, made again when a request before has ended them."""

    client: httpx.Client
    root: str = ""
    admin: str = ""
    owner: str = ""
    key: str = KEY
    made: int = 0

    def renew(self) -> None:
        """The server's own admin is never asked to do anything that could end it: another one is, made when needed."""
        if not self._good(self.root, "/api/keys"):
            self.root = self._login(ADMIN)
        if not self._good(self.admin, "/api/keys"):
            self.made += 1
            other = {"username": f"fuzz{self.made}", "password": "a fuzzer's password"}
            self.client.post("/api/admin/users", json=other, headers=_bearer(self.root)).raise_for_status()
            self.admin = self._login(other)
        if not self._good(self.owner, "/api/key/me"):
            made = self.client.post("/api/keys", json={"name": "fuzz"}, headers=_bearer(self.root)).raise_for_status()
            self.key = made.json()["key"]
            login = self.client.post("/api/auth/key-login", json={"api_key": self.key}).raise_for_status()
            self.owner = login.json()["token"]

    def headers(self, operation) -> dict[str, str]:
        schemes = {name for entry in operation.definition.raw.get("security", []) for name in entry}
        return _bearer(self.admin if "admin" in schemes else self.owner) if schemes else {}

    def _good(self, token, path) -> bool:
        return bool(token) and self.client.get(path, headers=_bearer(token)).status_code == 200

    def _login(self, credentials) -> str:
        return self.client.post("/api/auth/login", json=credentials).raise_for_status().json()["token"]


def _bearer(token):
    return {"authorization": f"Bearer {token}"}


@pytest.fixture(scope="module", params=["plain", "cdn"])
def server(request, double, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    variables = {
        **double.variables,
        "ADMIN_USERNAME": ADMIN["username"],
        "ADMIN_PASSWORD": ADMIN["password"],
        "IS_VALID_RATE_LIMIT": "off",
        "AUTH_RATE_LIMIT": "off",
        "CDN_RATE_LIMIT": "off",
        "ACCESS_LOG": "problems",
        "ENABLE_CDN_REDIRECTS": "true" if request.param == "cdn" else "false",
    }
    started = ServerProcess(folder, variables)
    try:
        yield started.ready()
    finally:
        started.close()


def test_any_request_gets_a_documented_answer(server):
    schema = schemathesis.openapi.from_dict(server.get("/api/openapi.json").json())
    sessions = Sessions(server.client)
    failures, statuses = [], Counter()
    for result in schema.get_all_operations():
        operation = result.ok()
        if server.variables["ENABLE_CDN_REDIRECTS"] == "true" and operation.path.startswith("/api/"):
            continue  # what is the same in either mode is asked once
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            sessions.renew()
            try:
                _send_examples(server.url, operation, mode, sessions, statuses)
            except FailureGroup as group:
                failures += [f"{operation.label} ({mode.value}): {failure}" for failure in group.exceptions]
            except hypothesis.errors.Unsatisfiable:
                continue  # there is nothing malformed about an operation without parameters
    assert not failures, "\n\n".join(failures)
    assert len(statuses) > 3, "hardly anything was asked"
    assert server.get("/readyz").status_code == 200


def _send_examples(url, operation, mode, sessions, statuses) -> None:
    @hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=not MANY,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode), known=st.sampled_from([True, True, False]))
    def send(case, known):
        if known and "api_key" in case.path_parameters:
            case.path_parameters["api_key"] = sessions.key
        if operation.path == "/api/admin/users/{id}":
            hypothesis.assume(str(case.path_parameters.get("id")) != str(ROOT_ID))
        answer = case.call_and_validate(base_url=url, headers=sessions.headers(operation), checks=CHECKS, timeout=30)
        statuses[answer.status_code] += 1

    send()
