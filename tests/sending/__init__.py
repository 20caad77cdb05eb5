"""Tests of handouts/sending."""
