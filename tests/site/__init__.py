"""Tests of handouts/site."""
