"""Tests of handouts/cli."""
