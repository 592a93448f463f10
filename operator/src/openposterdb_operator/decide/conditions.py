"""What the status says: conditions with their reasons, and the Events of what changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openposterdb_operator.decide.migration import Migration, migration_message, migration_state
from openposterdb_operator.decide.observation import Observation, Problem
from openposterdb_operator.decide.reasons import Reason
from openposterdb_operator.model import Condition, OpenPosterDBSpec
from openposterdb_operator.model.status import ConditionStatus
from openposterdb_operator.objects import Live, condition, mapping


@dataclass(frozen=True)
class Finding:
    """A condition before it has its times."""

    type: str
    status: ConditionStatus
    reason: Reason
    message: str = ""


@dataclass(frozen=True)
class Happening:
    """An Event to be told."""

    type: str
    reason: str
    message: str


def find_conditions(spec: OpenPosterDBSpec, observation: Observation) -> tuple[Finding, ...]:
    """All six conditions."""
    progressing = _progressing(observation)
    return (
        _ready(spec, observation),
        progressing,
        _degraded(observation, progressing),
        _database(observation),
        _redis(spec, observation),
        _cdn(spec, observation),
    )


def invalid_spec(message: str) -> tuple[Finding, ...]:
    """The conditions of a spec that cannot be read."""
    return (
        Finding("Ready", "Unknown", Reason.INVALID_SPEC, message),
        Finding("Degraded", "True", Reason.INVALID_SPEC, message),
    )


def merge_conditions(
    previous: Iterable[Condition], found: Iterable[Finding], *, generation: int, now: str
) -> tuple[Condition, ...]:
    """The new conditions; the time of transition moves only with the status. Those not found anew stay as they are."""
    before = {each.type: each for each in previous}
    merged = dict(before)
    for finding in found:
        old = before.get(finding.type)
        since = now if old is None or old.status != finding.status else old.last_transition_time
        merged[finding.type] = Condition(
            type=finding.type,
            status=finding.status,
            reason=str(finding.reason),
            message=finding.message,
            observed_generation=generation,
            last_transition_time=since,
        )
    return tuple(merged.values())


def happenings(previous: Iterable[Condition], current: Sequence[Condition]) -> tuple[Happening, ...]:
    """Events of conditions whose reason or status changed. What is as expected from the start is not told."""
    before = {each.type: each for each in previous}
    told: dict[tuple[str, str], Happening] = {}
    for each in current:
        old = before.get(each.type)
        if old is not None and (old.status, old.reason, old.message) == (each.status, each.reason, each.message):
            continue
        bad = _is_bad(each)
        recovered = old is not None and _is_bad(old) and not bad
        began = each.type in {"Ready", "Progressing"} and each.status == "True"
        drifted = each.reason in _DRIFT
        if bad or recovered or began or drifted:
            message = each.message or Reason(each.reason).meaning
            kind = "Warning" if bad or drifted else "Normal"
            told.setdefault((each.reason, message), Happening(kind, each.reason, message))
    return tuple(told.values())


_DRIFT = {Reason.CDN_DRIFT_CORRECTED, Reason.KEY_RESTORED}
_PASSING = {Reason.STARTING, Reason.REDIS_STARTING, Reason.MIGRATING, Reason.SCALED_TO_ZERO, Reason.SETTLED}


def _is_bad(found: Condition) -> bool:
    if found.type == "Degraded":
        return found.status == "True"
    return found.status == "False" and found.reason not in _PASSING


def _ready(spec: OpenPosterDBSpec, observation: Observation) -> Finding:
    serving, wanted = _counts(observation.deployment)
    if serving > 0:
        return Finding("Ready", "True", Reason.AVAILABLE, f"{serving} of {wanted} pods take traffic")
    blocking = _first(observation.problems, blocking=True)
    if blocking is not None:
        return Finding("Ready", "False", blocking.reason, blocking.message)
    if spec.replicas == 0 and spec.autoscaling is None:
        return Finding("Ready", "False", Reason.SCALED_TO_ZERO, "replicas is 0")
    match migration_state(observation.migration):
        case Migration.FAILED:
            return Finding("Ready", "False", Reason.MIGRATION_FAILED, _failure(observation.migration))
        case Migration.RUNNING:
            return Finding("Ready", "False", Reason.MIGRATING, "waits for the migration Job")
        case Migration.DONE:
            return Finding("Ready", "False", Reason.STARTING, "no pod is ready yet")


def _progressing(observation: Observation) -> Finding:
    deployment = observation.deployment
    if condition(deployment, "Progressing").get("reason") == "ProgressDeadlineExceeded":
        message = "new pods do not become ready; the old ones go on serving"
        return Finding("Progressing", "False", Reason.ROLLOUT_STUCK, message)
    if _first(observation.problems, blocking=True) is not None:
        return Finding("Progressing", "False", Reason.SETTLED, "waits until the problem is mended")
    state = migration_state(observation.migration)
    if state is Migration.RUNNING:
        return Finding("Progressing", "True", Reason.MIGRATING, "the migration Job runs")
    if state is Migration.FAILED:
        return Finding("Progressing", "False", Reason.MIGRATION_FAILED, _failure(observation.migration))
    if deployment is None or _is_rolling(deployment):
        return Finding("Progressing", "True", Reason.ROLLING_OUT, "pods are being replaced")
    return Finding("Progressing", "False", Reason.SETTLED)


def _degraded(observation: Observation, progressing: Finding) -> Finding:
    problems = sorted(observation.problems, key=lambda problem: not problem.blocking)
    if problems:
        message = "; ".join(problem.message for problem in problems)
        return Finding("Degraded", "True", problems[0].reason, message)
    if progressing.reason in {Reason.ROLLOUT_STUCK, Reason.MIGRATION_FAILED}:
        return Finding("Degraded", "True", progressing.reason, progressing.message)
    return Finding("Degraded", "False", Reason.AS_EXPECTED)


def _database(observation: Observation) -> Finding:
    problem = next((each for each in observation.problems if each.condition == "DatabaseReady"), None)
    if problem is not None:
        return Finding("DatabaseReady", "False", problem.reason, problem.message)
    blocking = _first(observation.problems, blocking=True)
    if observation.migration is None and blocking is not None:
        return Finding("DatabaseReady", "Unknown", blocking.reason, "not looked at until the problem is mended")
    match migration_state(observation.migration):
        case Migration.DONE:
            return Finding("DatabaseReady", "True", Reason.MIGRATED)
        case Migration.FAILED:
            return Finding("DatabaseReady", "False", Reason.MIGRATION_FAILED, _failure(observation.migration))
        case Migration.RUNNING:
            return Finding("DatabaseReady", "False", Reason.MIGRATING)


def _redis(spec: OpenPosterDBSpec, observation: Observation) -> Finding:
    problem = next((each for each in observation.problems if each.condition == "RedisReady"), None)
    if problem is not None:
        return Finding("RedisReady", "False", problem.reason, problem.message)
    if spec.managed_redis is None:
        return Finding("RedisReady", "True", Reason.EXTERNAL)
    if mapping(observation.redis, "status").get("readyReplicas", 0) > 0:
        return Finding("RedisReady", "True", Reason.REDIS_READY)
    return Finding("RedisReady", "False", Reason.REDIS_STARTING)


def _cdn(spec: OpenPosterDBSpec, observation: Observation) -> Finding:
    problem = next((each for each in observation.problems if each.condition == "CDNReady"), None)
    if problem is not None:
        return Finding("CDNReady", "False", problem.reason, problem.message)
    if spec.cdn.cloudflare is None or observation.cdn is None:
        return Finding("CDNReady", "True", Reason.NOT_CONFIGURED)
    reason, message = observation.cdn
    return Finding("CDNReady", "True", reason, message)


def _is_rolling(deployment: Live) -> bool:
    status = mapping(deployment, "status")
    wanted = deployment["spec"].get("replicas", 1)
    return (
        status.get("observedGeneration", 0) < deployment["metadata"].get("generation", 0)
        or status.get("updatedReplicas", 0) < wanted
        or status.get("replicas", 0) > status.get("updatedReplicas", 0)
        or status.get("availableReplicas", 0) < wanted
    )


def _counts(deployment: Live | None) -> tuple[int, int]:
    wanted = deployment["spec"].get("replicas", 1) if deployment is not None else 0
    return mapping(deployment, "status").get("readyReplicas", 0), wanted


def _failure(job: Live | None) -> str:
    name = job["metadata"]["name"] if job is not None else "?"
    return f"Job {name} failed: {migration_message(job)}".rstrip(": ")


def _first(problems: Iterable[Problem], *, blocking: bool) -> Problem | None:
    return next((problem for problem in problems if problem.blocking is blocking), None)
