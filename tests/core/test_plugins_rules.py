"""What a plugin's match rule answers is held to the contract whenever it is asked."""

from collections.abc import Callable
from typing import Any

import pytest

from orders import line, order
from stub_plugins import load, module
from tillbridge.matching.rules import CustomerMatchRule, ProductMatchRule
from tillbridge.model.errors import PluginError
from tillbridge.model.identifiers import IdentifierKind
from tillbridge.model.words import Words
from tillbridge.pos.contract import CustomerKey, CustomerKeyKind, ProductKey

TITLE = Words("Own", "자체")
KEY = ProductKey(IdentifierKind.SKU, "B-1")
LINE = line("1")
ORDER = order("A1", LINE)


def product_rule(keys: Callable[..., Any]) -> ProductMatchRule:
    """The rule of a loaded plugin, as the engine gets it."""
    made = ProductMatchRule(name="own", title=TITLE, rank=400, keys=keys)
    (rule,) = load(bad=module(product_match_rules=lambda: [made])).product_rules()
    return rule


def customer_rule(keys: Callable[..., Any]) -> CustomerMatchRule:
    """As above."""
    made = CustomerMatchRule(name="card", title=TITLE, rank=50, keys=keys)
    (rule,) = load(bad=module(customer_match_rules=lambda: [made])).customer_rules()
    return rule


def fault(rule: Any, *subject: object) -> Words:
    with pytest.raises(PluginError) as raised:
        tuple(rule.keys(*subject))
    return raised.value.words


@pytest.mark.parametrize("answer", [lambda: iter([KEY]), lambda: [KEY], lambda: {KEY}])
def test_a_rule_may_answer_with_anything_that_holds_keys(answer: Callable[[], Any]) -> None:
    assert (KEY,) == tuple(product_rule(lambda _, __: answer()).keys(ORDER, LINE))


def test_a_customer_rule_gets_the_country() -> None:
    rule = customer_rule(lambda _, country: [CustomerKey(CustomerKeyKind.ID, country)])

    assert (CustomerKey(CustomerKeyKind.ID, "KR"),) == tuple(rule.keys(ORDER, "KR"))


@pytest.mark.parametrize(
    ("answer", "given"),
    [
        (None, "NoneType"),
        (7, "int"),
        ("B1", "str in place of a ProductKey"),
        ([None], "NoneType in place of a ProductKey"),
        ([KEY, ("sku", "B-1", "")], "tuple in place of a ProductKey"),
        ([CustomerKey(CustomerKeyKind.ID, "C1")], "CustomerKey in place of a ProductKey"),
        ([ProductKey("sku", "B-1")], "a ProductKey whose kind is str, not one of IdentifierKind"),  # type: ignore[arg-type]  # that is the fault
        ([ProductKey(IdentifierKind.SKU, None)], "a ProductKey whose value is NoneType, not a text"),  # type: ignore[arg-type]  # as above
        ([ProductKey(IdentifierKind.SKU, "1", 2)], "a ProductKey whose scope is int, not a text"),  # type: ignore[arg-type]  # as above
    ],
)
def test_a_rule_that_answers_something_else_is_told_as_its_plugins_fault(answer: Any, given: str) -> None:
    told = fault(product_rule(lambda _, __: answer), ORDER, LINE)

    assert told.en == (
        f"The plugin 'bad' failed in own.keys: it returned {given}; allowed is Iterable[ProductKey]. "
        "This is a fault of the plugin; please tell its maker."
    )
    assert told.ko.startswith("플러그인 'bad'의 own.keys 반환값이 잘못되었습니다: ")


def test_a_customer_rules_keys_are_held_to_their_own_kinds() -> None:
    wrong = CustomerKey(IdentifierKind.SKU, "B-1")  # type: ignore[arg-type]  # that is the fault

    assert (
        "a CustomerKey whose kind is IdentifierKind, not one of CustomerKeyKind"
        in fault(customer_rule(lambda _, __: [wrong]), ORDER, "KR").en
    )


def test_a_rule_that_raises_is_told_without_the_exceptions_own_text() -> None:
    def keys(_: object, __: object) -> Any:
        yield KEY
        raise RuntimeError("minsu@example.com")

    told = fault(product_rule(keys), ORDER, LINE)

    assert told.en.startswith("The plugin 'bad' failed in own.keys: RuntimeError (")
    assert "test_plugins_rules:" in told.en
    assert "minsu" not in told.en + told.ko
