"""Commands that remove duplicate in-store products: find, preview, merge, undo."""

from typing import Annotated, Any

import typer
from rich.text import Text

from tillbridge.cli.found import card_data, card_table
from tillbridge.cli.healed import said_healed
from tillbridge.cli.local_pos import embedded
from tillbridge.cli.orders_as import Zones, quantity_data, time_text
from tillbridge.cli.session import Session, session_of
from tillbridge.cli.signing import REASON, WHO, sign
from tillbridge.pos.embedded.duplicates import INVENTORY_ONLY, DuplicateGroup
from tillbridge.pos.embedded.merging import MergeOrder, MergePreview


def find(
    context: typer.Context,
    *,
    inventory_only: Annotated[
        bool, typer.Option("--inventory-only", help="Leave out products without stock; these compete too.")
    ] = False,
) -> None:
    """Find duplicate in-store products: those that share a number, so that orders find neither."""
    session = session_of(context)
    with session.engine() as engine:
        found = embedded(engine).duplicates(inventory_only=inventory_only)
    if session.as_json:
        session.give([_group_data(one) for one in found])
        return
    if inventory_only:
        session.say(Text(INVENTORY_ONLY.say(session.language), style="yellow"), "")
    if not found:
        session.say(session.words("No products share a number.", "번호가 겹치는 제품이 없습니다."))
    for one in found:
        _show_group(session, one)
        kept, *others = (card.id for card in one.products)
        session.say(f"tillbridge product merge {kept} {' '.join(others)} --dry-run", "")


def merge(  # noqa: PLR0913  # what a person is asked, as options
    context: typer.Context,
    keep: Annotated[str, typer.Argument(metavar="KEEP", help="The product that is kept.")],
    others: Annotated[list[str], typer.Argument(metavar="OTHERS", help="What is merged into it.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be merged.")] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Though there are doubts that they are one product.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    reason: REASON = "",
    who: WHO = "",
) -> None:
    """Merge products into one: stock and numbers go over, the merged ones stay as aliases."""
    session = session_of(context)
    signature = sign(who, reason)
    with session.engine() as engine:
        pos = embedded(engine)
        seen = pos.preview_merge(keep, others)
        asks = session.interactive and not yes
        if dry_run or asks:
            _show_preview(session, seen)
        if asks and not dry_run and not typer.confirm(session.words("Merge them?", "합칠까요?")):
            raise typer.Exit(1)
        healed = 0
        if not dry_run:
            order = MergeOrder(
                kept=keep, merged=others, who=signature.who, reason=signature.reason, anyway=anyway
            )
            seen = pos.merge(order)
            healed = engine.heal(signature)
    if session.as_json:
        session.give(_preview_data(seen) | {"dry_run": dry_run, "healed": healed})
    elif not dry_run:
        named = ", ".join(card.id for card in seen.group.products[1:])
        kept = seen.group.products[0].id
        session.say(
            session.words(f"{named} merged into {kept}.", f"{named}을(를) {kept}에 합쳤습니다."),
            said_healed(healed).say(session.language),
        )


def unmerge(
    context: typer.Context,
    product: Annotated[str, typer.Argument(help="The product that was merged into another.")],
    *,
    who: WHO = "",
) -> None:
    """Undo a merge, while no stock has moved since."""
    session = session_of(context)
    with session.engine() as engine:
        signature = sign(who, "")
        kept = embedded(engine).unmerge(product, signature.who)
        healed = engine.heal(signature)
    if session.as_json:
        session.give({"kept": kept, "healed": healed})
        return
    session.say(
        session.words(
            f"{product} stands beside {kept} again.", f"{product}을(를) {kept}에서 다시 분리했습니다."
        ),
        said_healed(healed).say(session.language),
    )


def merges(context: typer.Context) -> None:
    """List what was merged, by whom and why, the newest first."""
    session = session_of(context)
    with session.engine() as engine:
        found = embedded(engine).merges()
        zone = Zones(engine.pos.stores()).of(None)
    if session.as_json:
        session.give(
            [
                {
                    "kept": one.kept,
                    "merged": one.merged,
                    "description": one.description,
                    "at": one.at.isoformat(),
                    "who": one.who,
                    "reason": one.reason,
                    "undone_at": one.undone_at.isoformat() if one.undone_at else None,
                }
                for one in found
            ]
        )
        return
    if not found:
        session.say(session.words("Nothing was merged.", "합친 제품이 없습니다."))
    for one in found:
        undone = session.words("  (undone)", "  (되돌림)") if one.undone_at else ""
        moment = time_text(one.at, zone, session.language)
        session.say(
            f"{moment}  {one.who}: {one.merged} {one.description} → {one.kept}  {one.reason}".rstrip()
            + undone
        )


def _show_group(session: Session, group: DuplicateGroup) -> None:
    session.say(card_table(group.products, session.language))
    shared = ", ".join(
        f"{one.kind.value.upper().replace('_', ' ')} {one.value} ({', '.join(one.products)})"
        for one in group.shared
    )
    session.say(session.words(f"Shared: {shared or '-'}", f"겹치는 번호: {shared or '-'}"))
    for words in group.doubts:
        session.say(Text(words.say(session.language), style="yellow"))


def _show_preview(session: Session, seen: MergePreview) -> None:
    _show_group(session, seen.group)
    kept = seen.group.products[0]
    stock = ", ".join(f"{store} {quantity_data(pieces)}" for store, pieces in seen.on_hand.items()) or "0"
    numbers = ", ".join(seen.numbers)
    session.say(
        session.words(
            f"Afterwards: {kept.description} ({kept.id}), on hand {stock}, numbers {numbers}",
            f"합친 뒤: {kept.description}({kept.id}), 재고 {stock}, 번호 {numbers}",
        )
    )


def _group_data(group: DuplicateGroup) -> dict[str, Any]:
    return {
        "products": [card_data(card) for card in group.products],
        "shared": [
            {"kind": one.kind.value, "value": one.value, "products": list(one.products)}
            for one in group.shared
        ],
        "doubts": [{"en": words.en, "ko": words.ko} for words in group.doubts],
    }


def _preview_data(seen: MergePreview) -> dict[str, Any]:
    return _group_data(seen.group) | {
        "on_hand": {store: quantity_data(pieces) for store, pieces in seen.on_hand.items()},
        "numbers": list(seen.numbers),
    }


def add_to(app: typer.Typer) -> None:
    """Add these commands to those about products."""
    for name, function in (("duplicates", find), ("merge", merge), ("unmerge", unmerge), ("merges", merges)):
        app.command(name)(function)
