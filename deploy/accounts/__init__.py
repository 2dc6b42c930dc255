"""Set up a new project's accounts through the APIs of the services."""
