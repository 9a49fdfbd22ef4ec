"""A store: what it refuses, and what reading one costs."""

import pytest
from pydantic import ValidationError

from shop import SEOUL
from tillbridge.model import stores
from tillbridge.model.stores import Store


def test_a_zone_that_does_not_exist_is_refused_with_an_example():
    with pytest.raises(ValidationError, match="no IANA time zone; an example is Asia/Seoul"):
        Store.model_validate({**SEOUL.model_dump(), "timezone": "Asia/Soul"})


def test_reading_a_store_again_does_not_list_the_machines_zones_again(monkeypatch):
    """Listing them walks through the disk, and a store is read at every poll."""
    text = SEOUL.model_dump_json()
    Store.model_validate_json(text)
    monkeypatch.setattr(stores, "available_timezones", lambda: pytest.fail("listed again"))

    assert SEOUL == Store.model_validate_json(text)
