"""Tests of handouts/pdf/exact."""
