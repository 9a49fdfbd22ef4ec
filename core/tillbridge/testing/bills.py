"""What the sales of the point of sale in memory hold: items, payments, comments."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from tillbridge.model.drafts import CarriedOver, SaleDraft
from tillbridge.model.words import Words
from tillbridge.pos.contract import DOES_IT_ITSELF, SaleAction, SaleChange
from tillbridge.pos.details import ItemPick, OtherCustomer, Payment, SomeItems
from tillbridge.pos.sales import Balance, PaymentTaken, SaleFacts, SaleItem, SaleView, balance

_DUE = Words("The sale is not settled.", "거래의 결제가 끝나지 않았습니다.")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Bill:
    """A sale's items, payments and comments; items that were removed are gone from it."""

    currency: str
    items: list[SaleItem]
    payments: list[Payment] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    customer: str = ""
    kept_open: str | None = None
    revision: int = 1

    @classmethod
    def of(cls, draft: SaleDraft) -> "Bill":
        """Make the bill of a new sale."""
        carried = draft.carried or CarriedOver()
        items = [
            SaleItem(
                id=str(position),
                kind=item.kind,
                product_id=item.product_id,
                description=item.description,
                quantity=item.quantity,
                net=item.net,
                tax=item.tax,
                web_line=item.web_line_id,
                added=position > len(draft.items),
            )
            for position, item in enumerate((*draft.items, *carried.items), start=1)
        ]
        comments = [*([draft.comment] if draft.comment else []), *carried.comments]
        bill = cls(draft.currency, items, comments=comments, customer=draft.customer_id)
        bill.kept_open = carried.kept_open
        return bill

    @property
    def balance(self) -> Balance:
        """What it costs and what was paid."""
        return balance(self.items, self.payments, self.currency)

    def change(self, change: SaleChange) -> Words | None:
        """Do a change; return why not. Adding items, new prices and parts of items are not offered."""
        if change.action is SaleAction.FINISH and not self.balance.settled:
            return _DUE
        if change.action in (SaleAction.ADD_ITEM, SaleAction.SET_PRICE, SaleAction.REPLACE_PRODUCT):
            return DOES_IT_ITSELF
        if change.action is SaleAction.REMOVE_ITEMS:
            self._remove(change.detail)
        if change.action is SaleAction.PAY and isinstance(change.detail, Payment):
            self.payments.append(change.detail)
        if change.action is SaleAction.SET_CUSTOMER and isinstance(change.detail, OtherCustomer):
            self.customer = change.detail.customer_id
        if change.action is SaleAction.KEEP_OPEN:
            self.kept_open = change.reason
        if change.action is SaleAction.RELEASE:
            self.kept_open = None
        if change.reason:
            self.comments.append(change.reason)
        self.revision += 1
        return None

    def _remove(self, detail: object) -> None:
        picks = detail.picks if isinstance(detail, SomeItems) else None
        self.items = [
            item for item in self.items if picks is not None and not any(_is(item, one) for one in picks)
        ]

    def view(self, facts: SaleFacts, draft: SaleDraft) -> SaleView:
        """Return the sale as the contract shows it."""
        return SaleView(
            facts=facts,
            revision=self.revision,
            kind=draft.kind,
            store=draft.store,
            customer_id=self.customer,
            currency=self.currency,
            web_total=draft.total,
            items=list(self.items),
            payments=[PaymentTaken(one, _BEGINNING, "") for one in self.payments],
            comments=list(self.comments),
            kept_open=self.kept_open,
            opened_at=_BEGINNING,
            changed_at=_BEGINNING,
        )


def _is(item: SaleItem, pick: ItemPick) -> bool:
    return item.id == pick.item if pick.item else item.web_line == pick.web_line
