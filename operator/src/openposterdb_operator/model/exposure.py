"""How clients reach the service: Ingress or Gateway, a CDN in front, and whom the network lets through."""

from typing import Annotated

from pydantic import ConfigDict, Field

from openposterdb_operator.model.base import Annotations, Model, Passthrough, Rule, SecretKeyRef, rules

_HOST_RULE = r"self.matches('^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?([.][a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$')"

Host = Annotated[
    str,
    Field(
        min_length=1,
        max_length=253,
        json_schema_extra=rules(
            Rule(_HOST_RULE, "host must be a DNS name such as posters.example.com: no scheme, port, path or capitals")
        ),
    ),
]


class IngressTls(Model):
    """TLS of the Ingress."""

    secret_name: Annotated[str, Field(min_length=1, max_length=253)] | None = None
    """Secret with the certificate; NAME-tls when unset, as cert-manager fills it."""


class Ingress(Model):
    """An Ingress for the RPDB-compatible URL."""

    host: Host
    """DNS name that clients use."""
    class_name: Annotated[str, Field(min_length=1, max_length=253)] | None = None
    """IngressClass; the cluster's default when unset."""
    tls: IngressTls | None = None
    """TLS at the Ingress; set it to {} to take the certificate from the Secret NAME-tls."""
    annotations: Annotations = Field(default_factory=dict)
    """Annotations of the Ingress, for instance cert-manager.io/cluster-issuer."""


class Gateway(Model):
    """An HTTPRoute for the RPDB-compatible URL."""

    host: Host
    """DNS name that clients use."""
    parent_refs: Annotated[tuple[Passthrough, ...], Field(min_length=1, max_length=8)]
    """Gateways that the route attaches to, as in an HTTPRoute."""
    https: bool = True
    """Whether the Gateway terminates TLS for this host; it decides the scheme of the URL."""


class Cloudflare(Model):
    """The cache rules of a Cloudflare zone."""

    zone_id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] = Field(alias="zoneID")
    """Identifier of the zone, 32 hexadecimal digits."""
    api_token_secret_ref: SecretKeyRef
    """Secret member with an API token that may edit the zone's cache rules and settings."""
    tiered_cache: bool = True
    """Switch smart tiered cache on."""


class Cdn(Model):
    """The service behind a CDN."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule(
                "!self.externalCacheOnly || self.redirects",
                "cdn.externalCacheOnly needs cdn.redirects: without redirects to /c/ a CDN keeps no images",
            ),
        )
    )

    redirects: bool = False
    """Redirect image requests to URLs under /c/ that a CDN may keep for everybody."""
    external_cache_only: bool = False
    """Keep no images in the image store, because the CDN does."""
    cloudflare: Cloudflare | None = None
    """Keep the cache rules of a Cloudflare zone as the service needs them."""


class NetworkPolicy(Model):
    """Which pods may talk to the service's pods."""

    enabled: bool = True
    """Let clients reach the service's port, metrics be scraped, and Redis be reached by the service alone."""
    metrics_from: Annotated[tuple[Passthrough, ...], Field(max_length=16)] = ()
    """Peers that may scrape the metrics, as in a NetworkPolicy; every pod of the cluster when empty."""


class PodDisruptionBudget(Model):
    """Whether a drain of nodes may take the last pod."""

    enabled: bool | None = None
    """On when there is more than one replica, unless set."""
