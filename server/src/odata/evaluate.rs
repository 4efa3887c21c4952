//! Does a row match? Nulls are unknown: they match nothing, and `not` does not make them known.

use super::{
    function::{self, Function},
    item_row::ItemRow,
    tree::{Arithmetic, Comparison, Node},
    value::Value,
};
use domain::time::Timestamp;
use std::cmp::Ordering;

/// Whether the filter is true for the row; `as_of` is what `now()` yields.
pub(super) fn matches(filter: &Node, row: &ItemRow<'_>, as_of: Timestamp) -> bool {
    value(filter, row, as_of) == Value::Boolean(true)
}

fn value<'v>(node: &'v Node, row: &'v ItemRow<'v>, as_of: Timestamp) -> Value<'v> {
    let of = |node: &'v Node| value(node, row, as_of);
    match node {
        Node::Literal(literal) => literal.clone(),
        Node::Column(column) => column.of(row),
        Node::Compare(comparison, sides) => {
            let [left, right] = sides.as_ref();
            Value::Boolean(compare(*comparison, &of(left), &of(right)))
        }
        Node::Calculate(operator, sides) => {
            let [left, right] = sides.as_ref();
            calculate(*operator, &of(left), &of(right))
        }
        Node::In(what, among) => {
            let what = of(what);
            Value::Boolean(among.binary_search_by(|one| one.order(&what)).is_ok())
        }
        Node::And(parts) => all(parts.iter().map(of)),
        Node::Or(parts) => negated(&all(parts.iter().map(|part| negated(&of(part))))),
        Node::Not(what) => negated(&of(what)),
        Node::Negate(what) => calculate(Arithmetic::Subtract, &Value::Integer(0), &of(what)),
        Node::Call(Function::Now, _) => function::now(as_of),
        Node::Call(function, arguments) => {
            let arguments: Vec<_> = arguments.iter().map(of).collect();
            function.call(&arguments)
        }
    }
}

fn compare(comparison: Comparison, left: &Value<'_>, right: &Value<'_>) -> bool {
    match comparison {
        Comparison::Equal => left.equals(right),
        Comparison::NotEqual => !left.equals(right),
        Comparison::Greater => left.compare(right).is_some_and(Ordering::is_gt),
        Comparison::GreaterOrEqual => left.compare(right).is_some_and(Ordering::is_ge),
        Comparison::Less => left.compare(right).is_some_and(Ordering::is_lt),
        Comparison::LessOrEqual => left.compare(right).is_some_and(Ordering::is_le),
    }
}

/// False if one is false, else unknown if one is unknown, else true.
fn all<'v>(parts: impl Iterator<Item = Value<'v>>) -> Value<'v> {
    let mut whole = Value::Boolean(true);
    for part in parts {
        if part == Value::Boolean(false) {
            return part;
        }
        if part != Value::Boolean(true) {
            whole = Value::Null;
        }
    }
    whole
}

const fn negated<'v>(value: &Value<'_>) -> Value<'v> {
    if let Value::Boolean(it) = value { Value::Boolean(!*it) } else { Value::Null }
}

/// A result that cannot be written (a division by zero, more than an Int64 holds) is unknown.
fn calculate<'v>(operator: Arithmetic, left: &Value<'_>, right: &Value<'_>) -> Value<'v> {
    if let (Value::Integer(left), Value::Integer(right)) = (left, right)
        && operator != Arithmetic::DivideBy
    {
        let whole = match operator {
            Arithmetic::Add => left.checked_add(*right),
            Arithmetic::Subtract => left.checked_sub(*right),
            Arithmetic::Multiply => left.checked_mul(*right),
            Arithmetic::Divide | Arithmetic::DivideBy => left.checked_div(*right),
            Arithmetic::Remainder => left.checked_rem(*right),
        };
        return whole.map_or(Value::Null, Value::Integer);
    }
    let (Some(left), Some(right)) = (left.as_double(), right.as_double()) else {
        return Value::Null;
    };
    let real = match operator {
        Arithmetic::Add => left + right,
        Arithmetic::Subtract => left - right,
        Arithmetic::Multiply => left * right,
        Arithmetic::Divide | Arithmetic::DivideBy => left / right,
        Arithmetic::Remainder => left % right,
    };
    if real.is_finite() { Value::Double(real) } else { Value::Null }
}
