"""The demonstration partnership: invented people and cases, seeded and dated from today."""
