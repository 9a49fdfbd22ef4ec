"""A profile made ready for work: once for each provider, when it is loaded."""

from dataclasses import dataclass

from tillbridge_generic_webstore.language.positions import Positions
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.mapping import Mapper


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledProfile:
    """A profile without a mistake, and what was made of its parts.

    Attributes:
        profile: as the file says it.
        file: the file, as people know it ("shop.toml").
        positions: the line of each of its keys.
        mapper: what turns an order's bytes into a web order.
    """

    profile: Profile
    file: str
    positions: Positions
    mapper: Mapper
