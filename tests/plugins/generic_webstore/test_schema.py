"""The JSON Schema takes what the program takes, refuses its mistakes, and explains the keys."""

import tomllib

import jsonschema
import pytest

from kiosk_profile import PROFILE
from tillbridge_generic_webstore.finding import presets
from tillbridge_generic_webstore.language.schema import profile_schema

SCHEMA = profile_schema()
CHECK = jsonschema.Draft7Validator(SCHEMA)


def test_it_is_a_schema_of_the_dialect_that_editors_read():
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_it_takes_a_profile_without_a_mistake():
    CHECK.validate(tomllib.loads(PROFILE))


@pytest.mark.parametrize("preset", list(presets()), ids=lambda one: one.name)
def test_it_takes_every_preset(preset):
    CHECK.validate(tomllib.loads(preset.text))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('number = "number"', 'numbr = "number"', "order"),
        ('number = "number"', "number = 5", "order.number"),
        ('done = "fulfilled"', 'done = "full"', "order.standing.0.map"),
        ('by = "since"', 'by = "time"', "orders.paging.by"),
        ('currency = "currency"\n', "", "order"),
    ],
)
def test_it_refuses_what_the_program_refuses(old, new, place):
    found = list(CHECK.iter_errors(tomllib.loads(PROFILE.replace(old, new, 1))))

    assert [".".join(map(str, one.absolute_path)) for one in found] == [place]


def test_a_key_is_explained_as_the_models_say():
    setting = SCHEMA["definitions"]["Setting"]

    assert setting["properties"]["find"]["description"] == "Where in the webstore's admin the user finds it."
    assert setting["description"].startswith("`[settings.NAME]`")


def test_nothing_in_it_speaks_of_null():
    """TOML has none: an editor must not propose it."""
    assert '"null"' not in str(SCHEMA).replace("'", '"')
