"""A profile made ready for work: once for each provider, when it is loaded."""

from dataclasses import dataclass

from tillbridge_generic_webstore.calling.lister import Lister
from tillbridge_generic_webstore.calling.listings import ListingReader
from tillbridge_generic_webstore.hearing import Hearer
from tillbridge_generic_webstore.language.positions import Positions
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.mapping import Mapper
from tillbridge_generic_webstore.reaching import Reach
from tillbridge_generic_webstore.telling import Teller


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledProfile:
    """A profile without a mistake, and what was made of its parts.

    Attributes:
        profile: as the file says it.
        file: the file, as people know it ("shop.toml").
        positions: the line of each of its keys.
        mapper: what turns an order's bytes into a web order.
        reach: how the webstore is reached.
        lister: what reads its orders.
        listings: what reads the webstore's items; None where the profile does not say.
        teller: what tells the webstore of orders, stock and prices; None where it is told nothing.
        hearer: what takes the webstore's own requests; None where it sends none.
    """

    profile: Profile
    file: str
    positions: Positions
    mapper: Mapper
    reach: Reach
    lister: Lister
    listings: ListingReader | None
    teller: Teller | None
    hearer: Hearer | None
