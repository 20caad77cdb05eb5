"""Tests of handouts/cluster."""
