"""Report releases to Sentry, or a server with its protocol, and look up errors there."""
