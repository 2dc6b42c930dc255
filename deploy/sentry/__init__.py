"""What Sentry, or a server that speaks its protocol, hears of a release and says of an error."""
