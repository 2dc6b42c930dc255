"""The whole way on one machine: registry, engine, platform, errors, and what it proves."""
