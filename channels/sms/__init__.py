"""Text messages: what arrives, and the conversation that answers it."""
