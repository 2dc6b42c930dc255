"""The images that are pushed: the very ones that deploy/image/tests looks at."""

from deploy.image.tests.conftest import (  # noqa: F401
    base_layers,
    clone,
    leave_nothing_behind,
    release,
    source,
    web,
)
