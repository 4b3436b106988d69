"""Passwords: hashed with Argon2id, and checked in the same time whether or not there is such a person."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 12
LONGEST = 256
_TOO_COMMON = ("password", "qwerty", "letmein", "welcome", "123456", "shirehall", "council")

_hasher = PasswordHasher()


def set_cost(hasher: PasswordHasher) -> None:
    """Hash with other settings from here on: tests sign in often and need no slow hash."""
    global _hasher
    _hasher = hasher
    _nobodys_hash.cache_clear()


def hash_password(password: str) -> str:
    return _hasher.hash(_normal(password))


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether it fits. With no hash it takes as long and says no, so that time tells nobody who works here."""
    try:
        _hasher.verify(password_hash or _nobodys_hash(), _normal(password))
    except (Argon2Error, InvalidHashError):
        return False
    return password_hash is not None


def needs_new_hash(password_hash: str) -> bool:
    """Whether it was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(password_hash)


def password_problem(password: str, *about: str) -> str | None:
    """Why it is too easy to guess, as a plain sentence; ``about`` holds the person's own name and e-mail."""
    folded = _normal(password).casefold()
    if len(folded) < SHORTEST:
        return f"Use at least {SHORTEST} characters. Three words in a row are easy to remember."
    if len(folded) > LONGEST:
        return f"Use at most {LONGEST} characters."
    remains = folded
    for word in (*_TOO_COMMON, *_words(about)):
        remains = remains.replace(word, "")
    if len(set(remains)) < 5:
        return "This password is too easy to guess. Use words that have nothing to do with you or your work."
    return None


def _words(about: tuple[str, ...]) -> list[str]:
    split = (word for text in about for word in text.casefold().replace("@", " ").replace(".", " ").split())
    return [word for word in split if len(word) > 2]


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password")
