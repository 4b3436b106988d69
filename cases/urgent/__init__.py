"""The urgent hand-over's pure part: which group a matter belongs to, and whom to ring at a given minute."""
