"""The tests on other days: bin/test-dates."""
