"""A translator's tools: a new locale, the preview, proofs, signatures, status."""
