"""Plugins add guards and effects to what staff do: they veto with words, and their faults block nothing."""

from decimal import Decimal
from typing import Any

import pytest
from cryptography.fernet import Fernet

from orders import HELMET, line, order
from shop import STAFF, WITH_REASON, Shop
from stub_plugins import load, module
from tillbridge import plugins
from tillbridge.guided import Doing
from tillbridge.model.errors import NotAllowed, Retryable
from tillbridge.model.exchange import Outcome, Receipt
from tillbridge.model.status import Act, Axis, Status, TransitionRule
from tillbridge.model.words import Words
from tillbridge.testing.webstore import NAME

TITLE = Words("A rule of the shop's", "매장 규칙")
NO = Words("Ask the workshop first.", "정비 팀에 먼저 물어보세요.")


def rule(name="workshop", **more):
    """A rule about accepting that objects to nothing, but for `more`."""
    given = {"title": TITLE, "rank": 100, "acts": frozenset({Act.ACCEPT})}
    return TransitionRule(**{"name": name, **given, **more})


@pytest.fixture
def shop_with(sqlite_url, clock):
    """Makes a shop with one sold order, A1, and a plugin of these rules."""
    made = []

    def make(*rules, **hooks):
        added = module(transition_rules=lambda: list(rules), **hooks)
        shop = Shop(sqlite_url, clock, key=Fernet.generate_key().decode())
        shop.engine.close()
        loaded = plugins.load([], extra={NAME: shop.webstore, "added": added})
        assert () == loaded.problems
        shop.engine = shop.another(plugins=loaded)
        made.append(shop)
        shop.stock("P1", HELMET, 10)
        shop.customer("C1", "minsu@example.com")
        shop.connect()
        shop.webstore.offer(order("A1"))
        shop.poll()
        return shop

    yield make
    for shop in made:
        shop.close()


def test_hook_transition_rules_is_asked_once_at_load() -> None:
    answers = iter([[rule()]])

    loaded = load(a=module(transition_rules=lambda: next(answers)))

    assert loaded.problems == ()
    assert loaded.transitions.concern(Act.ACCEPT)
    assert not loaded.transitions.concern(Act.REJECT)


def test_a_rule_vetoes_with_words_and_nothing_happens(shop_with):
    shop = shop_with(rule(objects=lambda wish: NO))

    with pytest.raises(NotAllowed) as refused:
        shop.set("A1", Status.IN_PROCESS)

    assert (NO, Status.NEW) == (refused.value.words, shop.status("A1"))
    shop.engine.deliver()
    assert [] == shop.webstore.told


def test_a_rule_sees_the_order_who_and_why(shop_with):
    seen: list[Any] = []
    shop = shop_with(rule(acts=frozenset({Act.REJECT}), objects=seen.append))

    shop.set("A1", Status.REJECTED, "품절")

    (wish,) = seen
    assert (Act.REJECT, "web", "A1", Status.NEW) == (
        wish.act,
        wish.connection,
        wish.webstore_id,
        wish.status,
    )
    assert (STAFF.who, "품절") == (wish.who, wish.reason)
    assert [Decimal(1)] == [line.quantity for line in wish.order.lines]


def test_a_rule_is_asked_of_its_own_acts_only(shop_with):
    shop = shop_with(rule(objects=lambda wish: NO))

    assert Status.REJECTED is shop.set("A1", Status.REJECTED, "품절")


def test_of_several_vetoes_the_one_of_the_lowest_rank_is_read(shop_with):
    late = rule("late", rank=200, objects=lambda wish: Words("late", "나중"))
    shop = shop_with(late, rule("early", rank=50, objects=lambda wish: NO))

    with pytest.raises(NotAllowed, match="Ask the workshop first"):
        shop.set("A1", Status.IN_PROCESS)


@pytest.mark.parametrize("answer", [ZeroDivisionError(), 42])
def test_a_rule_that_fails_blocks_nothing_and_the_timeline_tells_of_it(shop_with, answer):
    def objects(wish):
        if isinstance(answer, Exception):
            raise answer
        return answer

    shop = shop_with(rule(objects=objects))

    assert Status.IN_PROCESS is shop.set("A1", Status.IN_PROCESS)

    (failed,) = [one for one in shop.engine.timeline(1) if one.what == "rule failed"]
    assert failed.words.en.startswith("The plugin 'added' failed in workshop:")


def test_what_changes_while_a_rule_is_asked_is_asked_again(shop_with):
    """A rule's word holds for the order that it saw: here another clerk rejects it meanwhile."""
    asked = []

    def objects(wish):
        asked.append(wish.status)
        if len(asked) == 1:
            shop.set("A1", Status.REJECTED, "품절")

    shop = shop_with(rule(objects=objects))

    with pytest.raises(NotAllowed, match="An order that is Rejected cannot be set to In Process"):
        shop.engine.set_status(1, Status.IN_PROCESS, STAFF)
    assert [Status.NEW] == asked


def test_hook_perform_effect_is_called_once_for_each_effect(shop_with):
    done = []

    def perform_effect(effect):
        done.append(effect)
        return Receipt(Outcome.ACCEPTED)

    shop = shop_with(rule(effects=("print_label", "ring_bell")), perform_effect=perform_effect)
    shop.set("A1", Status.IN_PROCESS)
    assert [] == done

    shop.engine.deliver()
    shop.engine.deliver()

    assert ["print_label", "ring_bell"] == [one.effect for one in done]
    assert {("accept", "web", "A1")} == {(one.act, one.connection, one.order_id) for one in done}


