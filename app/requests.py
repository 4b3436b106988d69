"""The request whose every text has passed the cleaner, so that no view can forget it."""

from __future__ import annotations

from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, Map
from werkzeug.utils import cached_property

from cases.row_ids import LARGEST
from cases.text_cleaning import clean


class CleanRequest(Request):
    """Form, query, JSON and address parts come cleaned; ``form_as_sent`` keeps what a signature was made over."""

    _view_args: dict[str, Any] | None = None

    def __init__(self, environ: Any, populate_request: bool = True, shallow: bool = False) -> None:
        super().__init__(environ, populate_request, shallow)
        # Bytes that are no UTF-8 would raise wherever the query is first read.
        self.query_string = self.query_string.decode("utf-8", "replace").encode()

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        self.__dict__["_form_as_sent"] = self.__dict__["form"]
        self.__dict__["form"] = _clean_pairs(self.__dict__["form"])

    @property
    def form_as_sent(self) -> MultiDict[str, str]:
        """The form before cleaning. Only for checking a signature and for the inbox."""
        self._load_form_data()
        sent: MultiDict[str, str] = self.__dict__["_form_as_sent"]
        return sent

    @cached_property
    def args(self) -> ImmutableMultiDict[str, str]:
        return _clean_pairs(super().args)

    @property
    def view_args(self) -> dict[str, Any] | None:
        return self._view_args

    @view_args.setter
    def view_args(self, value: dict[str, Any] | None) -> None:
        self._view_args = None if value is None else clean_nested(value)

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        return clean_nested(super().get_json(force=force, silent=silent, cache=cache))


class RowIdInAddress(IntegerConverter):
    """``<int:…>``: a number that can be no row's id is no such page, instead of an error of the database."""

    regex = r"\d{1,10}"

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST)


def clean_nested(value: Any) -> Any:
    """The same structure with every text in it cleaned, keys too."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean_nested(key): clean_nested(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_nested(item) for item in value]
    return value


def _clean_pairs(pairs: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict([(clean(key), clean(value)) for key, value in pairs.items(multi=True)])
