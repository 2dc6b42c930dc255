"""What every app builds on. Nothing here imports an app."""
