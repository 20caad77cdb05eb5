"""Web pages for this machine, or a clinic's network: connections, answers that nobody keeps, a browser that is opened."""