def test_an_effect_is_tried_again_with_the_same_key(shop_with):
    keys = []

    def perform_effect(effect):
        keys.append(effect.key)
        if len(keys) == 1:
            raise Retryable(Words("The printer is off.", "프린터가 꺼져 있습니다."))
        return Receipt(Outcome.ACCEPTED)

    shop = shop_with(rule(effects=("print_label",)), perform_effect=perform_effect)
    shop.set("A1", Status.IN_PROCESS)
    shop.engine.deliver()
    shop.clock.advance(60)
    shop.engine.deliver()

    assert [keys[0]] * 2 == keys


def test_undo_takes_back_an_effect_that_was_not_begun(shop_with):
    done = []

    def perform_effect(effect):
        done.append(effect)

    shop = shop_with(rule(effects=("print_label",)), perform_effect=perform_effect)
    shop.set("A1", Status.IN_PROCESS)

    shop.engine.undo(1, STAFF)
    shop.engine.deliver()

    assert [] == done


def test_an_effect_of_what_tillbridge_and_the_till_do_is_performed_too(shop_with):
    done = []

    def perform_effect(effect):
        done.append(effect.act)
        return Receipt(Outcome.ACCEPTED)

    acts = frozenset({Act.OPEN_SALE, Act.COMPLETE})
    shop = shop_with(rule(acts=acts, effects=("log",)), perform_effect=perform_effect)
    shop.pos.finish_at_till("memory:s1:A1")
    shop.engine.follow_till()
    shop.engine.deliver()

    assert ["sale opened", "complete"] == done


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"rank": "first"}, "rank is 'first'; allowed is a whole number"),
        ({"acts": frozenset()}, "acts is frozenset(); allowed is frozenset[Act]"),
        ({"objects": None}, "objects is None; allowed is a function"),
        ({"effects": ("Print Label",)}, "effects is ('Print Label',); allowed is a tuple of names"),
        ({"effects": ("print",)}, "a rule with effects needs the hook perform_effect"),
        ({"name": "Work Shop"}, "The rule name 'Work Shop' cannot be used"),
    ],
)
def test_a_rule_that_breaks_the_contract_is_refused_at_load(broken, said) -> None:
    loaded = load(a=module(transition_rules=lambda: [rule(**broken)]))

    assert loaded.loaded == ()
    assert said in loaded.problems[0].words.en


def test_two_plugins_may_not_have_a_rule_of_one_name() -> None:
    a, b = (module(transition_rules=lambda: [rule()]) for _ in range(2))

    loaded = load(a=a, b=b)

    assert ["a"] == [one.name for one in loaded.loaded]
    assert "The transition rule 'workshop' is there already" in loaded.problems[0].words.en


def test_a_rejection_is_still_refused_by_the_table_before_a_rule_is_asked(shop_with):
    asked: list[Any] = []
    shop = shop_with(rule(acts=frozenset({Act.REJECT}), objects=asked.append))
    shop.set("A1", Status.REJECTED, WITH_REASON.reason)

    with pytest.raises(NotAllowed):
        shop.set("A1", Status.REJECTED, WITH_REASON.reason)
    assert 1 == len(asked)


# Parts of an order


def in_parts(shop):
    """An order of two lines that is sold and New, beside A1; its number."""
    shop.webstore.offer(order("A2", line("1"), line("2")))
    shop.poll()
    return shop.engine.order("A2").id


def test_a_rule_about_lines_vetoes_a_line_and_leaves_the_order_alone(shop_with):
    seen: list[Any] = []

    def objects(wish):
        seen.append((wish.act, wish.axis, wish.line_ids))
        return NO

    shop = shop_with(rule(acts=frozenset({Act.REJECT}), axis=Axis.FULFILMENT, objects=objects))
    number = in_parts(shop)
    doing = Doing(act=Act.REJECT, line_ids=("2",))

    assert NO == shop.engine.preview_act(number, doing).why_not
    with pytest.raises(NotAllowed, match="Ask the workshop first"):
        shop.engine.act(number, doing, WITH_REASON)
    with pytest.raises(NotAllowed):
        shop.engine.act(number, Doing(act=Act.ACCEPT, line_ids=("1",)), WITH_REASON)
    assert {(Act.REJECT, Axis.FULFILMENT, ("2",))} == set(seen)
    assert Status.REJECTED is shop.set("A2", Status.REJECTED, "품절")


def test_the_effects_of_both_axes_happen_once_where_an_act_moves_both(shop_with):
    done: list[str] = []

    def perform_effect(effect):
        done.append(effect.effect)
        return Receipt(Outcome.ACCEPTED)

    shop = shop_with(
        rule("of-order", effects=("accepted",)),
        rule("of-lines", acts=frozenset({Act.REJECT}), axis=Axis.FULFILMENT, effects=("rejected",)),
        perform_effect=perform_effect,
    )
    number = in_parts(shop)
    shop.engine.act(number, Doing(act=Act.ACCEPT, line_ids=("1",)), WITH_REASON)
    shop.engine.deliver()
    shop.engine.deliver()

    assert ["accepted", "rejected"] == done
