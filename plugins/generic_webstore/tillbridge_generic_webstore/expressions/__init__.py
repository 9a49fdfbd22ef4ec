"""Expressions of a profile: JMESPath's grammar, read by jmespath, evaluated by closures of our own.

jmespath's own evaluator knows no Decimal, finds unknown functions only at the first order, and is three times
slower; its functions are not offered, ours are (`functions.py`).
"""

from tillbridge_generic_webstore.expressions.expression import Expression, compile_expression
from tillbridge_generic_webstore.expressions.faults import ExpressionFault, ValueFault
from tillbridge_generic_webstore.expressions.numbers import MONEY, Number, ReadMoney, read_number

__all__ = [
    "MONEY",
    "Expression",
    "ExpressionFault",
    "Number",
    "ReadMoney",
    "ValueFault",
    "compile_expression",
    "read_number",
]
