"""What the rehearsal proves; each proof is a function that gives its evidence or raises."""
