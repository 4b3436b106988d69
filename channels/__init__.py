"""The outside world, one room a channel. Channels use the domain and never the application."""
