"""Tests of handouts/mail."""
