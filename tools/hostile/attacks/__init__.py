"""The attacks, one module a kind; what one looks like: tools/hostile/__init__.py."""
