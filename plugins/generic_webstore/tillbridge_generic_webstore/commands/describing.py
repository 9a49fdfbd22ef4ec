"""`profile schema`: the language of profiles for editors."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer

from tillbridge.plugin import InputError, Words, command_line
from tillbridge_generic_webstore.language.schema import profile_schema


def schema(
    context: typer.Context,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; otherwise it is printed.")
    ] = None,
) -> None:
    """Write the JSON Schema of profiles, by which an editor completes and explains their keys."""
    line = command_line(context)
    made = profile_schema()
    if output is None:
        line.give(made)
        return
    try:
        output.write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise InputError(
            Words(
                f"{output} cannot be written ({type(error).__name__}).",
                f"{output} 파일을 쓸 수 없습니다({type(error).__name__}).",
            )
        ) from error
    line.say(line.words(f"Written: {output}", f"저장했습니다: {output}"))


COMMANDS: Final[dict[str, Callable[..., None]]] = {"schema": schema}
