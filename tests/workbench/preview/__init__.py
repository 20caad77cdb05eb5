"""Tests of handouts/workbench/preview."""
