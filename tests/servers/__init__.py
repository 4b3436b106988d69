"""Throw-away servers for tests: each on a free loopback port, its data in a folder of its own that goes with it."""
