"""The Kubernetes operator of OpenPosterDB: one `OpenPosterDB` resource becomes a running, monitored poster service."""

__version__ = "0.1.0"
