"""Makes the push tables of a profile ready for work, and finds what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tillbridge.plugin import Words
from tillbridge_generic_webstore.calling.calls import Place, compile_call
from tillbridge_generic_webstore.calling.templates import Tree, compile_template, compile_tree
from tillbridge_generic_webstore.language.connecting import Call
from tillbridge_generic_webstore.language.mistakes import Mistakes, Path
from tillbridge_generic_webstore.language.profile import Profile
from tillbridge_generic_webstore.language.pushing import (
    OfferPush,
    Push,
    ReceiptForm,
    Repeat,
    StatusPush,
    Step,
)
from tillbridge_generic_webstore.telling import status as statuses_
from tillbridge_generic_webstore.telling.entries import Entry, Reading
from tillbridge_generic_webstore.telling.outline import BY_LINES, REFUNDED, given_by, outline_of, with_shared
from tillbridge_generic_webstore.telling.status import Look, Status
from tillbridge_generic_webstore.telling.steps import CompiledStep, Walk
from tillbridge_generic_webstore.telling.values import NAMES, PRICES, extras_of

_KINDS: Final = ("stock", "price", "offers")
_CONFIRMS: Final[Mapping[str, tuple[str, str]]] = {
    "stock": ("stock", ""),
    "price": ("price", ""),
    "offers": ("stock", "price"),
}
"""By kind what `confirm` and `confirm_price` are compared with."""
_HEADER: Final = "header:"
_OF_ITEMS: Final = ("_let", "_item", "_items")


@dataclass(slots=True)
class Compiling:
    """Compiles `[push]`; what is wrong is added to `mistakes`."""

    profile: Profile
    push: Push
    mistakes: Mistakes

    # What became of an order

    def statuses(self) -> dict[str, Status]:
        """Return how each thing is told that the profile has words for."""
        given = dict(given_by(self.push))
        made = {
            name: self._status(name, push, path) for name, (push, path) in given.items() if push.use is None
        }
        for name, (push, path) in given.items():
            if push.use is None:
                continue
            if push.use in made:
                made[name] = made[push.use]
            else:
                self._add((*path, "use"), _nothing_to_use(push.use))
        return made

    def check_lines(self) -> None:
        """Note where single lines are told in some of the tables only."""
        given = {name: push for name, (push, _) in given_by(self.push) if name in BY_LINES}
        told = {name for name, push in given.items() if push.lines}
        if told and told != set(given):
            self._add(("push", min(set(given) - told)), _lines_of_all(sorted(told)))

    def _status(self, name: str, push: StatusPush, path: Path) -> Status:
        is_state = name != REFUNDED
        names, steps = set(statuses_.NAMES if is_state else statuses_.REFUND_NAMES), []
        places = [((*path, "steps", at), step) for at, step in enumerate(push.steps)] or [(path, push)]
        for where, step in places:
            steps.append(self._step(step, where, frozenset(names), push.repeat))
            names |= set(step.let)
        repeat = push.repeat
        again = (is_state and repeat == "natural") or bool(isinstance(repeat, Repeat) and repeat.key)
        return Status(
            walk=Walk(
                title=self.profile.title,
                steps=steps,
                repeatable=True if again else None,
                key_header=_header(repeat),
            ),
            word=push.status,
            look=self._look(repeat, (*path, "repeat")) if isinstance(repeat, Repeat) else None,
            money=self.profile.defaults.money,
        )

    def _step(
        self,
        step: Step,
        path: Path,
        names: frozenset[str],
        repeat: object,
        inner: Sequence[str] = ("_let", "_told"),
    ) -> CompiledStep:
        more = frozenset({"each"}) if step.each is not None else frozenset()
        place = Place(self.profile, path, names | more, self.mistakes)
        let = {name: place.expression(one, "let", name, names=inner) for name, one in step.let.items()}
        return CompiledStep(
            call=compile_call(_with_key(step, repeat), place),
            each=place.expression(step.each, "each", names=inner),
            let={name: one for name, one in let.items() if one is not None},
            done=place.expression(step.done, "done", names=inner),
            unless=place.expression(step.unless, "unless", names=inner),
            confirm=place.expression(step.confirm, "confirm", names=inner),
            equals=place.template(step.equals, "equals") if step.confirm else None,
            conflict=step.conflict,
            holds=step.holds,
        )

    def _look(self, repeat: Repeat, path: Path) -> Look | None:
        if repeat.look is None:
            return None
        place = Place(self.profile, path, statuses_.NAMES, self.mistakes)
        at = place.expression(repeat.at, "at")
        if at is None:
            if repeat.at is None:
                self._add(path, _NO_AT)
            return None
        return Look(
            call=compile_call(Call(get=repeat.look), place), at=at, has=place.template(repeat.has, "has")
        )

    # Stock and prices

    def entries(self) -> dict[str, list[Entry]]:
        """Return the ways to tell of stock, prices, or both."""
        if self.push.offers and (self.push.stock or self.push.price):
            self._add(("push", "offers"), _TOGETHER)
        return {
            kind: [
                self._entry(push, kind, ("push", kind, at))
                for at, push in enumerate(getattr(self.push, kind))
            ]
            for kind in _KINDS
        }

    def check_listings(self) -> None:
        """Note where items are told by the webstore's own, and no list tells which those are."""
        if self.profile.listings is None and outline_of(self.profile).exporting.by_listing:
            self._add(("push",), _NO_LISTINGS)

    def _entry(self, given: OfferPush, kind: str, path: Path) -> Entry:
        push = self._with_shared(given, path)
        of_item = NAMES | extras_of(self.profile)
        item_place = Place(self.profile, path, of_item | {"now"}, self.mistakes)
        item = self._item(push, item_place)
        shared = of_item if push.size == 1 else of_item & {push.group_by or ""}
        names = shared | {"now", "key"}
        before = []
        for at, step in enumerate(push.before):
            before.append(self._step(step, (*path, "before", at), names, None, _OF_ITEMS))
            names |= set(step.let)
        more = {"items"} if item is not None else set()
        place = Place(self.profile, path, names | more, self.mistakes)
        call = compile_call(_with_key(push, push.repeat), place)
        used = call.names.union(item.names if item else (), *(one.call.names for one in before))
        if push.size > 1 and item is None:
            self._add((*path, "size"), _NO_ITEM)
        if isinstance(push.repeat, Repeat) and push.repeat.look is not None:
            self._add((*path, "repeat"), _LOOK_OF_OFFERS)
        return Entry(
            when=item_place.expression(push.when, "when"),
            group_by=item_place.expression(push.group_by, "group_by"),
            call=call,
            shared=used & shared,
            before=before,
            item=item,
            size=push.size,
            split=push.on_error == "split",
            holds=push.holds,
            key_header=_header(push.repeat),
            reading=self._reading(push, kind, item_place, used),
        )

    def _with_shared(self, push: OfferPush, path: Path) -> OfferPush:
        if push.use is not None and push.use not in self.push.shared:
            self._add((*path, "use"), _no_shared(push.use, list(self.push.shared)))
        return with_shared(self.push, push)

    def _item(self, push: OfferPush, place: Place) -> Tree | None:
        if push.item is None:
            return None
        return compile_tree(push.item, place.allowed, (*place.path, "item"), self.mistakes)

    def _reading(self, push: OfferPush, kind: str, place: Place, used: frozenset[str]) -> Reading:
        form, path = push.receipt or ReceiptForm(), (*place.path, "receipt")
        at = Place(self.profile, path, place.names, self.mistakes)
        given = dict(zip(("confirm", "confirm_price"), _CONFIRMS[kind], strict=True))
        confirms = [
            (_sent(name, used), made)
            for key, name in given.items()
            if name and (made := at.expression(getattr(form, key), key)) is not None
        ]
        if push.size > 1 and form.each is None and (form.error or confirms or form.key):
            self._add(path, _NO_EACH)
        return Reading(
            title=self.profile.title,
            each=at.expression(form.each, "each"),
            error=at.expression(form.error, "error"),
            key=at.expression(form.key, "key"),
            of=compile_template(form.of, place.allowed, (*path, "of"), self.mistakes) if form.key else None,
            confirms=confirms,
        )

    def _add(self, path: Path, words: Words) -> None:
        self.mistakes.add(path, words)


