"""What the API answers, by subject; importing them registers them."""

from . import apps, dynos, pipelines, releases

__all__ = ["apps", "dynos", "pipelines", "releases"]
