"""From composed HTML to PDF. What it reads of the machine are its fonts, and the cache of their subsets."""
