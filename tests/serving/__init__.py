"""Tests of handouts/serving."""
