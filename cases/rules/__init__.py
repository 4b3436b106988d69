"""Changing who does what: the shape of a change, what makes it a bad one, and what it would have decided otherwise."""
