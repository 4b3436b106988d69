"""Signing in and out."""

from app.account.views import blueprint

__all__ = ["blueprint"]
