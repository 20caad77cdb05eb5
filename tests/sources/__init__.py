"""Tests of handouts/sources."""
