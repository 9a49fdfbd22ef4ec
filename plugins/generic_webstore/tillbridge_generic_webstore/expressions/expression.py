"""A compiled expression, and how one is made of a profile's text."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import jmespath
from jmespath.exceptions import (
    EmptyExpressionError,
    IncompleteExpressionError,
    JMESPathError,
    LexerError,
    ParseError,
)

from tillbridge.plugin import Words
from tillbridge_generic_webstore.expressions.closures import Builder, Closure, Node, fields_of
from tillbridge_generic_webstore.expressions.endings import ends_too_early
from tillbridge_generic_webstore.expressions.faults import ExpressionFault

_NO_NAMES: Final[Mapping[str, Any]] = MappingProxyType({})
_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read and checked.

    Attributes:
        source: as the profile has it.
        run: evaluates it: the value, and the names that it uses.
        fields: `("billing", "email")` where it is nothing but that path; else ().
        uses: the names that it uses.
        is_literal: whether it says the same whatever it is asked of.
    """

    source: str
    run: Closure = field(repr=False, compare=False)
    fields: tuple[str, ...] = ()
    uses: frozenset[str] = frozenset()
    is_literal: bool = False

    def __call__(self, value: Any, names: Mapping[str, Any] = _NO_NAMES) -> Any:
        """Return what the expression says of a value.

        Args:
            value: JSON as msgspec reads it with fractions as Decimal; no float.
            names: what the names stand for, and under `MONEY` how amounts are written.

        Raises:
            ValueFault: a function met a value that it cannot take.
        """
        return self.run(value, names)


def compile_expression(source: str, names: Collection[str] = ()) -> Expression:
    """Return an expression, ready to be evaluated.

    Args:
        source: JMESPath with our functions.
        names: which names beginning with _ it may use.

    Raises:
        ExpressionFault: what is wrong with it, and at which character.
    """
    tree = _parsed(source)
    builder = Builder(frozenset(names))
    try:
        run = builder.build(tree)
    except ExpressionFault as fault:
        raise fault.within(source) from fault
    return Expression(
        source=source,
        run=run,
        fields=() if builder.used else fields_of(tree),
        uses=frozenset(builder.used),
        is_literal=tree["type"] == "literal",
    )


def _parsed(source: str) -> Node:
    if len(source) > _LONGEST:
        raise ExpressionFault(
            Words(f"the expression is longer than {_LONGEST} characters", f"식이 {_LONGEST}자를 넘습니다")
        )
    try:
        tree: Node = jmespath.compile(source).parsed
    except EmptyExpressionError as error:
        raise ExpressionFault(Words("the expression is empty", "식이 비어 있습니다")) from error
    except IncompleteExpressionError as error:
        raise ends_too_early(source, len(source)) from error
    except LexerError as error:
        raise _unexpected(str(error.lexer_value), error.lexer_position + 1) from error
    except ParseError as error:
        if not error.token_value:
            raise ends_too_early(source, error.lex_position + 1) from error
        raise _unexpected(str(error.token_value), error.lex_position + 1) from error
    except (JMESPathError, ValueError) as error:
        raise ExpressionFault(Words("this is no expression", "식으로 읽을 수 없습니다")) from error
    except RecursionError as error:
        raise ExpressionFault(
            Words("the expression is nested too deep", "식이 너무 깊게 중첩되었습니다")
        ) from error
    return tree


def _unexpected(sign: str, at: int) -> ExpressionFault:
    return ExpressionFault(
        Words(f'unexpected "{sign}" at character {at}', f'{at}번째 글자의 "{sign}"은(는) 올 수 없습니다'), at
    )
