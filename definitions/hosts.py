"""The names by which a machine calls itself."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")
