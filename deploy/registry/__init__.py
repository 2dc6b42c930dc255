"""Container registries, by their own HTTP API: what images are called, are, and are refused for.

https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md
"""
