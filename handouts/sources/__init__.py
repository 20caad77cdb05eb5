"""What people wrote, read once: content, locales, catalogs, glossary, signatures."""
