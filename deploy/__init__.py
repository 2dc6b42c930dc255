"""How a tested image reaches a public site, and how that is checked; one folder a target."""
