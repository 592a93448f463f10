"""Arbitrary specs that the API server would accept, for hypothesis."""

from hypothesis import strategies as st

from openposterdb_operator.model import OpenPosterDBSpec
from openposterdb_operator.model.serving import Quota, RateLimit, Title

names = st.from_regex(r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?", fullmatch=True)
secret_names = st.from_regex(r"[a-z][a-z0-9]{0,20}", fullmatch=True)
_label_values = st.from_regex(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,20}[A-Za-z0-9])?)?", fullmatch=True)
_hosts = st.from_regex(r"[a-z]{1,10}\.example\.com", fullmatch=True)
_quantities = st.sampled_from(["64Mi", "300Mi", "1Gi", "1500M", "2G", "1.5Gi", "536870912"])
_cpus = st.sampled_from(["100m", "250m", "1", "2", "1.5", "64"])


def texts_of(kind):
    """Every text that the schema lets through for an annotated type."""
    (field,) = kind.__metadata__
    longest, pattern = (
        next(getattr(each, name) for each in field.metadata if hasattr(each, name))
        for name in ("max_length", "pattern")
    )
    return st.from_regex(pattern, fullmatch=True, alphabet=st.characters(codec="ascii")).filter(
        lambda text: len(text) <= longest
    )


def _some(**members):
    """Any of the members, each there or not."""
    return st.fixed_dictionaries({}, optional=members)


_resources = _some(
    requests=_some(cpu=_cpus, memory=_quantities),
    limits=_some(cpu=_cpus, memory=_quantities),
)
_databases = st.one_of(
    st.builds(
        lambda rest: {"type": "sqlite", **rest},
        _some(storage=_some(size=_quantities, reclaimPolicy=st.sampled_from(["Delete", "Retain"]))),
    ),
    st.builds(lambda name: {"type": "postgresql", "urlSecretRef": {"name": name}}, secret_names),
)
_redis = st.one_of(
    st.just({"managed": {}}),
    st.just({}),
    st.builds(
        lambda memory, on: {"managed": {"maxMemory": memory, "persistence": {"enabled": on}}},
        _quantities,
        st.booleans(),
    ),
    st.builds(lambda name: {"external": {"urlSecretRef": {"name": name, "key": "redis"}}}, secret_names),
)
_stores = st.one_of(
    st.just({"type": "none"}),
    st.builds(
        lambda mode: {"type": "filesystem", "filesystem": {"accessMode": mode}},
        st.sampled_from(["ReadWriteOnce", "ReadWriteMany"]),
    ),
    st.builds(
        lambda rest: {"type": "s3", "s3": {"bucket": "posters", **rest}},
        _some(
            prefix=st.sampled_from(["", "a/b", "/a/"]),
            endpoint=st.just("https://s3.example.com"),
            secretRef=st.fixed_dictionaries({"name": secret_names}),
        ),
    ),
)
_entries = st.one_of(
    st.just({}),
    st.builds(
        lambda host, rest: {"ingress": {"host": host, **rest}},
        _hosts,
        _some(className=st.just("nginx"), tls=st.sampled_from([{}, {"secretName": "cert"}])),
    ),
    st.builds(
        lambda host, https: {"gateway": {"host": host, "https": https, "parentRefs": [{"name": "edge"}]}},
        _hosts,
        st.booleans(),
    ),
)
_networks = st.one_of(st.ip_addresses().map(str), st.just("10.0.0.0/8"), st.just("fd00::/8"))
_rates = texts_of(RateLimit)
_quotas = texts_of(Quota)
_titles = texts_of(Title)
_monitor = st.fixed_dictionaries(
    {"enabled": st.booleans()},
    optional={"labels": st.dictionaries(st.sampled_from(["release", "team"]), _label_values)},
)
_bodies = st.fixed_dictionaries(
    {
        "upstreams": st.builds(
            lambda name, rest: {"secretRef": {"name": name}, **rest},
            secret_names,
            _some(baseURLs=_some(tmdb=st.just("http://double:8080/tmdb")), quotas=_some(tmdb=_quotas, omdb=_quotas)),
        )
    },
    optional={
        "replicas": st.integers(0, 20),
        "autoscaling": st.builds(
            lambda few, more: {"minReplicas": few, "maxReplicas": few + more}, st.integers(1, 9), st.integers(0, 9)
        ),
        "image": _some(
            tag=st.just("1.2.3"), digest=st.just("sha256:" + "0" * 64), pullSecrets=st.just([{"name": "pull"}])
        ),
        "admin": st.builds(lambda name: {"secretRef": {"name": name}}, secret_names),
        "auth": st.builds(lambda name: {"jwtSecretRef": {"name": name, "key": "k"}}, secret_names),
        "database": _databases,
        "redis": _redis,
        "imageStore": _stores,
        "cdn": st.sampled_from([{}, {"redirects": True}, {"redirects": True, "externalCacheOnly": True}]),
        "render": _some(
            concurrency=st.integers(1, 64),
            quality=st.integers(1, 100),
            memoryCacheMB=st.integers(0, 4096),
            memoryMB=st.integers(64, 4096),
        ),
        "art": _some(staleSeconds=st.integers(0, 10**6)),
        "http": _some(
            trustedProxies=st.lists(_networks, max_size=3),
            rateLimits=_some(images=_rates, cdn=_rates, keys=_rates, logins=_rates),
            deadlineSeconds=st.integers(1, 600),
            corsOrigin=st.just("https://admin.example.com"),
        ),
        "web": _some(publicPages=st.booleans(), wallTitles=st.lists(_titles, max_size=3)),
        "logs": _some(level=st.sampled_from(["debug", "warning"]), access=st.sampled_from(["all", "problems"])),
        "freeKey": _some(enabled=st.booleans()),
        "defaults": _some(
            ratingsLimit=st.integers(0, 8), ratingsOrder=st.just(["imdb", "tmdb"]), fanartTextless=st.booleans()
        ),
        "monitoring": _some(
            serviceMonitor=_monitor,
            prometheusRule=_monitor,
            grafanaDashboards=_monitor,
            traces=_some(endpoint=st.just("http://collector:4318")),
        ),
        "networkPolicy": _some(enabled=st.booleans()),
        "podDisruptionBudget": _some(enabled=st.booleans()),
        "resources": _resources,
        "nodeSelector": st.just({"disk": "ssd"}),
        "tolerations": st.just([{"key": "posters", "operator": "Exists", "effect": "NoSchedule"}]),
        "affinity": st.just({"podAntiAffinity": {}}),
        "topologySpreadConstraints": st.just([]),
        "podAnnotations": st.just({"example.com/team": "media"}),
        "extraEnv": st.just(
            [
                {"name": "OTEL_TRACES_SAMPLER", "value": "always_on"},
                {"name": "SETUP_TOKEN", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
            ]
        ),
    },
)


def _sound(body, entry):
    """`body` with what CEL asks for: a file has one user."""
    body = {**body, **entry}
    store = body.get("imageStore", {})
    alone = body.get("database", {}).get("type", "sqlite") == "sqlite" or (
        store.get("type") == "filesystem" and store["filesystem"]["accessMode"] == "ReadWriteOnce"
    )
    if alone:
        body.pop("autoscaling", None)
        body["replicas"] = min(1, body.get("replicas", 1))
    return body


bodies = st.builds(_sound, _bodies, _entries)
specs = bodies.map(OpenPosterDBSpec.model_validate)
