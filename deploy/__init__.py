"""Release a tested image to a public site, and check the result; one folder per service."""
