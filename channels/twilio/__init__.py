"""Everything that knows Twilio. No other package uses its words."""
