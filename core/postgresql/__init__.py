"""Django's backend for PostgreSQL, with a circuit breaker: a server that is away holds one up."""
