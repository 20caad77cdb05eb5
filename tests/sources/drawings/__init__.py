"""Tests of handouts.sources.drawings."""
