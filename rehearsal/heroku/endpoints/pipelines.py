"""Endpoints: pipelines, their apps, and the promotion that apps of images are refused."""

from __future__ import annotations

from .. import responses
from ..api import Json, Platform, route
from ..store import Coupling, Pipeline, Refused, missing


@route("GET", "/pipelines")
def pipelines(platform: Platform, body: Json, accept: str) -> Json:
    """List the pipelines."""
    return [responses.pipeline(pipeline) for pipeline in platform.store.pipelines]


@route("POST", "/pipelines")
def create_pipeline(platform: Platform, body: Json, accept: str) -> Json:
    """Make a pipeline."""
    pipeline = Pipeline(body["name"])
    platform.store.pipelines.append(pipeline)
    return responses.pipeline(pipeline)


@route("GET", "/pipelines/{pipeline}")
def show_pipeline(platform: Platform, body: Json, accept: str, pipeline: str) -> Json:
    """Show a pipeline."""
    return responses.pipeline(platform.store.pipeline(pipeline))


@route("GET", "/pipelines/{pipeline}/pipeline-couplings")
def couplings(platform: Platform, body: Json, accept: str, pipeline: str) -> Json:
    """List a pipeline's apps."""
    found = platform.store.pipeline(pipeline)
    return [responses.coupling(c) for c in platform.store.couplings if c.pipeline is found]


@route("POST", "/pipeline-couplings")
def couple(platform: Platform, body: Json, accept: str) -> Json:
    """Put an app into a pipeline, at a stage."""
    found = platform.store.app(body["app"])
    coupling = Coupling(found, platform.store.pipeline(body["pipeline"]), body["stage"])
    platform.store.couplings.append(coupling)
    return responses.coupling(coupling)


@route("GET", "/apps/{app}/pipeline-couplings")
def coupling_of(platform: Platform, body: Json, accept: str, app: str) -> Json:
    """Show an app's stage in its pipeline."""
    found = platform.store.app(app)
    for coupling in platform.store.couplings:
        if coupling.app is found:
            return responses.coupling(coupling)
    raise missing("pipeline coupling")


@route("POST", "/pipeline-promotions")
def promote(platform: Platform, body: Json, accept: str) -> Json:
    """Refuse, as the real one does for apps that run images: heroku/roadmap#222."""
    platform.store.pipeline(body["pipeline"]["id"])
    platform.store.app(body["source"]["app"]["id"])
    raise Refused(
        422, "invalid_params", "Apps on the container stack can't be promoted through a pipeline."
    )
