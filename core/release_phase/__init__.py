"""The release process: the one place where the schema changes. ``bin/release-phase`` runs it."""
