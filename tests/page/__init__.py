"""Tests of handouts/page."""
