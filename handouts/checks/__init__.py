"""What is wrong in the sources, as problems."""
