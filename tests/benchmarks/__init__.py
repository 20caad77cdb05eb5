"""Measurements: not tests, run by hand."""
