"""The JSON Schema of profiles, for editors: keys are completed and explained while one writes."""

from collections.abc import Mapping
from typing import Any, Final

from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.shapes import documentation, tables

DIALECT: Final = "http://json-schema.org/draft-07/schema#"
"""What the TOML plugins of editors read."""


def profile_schema() -> dict[str, Any]:
    """Return the schema: every table with its keys, each with what the models say of it."""
    made = Profile.model_json_schema(by_alias=True)
    definitions = {name: _plain(one) for name, one in made.pop("$defs").items()}
    models = {model.__name__: model for _, model in tables()}
    for name, definition in definitions.items():
        _describe(definition, documentation(models[name]))
    root = _plain(made)
    _describe(root, documentation(Profile))
    return {"$schema": DIALECT, **root, "title": "A profile of a webstore", "definitions": definitions}


def _describe(definition: dict[str, Any], said: Mapping[str, str]) -> None:
    for key, schema in definition["properties"].items():
        text = said.get(key, "")
        if text:
            # What stands beside a reference does not count in this dialect.
            reference = schema.pop("$ref", None)
            schema.update({"allOf": [{"$ref": reference}]} if reference else {}, description=text)


def _plain(schema: Any) -> Any:
    """Write a schema in the editors' dialect, without what TOML does not have and without made-up titles."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema.replace("#/$defs/", "#/definitions/") if isinstance(schema, str) else schema
    made = {
        key: {name: _plain(one) for name, one in value.items()} if key == "properties" else _plain(value)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None)
    }
    if "prefixItems" in made:
        made["items"] = made.pop("prefixItems")
    if "anyOf" in made:
        forms = [one for one in made.pop("anyOf") if one != {"type": "null"}]
        made.update(forms[0] if len(forms) == 1 else {"anyOf": forms})
    return made
