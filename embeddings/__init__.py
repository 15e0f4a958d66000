"""Text to vectors to nearest passages. Knows text and arrays; no providers, no countries."""
