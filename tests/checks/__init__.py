"""Tests of handouts/checks."""
