"""What the templates make: the page on paper, the e-mail, the text."""
