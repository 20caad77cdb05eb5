"""IPT Handouts: content in one language, catalogs and a clinic's facts become handouts."""

__version__ = "0.1.0"
