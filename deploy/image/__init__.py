"""The site's Docker image: what ``bin/image`` does; ``build/`` is what the Dockerfile runs."""
