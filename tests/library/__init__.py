"""Tests of handouts/library."""
