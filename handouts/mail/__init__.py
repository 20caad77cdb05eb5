"""From composed HTML to e-mail."""
