"""Tests of handouts/desk."""
