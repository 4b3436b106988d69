"""Following a case: by its reference and a second proof, without an account."""

from app.tracking.views import blueprint

__all__ = ["blueprint"]
