"""E-mails go to people: lists, servers, the ledger."""
