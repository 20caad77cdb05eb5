"""The release gate: what was made is read back and held against what was meant."""
