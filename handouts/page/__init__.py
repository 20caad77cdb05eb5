"""A handout in a locale becomes HTML or text."""
