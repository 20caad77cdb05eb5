"""The handout in an inbox."""
