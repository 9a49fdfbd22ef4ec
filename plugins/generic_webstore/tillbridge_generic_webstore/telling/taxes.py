"""Whether a webstore keeps its prices with tax, asked before it is told any: no price is turned by a rate."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tillbridge.plugin import Connection, Misconfigured, Offer, Outcome, Receipt, Rejected, Words
from tillbridge_generic_webstore.calling.calls import CompiledCall, Place, compile_call
from tillbridge_generic_webstore.expressions import Expression
from tillbridge_generic_webstore.expressions.texts import is_false
from tillbridge_generic_webstore.language.connecting import Call
from tillbridge_generic_webstore.language.mistakes import Mistakes
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.pushing import Push
from tillbridge_generic_webstore.telling.words import refused

_INCLUDED = "included"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceTax:
    """How a webstore is asked whether its prices include tax."""

    title: str
    call: CompiledCall
    includes_tax: Expression

    def kept(self, connection: Connection) -> bool | None:
        """Return whether they do; None where the key may not see it.

        Raises:
            Retryable: as the HTTP client does.
        """
        try:
            found = self.includes_tax(self.call.send(connection, {}, repeatable=True).checked().json)
        except (Rejected, Misconfigured):  # what is told next says so, if the key is good for nothing
            return None
        return None if found is None else not is_false(found)

    def split(self, connection: Connection, offers: list[Offer]) -> tuple[list[Offer], Mapping[str, Receipt]]:
        """Return the offers without the prices that cannot be told, and why not, by their keys."""
        kept = self.kept(connection) if any(one.price is not None for one in offers) else None
        if kept is None:
            return offers, {}
        unlike = {
            one.key: refused(_other(self.title, kept=kept))
            for one in offers
            if one.price is not None and (one.store.tax_mode == _INCLUDED) is not kept
        }
        return [replace(one, price=None) if one.key in unlike else one for one in offers], unlike


def merged(told: Mapping[str, Receipt], unlike: Mapping[str, Receipt]) -> dict[str, Receipt]:
    """Return the receipts of offers; of those that had no price to tell, that, where all else went well."""
    return {
        key: unlike[key] if key in unlike and one.outcome is Outcome.ACCEPTED else one
        for key, one in told.items()
    }


def compile_tax(profile: Profile, push: Push, mistakes: Mistakes) -> PriceTax | None:
    """Make ready what a profile says of it; what is wrong is added to `mistakes`."""
    if push.tax is None:
        return None
    place = Place(profile, ("push", "tax"), (), mistakes)
    includes = place.expression(push.tax.includes_tax, "includes_tax")
    if includes is None:
        return None
    call = compile_call(Call(get=push.tax.get), place)
    return PriceTax(title=profile.title, call=call, includes_tax=includes)


def _other(title: str, *, kept: bool) -> Words:
    if kept:
        return Words(
            f"{title} keeps its prices with tax, and the store's prices are without: the price was not told.",
            f"{title} 가격은 세금 포함이고 매장 가격은 세금 별도라서 가격을 알리지 않았습니다.",
        )
    return Words(
        f"{title} keeps its prices without tax, and the store's prices include it: the price was not told.",
        f"{title} 가격은 세금 별도이고 매장 가격은 세금 포함이라서 가격을 알리지 않았습니다.",
    )
