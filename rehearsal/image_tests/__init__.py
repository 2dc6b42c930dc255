"""Hold the image to what is promised of it: `bin/image check`. Needs Docker."""
