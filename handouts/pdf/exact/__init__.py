"""The only door to WeasyPrint's insides: exact text, tags, painting order, claims."""
