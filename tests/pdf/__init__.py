"""The page on paper."""
