# The site's image: `web`, and the same layers with another command (`release`) or with what the
# tests need (`test`). bin/image builds, checks, tests and pushes it.
#
# The same sources give the same layers, byte for byte: each of the first stages gives what it made
# fixed times and modes (deploy/image/build/normalise_times), and the last stages only copy.
# A base that can't be pulled can be made: deploy/image/base/build.
ARG BASE_IMAGE=python

# By a name of its own, since Dependabot reads FROM and no ARG; with another base it is not pulled.
FROM python:3.13-slim AS python

FROM ${BASE_IMAGE} AS requirements
COPY requirements.txt /
# The secret is optional: the certificate of a proxy that opens TLS (bin/image: EXTRA_CA).
RUN --mount=type=secret,id=ca --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=deploy/image/build,target=/build \
    /build/install /requirements.txt && /build/compile /venv

FROM requirements AS pruned
RUN --mount=type=bind,source=deploy/image/build,target=/build /build/prune /venv /layer/venv && \
    /build/normalise_times /layer

# The sources, compiled, without their static files, and what collectstatic must know of those; both
# at once, since a changed line waits for it. A volume over media/ takes its mode, and so can be
# written to by whatever user the site runs as.
FROM requirements AS sources
WORKDIR /layer/app
COPY . .
RUN --mount=type=bind,source=deploy/image/build,target=/build \
    rm -r deploy requirements*.txt && { /build/compile . 1 & } && \
    PYTHONDONTWRITEBYTECODE=1 /venv/bin/python /build/take_static.py /static && wait $! && \
    mkdir media && /build/normalise_times /layer && chmod 1777 media

# Runs again only when static files, their settings or the requirements changed: a COPY between
# stages goes by content.
FROM requirements AS static
COPY --from=sources /static /app
RUN --mount=type=bind,source=deploy/image/build,target=/build cd /app && \
    /venv/bin/django-admin collectstatic --no-input --pythonpath . --settings static_settings && \
    /build/normalise_times /layer

FROM ${BASE_IMAGE} AS site
ENV PATH=/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ENVIRONMENT=production \
    PORT=8000
# Onto /, and not onto a folder that would be new and so get the time of the build.
COPY --from=pruned /layer/ /
COPY --from=static /layer/ /
COPY --from=sources /layer/ /
WORKDIR /app
# No name in /etc/passwd: Heroku, for one, runs a container as a user of its own anyway.
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["python", "-I", "bin/livez"]

FROM requirements AS test-requirements
COPY requirements-dev.txt /
RUN --mount=type=secret,id=ca --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=deploy/image/build,target=/build \
    /build/install /requirements-dev.txt

# The sources are mounted over /app: bin/image test.
FROM site AS test
ENV ENVIRONMENT=test \
    HYPOTHESIS_STORAGE_DIRECTORY=/tmp/hypothesis
COPY --from=test-requirements /venv /venv

FROM site AS labelled
ARG RELEASE=unknown
ARG CREATED=""
ARG SOURCE=""
ENV RELEASE=${RELEASE}
LABEL org.opencontainers.image.title="Orange County Lettings" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.revision=${RELEASE} \
      org.opencontainers.image.created=${CREATED} \
      org.opencontainers.image.source=${SOURCE}

# Container deploys on Heroku ignore the Procfile's release line: each process is an image of its own.
FROM labelled AS release
HEALTHCHECK NONE
CMD ["bin/release-phase"]

FROM labelled AS worker
HEALTHCHECK NONE
CMD ["celery", "--app", "background", "worker"]

# What it keeps on disk, a second one or a restart need not know: background/jobs.py.
FROM labelled AS beat
HEALTHCHECK NONE
CMD ["celery", "--app", "background", "beat", "--pidfile=", "--schedule=/tmp/celerybeat-schedule"]

# Beside the worker on one machine, to look at it: compose.yaml.
FROM requirements AS flower-requirements
COPY deploy/flower/requirements.txt /requirements-flower.txt
RUN --mount=type=secret,id=ca --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=deploy/image/build,target=/build \
    /build/install /requirements-flower.txt

FROM site AS flower
COPY --from=flower-requirements /venv /venv
HEALTHCHECK NONE
CMD ["celery", "--app", "background", "flower", "--url_prefix=flower"]

FROM labelled AS web
CMD ["gunicorn", "oc_lettings_site.wsgi"]
