"""From composed HTML to PDF: fonts and rendering."""
