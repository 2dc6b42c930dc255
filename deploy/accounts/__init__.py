"""What a new project's accounts need, made by the services' own programming interfaces."""
