"""Small twins of CircleCI, Docker Hub and Sentry: what `bin/setup-accounts` asks of them."""
