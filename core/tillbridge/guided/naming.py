"""What lines of an order are called in sentences for staff."""

from collections.abc import Sequence

from tillbridge.guided.scenes import Scene
from tillbridge.model.words import Words


def titles(scene: Scene, line_ids: Sequence[str]) -> Words:
    """Return what these lines are called."""
    names = [line.title for line in scene.lines if line.id in line_ids]
    return Words(", ".join(f"“{name}”" for name in names), ", ".join(f"‘{name}’" for name in names))
