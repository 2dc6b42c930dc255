"""Django's backend for PostgreSQL, with a circuit breaker for a server that does not answer."""
