"""A double of the part of Cloudflare's API v4 that the operator uses: rulesets of a zone's cache phase, and three settings.

It answers as Cloudflare documents it: the envelope with `success` and `errors`, 404 for an entry point that does not exist yet,
identifiers and versions of its own, references that are unique within a ruleset, 400 for a token of a wrong form.
"""

import re
import uuid

from aiohttp import web

from tests.cluster.beside import ServerBeside

PHASE = "http_request_cache_settings"
TOKEN_FORM = re.compile(r"[A-Za-z0-9_-]{20,80}")
SETTINGS = {
    "settings/browser_cache_ttl": 14400,
    "argo/tiered_caching": "off",
    "cache/tiered_cache_smart_topology_enable": None,
}


class Zone:
    """What a zone holds. `before` are rules of other people's."""

    def __init__(self, *before):
        self.ruleset = None
        self.settings = dict(SETTINGS)
        if before:
            self.ruleset = {"id": uuid.uuid4().hex, "rules": [made(rule) for rule in before]}

    @property
    def rules(self):
        return self.ruleset["rules"] if self.ruleset else []

    def named(self, part):
        return next((rule for rule in self.rules if rule["ref"].endswith(part)), None)


def made(rule):
    identity = uuid.uuid4().hex
    return {"enabled": True, "ref": identity, **rule, "id": identity, "version": "1"}


class Wrong(Exception):
    def __init__(self, status, code, message):
        self.status, self.code, self.message = status, code, message


class Cloudflare(ServerBeside):
    """Serves on a port of its own until `close`; `writes` are the requests that changed something."""

    def __init__(self, host="127.0.0.1"):
        self.zones = {}
        self.tokens = set()
        self.writes = []
        self.asked = 0
        self.down = False
        super().__init__("/client/v4/zones/{zone}/{rest:.+}", self._answer, host)
        self.url = f"{self.origin}/client/v4"

    async def _answer(self, request):
        self.asked += 1
        if self.down:
            return web.Response(status=503, text="<html>down</html>")
        try:
            result = self._do(request, await request.json() if request.can_read_body else None)
        except Wrong as wrong:
            errors = [{"code": wrong.code, "message": wrong.message}]
            body = {"success": False, "errors": errors, "messages": [], "result": None}
            return web.json_response(body, status=wrong.status)
        return web.json_response({"success": True, "errors": [], "messages": [], "result": result})

    def _do(self, request, body):
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not TOKEN_FORM.fullmatch(token):
            raise Wrong(400, 6003, "Invalid request headers")
        if token not in self.tokens:
            raise Wrong(403, 10000, "Authentication error")
        zone = self.zones.get(request.match_info["zone"])
        if zone is None:
            raise Wrong(404, 7003, "Could not route, perhaps your object identifier is invalid?")
        method, rest = request.method, request.match_info["rest"]
        if method != "GET":
            self.writes.append((method, rest))
        if rest in zone.settings:
            if method == "PATCH":
                zone.settings[rest] = body["value"]
            if zone.settings[rest] is None:
                raise Wrong(404, 1142, "Unable to retrieve the setting: it has never been set")
            return {"id": rest.rpartition("/")[2], "value": zone.settings[rest], "editable": True}
        return self._rules(zone, method, rest.split("/"), body)

    def _rules(self, zone, method, path, body):
        match method, path:
            case "GET", ["rulesets", "phases", phase, "entrypoint"] if phase == PHASE:
                if zone.ruleset is None:
                    raise Wrong(404, 10003, f"could not find entrypoint ruleset in the {PHASE} phase")
            case "POST", ["rulesets"]:
                if zone.ruleset is not None:
                    raise Wrong(400, 20217, "a similar configuration with rules already exists")
                assert (body["kind"], body["phase"]) == ("zone", PHASE)
                zone.ruleset = {"id": uuid.uuid4().hex, "rules": []}
                zone.ruleset["rules"] += [made(check(zone, rule)) for rule in body["rules"]]
            case "POST", ["rulesets", ruleset, "rules"] if zone.ruleset and ruleset == zone.ruleset["id"]:
                zone.rules.append(made(check(zone, body)))
            case "PATCH", ["rulesets", _, "rules", rule_id]:
                rule = self._rule(zone, rule_id)
                check(zone, {**rule, **body}, but=rule)
                rule.update(body, version=str(int(rule["version"]) + 1))
            case "DELETE", ["rulesets", _, "rules", rule_id]:
                zone.rules.remove(self._rule(zone, rule_id))
            case _:
                raise Wrong(404, 10007, "not found")
        return {**zone.ruleset, "kind": "zone", "phase": PHASE}

    def _rule(self, zone, rule_id):
        found = next((rule for rule in zone.rules if rule["id"] == rule_id), None)
        if found is None:
            raise Wrong(404, 20119, "rule not found")
        return found


def check(zone, rule, but=None):
    """What Cloudflare refuses of a rule."""
    if rule.get("action") != "set_cache_settings":
        raise Wrong(400, 20016, "action is not allowed in this phase")
    if not isinstance(rule.get("expression"), str) or rule["expression"].count("(") != rule["expression"].count(")"):
        raise Wrong(400, 20127, "'expression' cannot be parsed")
    for ttl in ("edge_ttl", "browser_ttl"):
        value = rule["action_parameters"].get(ttl, {"mode": "respect_origin"})
        if (value["mode"] == "override_origin") != ("default" in value):
            raise Wrong(400, 20148, f"{ttl}: default goes with override_origin")
    if "ref" in rule and any(each["ref"] == rule["ref"] for each in zone.rules if each is not but):
        raise Wrong(400, 20058, "rule refs must be unique")
    return rule
