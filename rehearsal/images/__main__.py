"""python -m rehearsal.images [ROLE...]: build the images of these roles, or of all."""

from __future__ import annotations

import argparse
import sys
import time

from deploy.image.docker import DockerFailed

from . import ON_DEMAND, ROLES, build, image


def main() -> None:
    """Build the images that the arguments name, and print the seconds it took."""
    parser = argparse.ArgumentParser(prog="python -m rehearsal.images", description=__doc__)
    parser.add_argument("roles", nargs="*", metavar="ROLE", help=", ".join((*ROLES, *ON_DEMAND)))
    parser.add_argument("--no-cache", action="store_true", help="build every layer anew")
    given = parser.parse_args()
    began = time.monotonic()
    try:
        build(given.roles or ROLES, no_cache=given.no_cache)
    except (DockerFailed, ValueError) as error:
        sys.exit(
            f"images: {error}\n  where the base can't be pulled: sudo deploy/image/base/build, "
            "and do as it says"
        )
    print(*map(image, given.roles or ROLES), sep="\n")
    print(f"images: {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