def _sent(name: str, used: frozenset[str]) -> Sequence[str]:
    """Return what may come back of a value: it as it was sent, or as the webstore writes amounts."""
    further = [one for one in PRICES if one in used and one != name] if name in PRICES else []
    return [name, *further] if name in used else [*further, name]


def _header(repeat: object) -> str:
    """Return the header of the idempotency key, or ""."""
    key = repeat.key if isinstance(repeat, Repeat) else None
    return key.removeprefix(_HEADER) if key and key.startswith(_HEADER) else ""


def _with_key(call: Call, repeat: object) -> Call:
    """Return a call with the idempotency key in its body, where the key has a field of its own there."""
    key = repeat.key if isinstance(repeat, Repeat) else None
    if not key or key.startswith(_HEADER):
        return call
    under = "variables" if call.graphql is not None else "body"
    body: Any = getattr(call, under) or {}
    return call.model_copy(update={under: {key: "{key}", **body}}) if isinstance(body, dict) else call


_NO_AT: Final = Words(
    "look needs at: where in its answer to look", "look에는 응답에서 볼 곳을 나타내는 at이 필요합니다"
)
_TOGETHER: Final = Words(
    "offers tells stock and price in one call; stock and price stand beside it",
    "offers는 재고와 가격을 한 번에 보냅니다. stock이나 price와 함께 쓸 수 없습니다",
)
_NO_LISTINGS: Final = Words(
    "is addressed by the webstore's own items ({id}), and there are no [listings] to know them by",
    "웹스토어 항목({id})으로 보내지만, 항목을 알 수 있는 [listings]가 없습니다",
)
_NO_ITEM: Final = Words(
    "several items in one call need item: what stands in {items} for each",
    "여러 항목을 한 번에 보내려면 {items}에 들어갈 item이 필요합니다",
)
_NO_EACH: Final = Words(
    "several items in one call need each: where the answer's rows are",
    "여러 항목을 한 번에 보내려면 응답의 행을 나타내는 each가 필요합니다",
)
_LOOK_OF_OFFERS: Final = Words(
    'stock and prices are absolute: "natural", or { key = … }',
    '재고와 가격은 절대값입니다. "natural" 또는 { key = … }를 써 주세요',
)


def _no_shared(name: str, known: Sequence[str]) -> Words:
    listed = ", ".join(known) or "-"
    return Words(
        f"there is no [push.shared.{name}] ({listed})", f"[push.shared.{name}]이(가) 없습니다({listed})"
    )


def _nothing_to_use(name: str) -> Words:
    return Words(
        f"there is no push.{name} with a call of its own", f"자체 호출이 있는 push.{name}이(가) 없습니다"
    )


def _lines_of_all(told: Sequence[str]) -> Words:
    listed = ", ".join(told)
    return Words(
        f"lines = true stands at {listed} only: a webstore is told of single lines in all of them or in none",
        f"lines = true가 {listed}에만 있습니다. 모두에 쓰거나 모두 빼 주세요",
    )
