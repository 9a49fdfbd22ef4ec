"""One way to tell a webstore of stock or prices: a call for some items, and the receipt of each of them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from tillbridge.plugin import Connection, HttpRejected, Outcome, Receipt, Rejected, Retryable, Words
from tillbridge_generic_webstore.calling.answers import Answer, short
from tillbridge_generic_webstore.calling.calls import CompiledCall
from tillbridge_generic_webstore.calling.templates import Template, Tree, as_text
from tillbridge_generic_webstore.expressions import Expression
from tillbridge_generic_webstore.expressions.texts import is_false
from tillbridge_generic_webstore.settings import setting_values
from tillbridge_generic_webstore.telling.steps import CompiledStep, ConflictError, Walk
from tillbridge_generic_webstore.telling.values import Item, is_same_amount, together
from tillbridge_generic_webstore.telling.words import counted, differs, refused, says, unknown

_ACCEPTED: Final = Receipt(Outcome.ACCEPTED)
_TOO_MANY: Final = 413


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How an answer tells what became of each item.

    Attributes:
        title: the webstore's name.
        each: the answer's rows; None: the answer is about one item, or says nothing of any.
        error: over a row, why it was refused.
        key: over a row, which item it is about.
        of: what `key` is compared with.
        confirms: what over a row the webstore has now, each with the placeholders that say what it was sent.
    """

    title: str
    each: Expression | None = None
    error: Expression | None = None
    key: Expression | None = None
    of: Template | None = None
    confirms: Sequence[tuple[Sequence[str], Expression]]

    @property
    def reads(self) -> bool:
        """Whether the answer is looked into at all."""
        return bool(self.each or self.error or self.confirms)

    def receipts(self, answer: Answer, items: Sequence[Item]) -> dict[str, Receipt]:
        """Return the receipt of each item."""
        if not self.reads:
            return {item.key: _ACCEPTED for item in items}
        found = self._rows(answer.json, items)
        missing = unknown(counted(self.title, len(found), len(items)))
        return {
            item.key: self._receipt(found[item.key], item) if item.key in found else missing for item in items
        }

    def _rows(self, body: Any, items: Sequence[Item]) -> dict[str, Any]:
        if self.each is None:
            return {item.key: body for item in items}
        found = self.each(body)
        rows = found if isinstance(found, list) else []
        if self.key is not None and self.of is not None:
            by_key = {as_text(key): row for row in rows if (key := self.key(row)) is not None}
            named = ((item.key, self.of.text(item.values) or "") for item in items)
            return {key: by_key[name] for key, name in named if name in by_key}
        if len(rows) != len(items):  # whose they are cannot be told
            return {}
        return {item.key: row for item, row in zip(items, rows, strict=True)}

    def _receipt(self, row: Any, item: Item) -> Receipt:
        said = self.error(row) if self.error else None
        if not is_false(said):
            return refused(says(self.title, short(said)))
        for names, expression in self.confirms:
            sent, echoed = [item.values.get(name) for name in names], expression(row)
            if not any(is_same_amount(one, echoed) for one in sent):
                return refused(differs(self.title, sent[0], echoed))
        return _ACCEPTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of `push.stock`, `push.price` or `push.offers`.

    Attributes:
        when: over an item's values, whether it is told by this.
        group_by: over an item's values, what the items of one call have in common.
        before: calls that go before it.
        call: the request.
        shared: the placeholders that all items of a call have in common.
        item: what stands in {items} for each item.
        size: how many items go in one call.
        split: a call that is refused is halved; else its items go one by one.
        holds: statuses that say that the webstore has it so already.
        key_header: the header that carries the idempotency key, or "".
        reading: what the answer tells.
    """

    when: Expression | None
    group_by: Expression | None
    before: Sequence[CompiledStep]
    call: CompiledCall
    shared: frozenset[str]
    item: Tree | None
    size: int
    split: bool
    holds: tuple[int, ...]
    key_header: str
    reading: Reading

    def takes(self, item: Item) -> bool:
        """Whether an item is told by this."""
        return self.when is None or not is_false(self.when(item.values))

    def batches(self, items: Sequence[Item]) -> Iterator[Sequence[Item]]:
        """Yield the items of one call each."""
        groups: dict[str, list[Item]] = {}
        for item in items:
            group = self.group_by(item.values) if self.group_by else None
            groups.setdefault(as_text(group), []).append(item)
        for group in groups.values():
            for start in range(0, len(group), self.size):
                yield group[start : start + self.size]

    def tell(self, connection: Connection, items: Sequence[Item]) -> dict[str, Receipt]:
        """Tell the webstore of items, and return the receipt of each.

        Raises:
            Retryable: the webstore is away.
            Misconfigured: it refuses the credentials.
        """
        try:
            answer = self._sent(connection, items)
            if answer is None:
                return {item.key: _ACCEPTED for item in items}
            failure = answer.failure
            if failure is None:
                return self.reading.receipts(answer, items)
        except HttpRejected as error:
            if error.status in self.holds and len(items) == 1:
                return {items[0].key: _ACCEPTED}
            few = self.split or error.status == _TOO_MANY
            return self._apart(connection, items, error.words, halve=few)
        except Rejected as error:
            return self._apart(connection, items, error.words, halve=self.split)
        except ConflictError:
            raise Retryable(_changing(self.reading.title)) from None
        return self._apart(connection, items, says(self.reading.title, failure), halve=self.split)

    def _sent(self, connection: Connection, items: Sequence[Item]) -> Answer | None:
        """Send the call, and return its answer; None where a look before has found that it holds already."""
        values = together(items, self.shared)
        if self.before:
            walk = Walk(title=self.reading.title, steps=self.before)
            all_of_them = [dict(one.values) for one in items]
            names = {"_item": items[0].values if self.size == 1 else None, "_items": all_of_them}
            taken = walk.take(connection, values, names)
            if taken.done:
                return None
            values |= taken.kept
        now = connection.now().isoformat().replace("+00:00", "Z")
        if self.item is not None:
            given = {**setting_values(connection.settings), "now": now}
            values["items"] = [self.item.fill({**given, **one.values}) for one in items]
        values["now"] = now
        values["key"] = _key(values)
        headers = {self.key_header: values["key"]} if self.key_header else None
        # What it is told is absolute: saying it twice is as good as once.
        return self.call.send(connection, values, repeatable=True, headers=headers)

    def _apart(
        self, connection: Connection, items: Sequence[Item], why: Words, *, halve: bool
    ) -> dict[str, Receipt]:
        """Tell a refused call's items in smaller calls, so that only the guilty one is refused."""
        if len(items) == 1:
            return {items[0].key: refused(why)}
        step = (len(items) + 1) // 2 if halve else 1
        found: dict[str, Receipt] = {}
        for start in range(0, len(items), step):
            found |= self.tell(connection, items[start : start + step])
        return found


def _key(values: Mapping[str, Any]) -> str:
    """Return a key of this call: never that of an earlier one, whose answer it would get again."""
    content = msgspec.json.encode(values, enc_hook=str)
    return hashlib.sha256(content).hexdigest()[:32]


def _changing(title: str) -> Words:
    return Words(
        f"{title} changes what it is told of while it is told. It is told again later.",
        f"{title}에서 알리는 동안 값이 바뀌었습니다. 나중에 다시 알립니다.",
    )
