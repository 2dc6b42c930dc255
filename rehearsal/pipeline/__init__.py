"""The delivery workflow as it stands in .circleci/config.yml: read, decided, run."""
