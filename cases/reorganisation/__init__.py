"""Reorganisation: plans of dated changes to who the councils are, checked, rehearsed, carried out and undone."""
