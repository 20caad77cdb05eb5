"""Tests of handouts/workbench."""
