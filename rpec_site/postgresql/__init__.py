"""Django's PostgreSQL, which gives up waiting for a server that does not answer (decision 27)."""
