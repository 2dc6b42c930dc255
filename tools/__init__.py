"""Programs for developers, which no page of the site needs."""
