"""A terminal and the commands typed into it."""
