"""What the API answers, by subject; importing them registers them."""

from . import addons, apps, dynos, pipelines, releases

__all__ = ["addons", "apps", "dynos", "pipelines", "releases"]
