"""Recognise the platform on which a process runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Platform:
    """A hosting platform: its name, the variables it sets, and its documentation.

    ``path`` is for a platform that sets no variable: a file on its machines.
    """

    name: str
    variables: tuple[str, ...]
    documentation: str
    path: str = ""


PLATFORMS = (
    # Dokku, too, names its containers so: https://github.com/dokku/dokku/issues/733
    Platform(
        "Heroku",
        ("DYNO",),
        "https://devcenter.heroku.com/articles/dyno-startup-behavior#local-environment-variables",
    ),
    Platform(
        "Render",
        ("RENDER", "RENDER_SERVICE_ID"),
        "https://render.com/docs/environment-variables",
    ),
    Platform(
        "Fly.io",
        ("FLY_APP_NAME", "FLY_MACHINE_ID", "FLY_ALLOC_ID"),
        "https://fly.io/docs/machines/runtime-environment",
    ),
    Platform(
        "Railway",
        (
            *("RAILWAY_PROJECT_ID", "RAILWAY_SERVICE_ID", "RAILWAY_DEPLOYMENT_ID"),
            *("RAILWAY_ENVIRONMENT_ID", "RAILWAY_ENVIRONMENT_NAME", "RAILWAY_REPLICA_ID"),
        ),
        "https://docs.railway.com/reference/variables",
    ),
    Platform(
        "Google Cloud Run",
        ("K_SERVICE", "K_REVISION", "K_CONFIGURATION", "CLOUD_RUN_JOB"),
        "https://docs.cloud.google.com/run/docs/reference/container-contract#env-vars",
    ),
    Platform(
        "Google App Engine",
        ("GAE_APPLICATION", "GAE_ENV", "GAE_SERVICE", "GAE_INSTANCE"),
        "https://cloud.google.com/appengine/docs/standard/python3/runtime#environment_variables",
    ),
    # Azure Functions are of it.
    Platform(
        "Azure App Service",
        ("WEBSITE_SITE_NAME", "WEBSITE_INSTANCE_ID", "WEBSITE_HOSTNAME"),
        "https://learn.microsoft.com/azure/app-service/reference-app-settings",
    ),
    Platform(
        "Azure Container Apps",
        ("CONTAINER_APP_NAME", "CONTAINER_APP_REVISION"),
        "https://learn.microsoft.com/azure/container-apps/environment-variables",
    ),
    # Fargate, too, and Beanstalk's and App Runner's containers where those are tasks of it.
    Platform(
        "Amazon ECS",
        ("ECS_CONTAINER_METADATA_URI_V4", "ECS_CONTAINER_METADATA_URI", "ECS_AGENT_URI"),
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
        "ecs-environment-variables.html",
    ),
    Platform(
        "AWS Lambda",
        ("AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_RUNTIME_API"),
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    ),
    Platform(
        "AWS Elastic Beanstalk",
        (),
        "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/custom-platforms-scripts.html",
        path="/opt/elasticbeanstalk/bin/get-config",
    ),
    Platform(
        "Kubernetes",
        ("KUBERNETES_SERVICE_HOST",),
        "https://kubernetes.io/docs/concepts/containers/container-environment/",
    ),
    Platform(
        "Cloud Foundry",
        ("VCAP_APPLICATION", "CF_INSTANCE_GUID"),
        "https://docs.cloudfoundry.org/devguide/deploy-apps/environment-variable.html",
    ),
    Platform(
        "Nomad",
        ("NOMAD_ALLOC_ID",),
        "https://developer.hashicorp.com/nomad/docs/reference/runtime-environment-settings",
    ),
    Platform(
        "Scalingo",
        ("CONTAINER_VERSION", "CONTAINER_SIZE"),
        "https://doc.scalingo.com/platform/app/environment",
    ),
    Platform(
        "Clever Cloud",
        ("CC_PRETTY_INSTANCE_NAME",),
        "https://developers.clever-cloud.com/doc/develop/env-variables/",
    ),
    Platform(
        "Koyeb",
        ("KOYEB_APP_NAME", "KOYEB_SERVICE_NAME"),
        "https://www.koyeb.com/docs/build-and-deploy/environment-variables",
    ),
    Platform(
        "Upsun",
        ("PLATFORM_APPLICATION_NAME",),
        "https://docs.upsun.com/development/variables/use-variables.html",
    ),
    Platform(
        "Vercel",
        ("VERCEL",),
        "https://vercel.com/docs/environment-variables/system-environment-variables",
    ),
)
VARIABLES = tuple(name for platform in PLATFORMS for name in platform.variables)


def recognize(environment: Mapping[str, str]) -> tuple[Platform, str] | None:
    """Return the platform of this process and the sign of it, or None."""
    for platform in PLATFORMS:
        for name in platform.variables:
            if environment.get(name):
                return platform, name
        if platform.path and Path(platform.path).exists():
            return platform, platform.path
    return None
