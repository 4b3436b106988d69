"""What leaves the building: the outbox, its senders and their receipts."""
