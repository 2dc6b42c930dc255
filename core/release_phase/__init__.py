"""The release process, the only place that changes the schema. ``bin/release-phase`` runs it."""
