"""The Flask extensions, made once and joined to an application in ``create_app``."""

from __future__ import annotations

from flask_login import LoginManager
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf import CSRFProtect

# Values stay out of error messages: an exception may be logged, what a person typed may not.
db = SQLAlchemy(engine_options={"hide_parameters": True})
csrf = CSRFProtect()
login_manager = LoginManager()
