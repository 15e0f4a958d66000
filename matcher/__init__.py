"""The domain: directory, passages, retrieval, ranking, explanation. No SQL, no HTTP, no command line."""
