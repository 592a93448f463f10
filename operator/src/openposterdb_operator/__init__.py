"""The Kubernetes operator of OpenPosterDB; it reconciles nothing yet."""

__version__ = "0.1.0"
