//! What does a filter mean, once it is understood? A tree in which each node has a type and each name is a column.

use super::{
    columns::Column,
    error::ODataError,
    function::Function,
    literal,
    value::{EdmType, Value},
};

/// The option that all refusals of a filter point at.
pub(super) const FILTER: &str = "$filter";

/// `eq` and its kin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// `add` and its kin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    /// Whole numbers divide to whole numbers.
    Divide,
    /// Always to a double.
    DivideBy,
    Remainder,
}

/// One node.
#[derive(Debug)]
pub(super) enum Node {
    Literal(Value<'static>),
    Column(&'static Column),
    Compare(Comparison, Box<[Node; 2]>),
    Calculate(Arithmetic, Box<[Node; 2]>),
    /// Among values that are sorted by [`Value::order`].
    In(Box<Node>, Vec<Value<'static>>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Negate(Box<Node>),
    Call(Function, Vec<Node>),
}

impl Node {
    /// The type of what it yields; `None` for a bare null, which fits everywhere.
    pub(super) fn edm(&self) -> Option<EdmType> {
        match self {
            Self::Literal(value) => edm_of(value),
            Self::Column(column) => Some(column.edm),
            Self::Compare(..) | Self::In(..) | Self::And(_) | Self::Or(_) | Self::Not(_) => Some(EdmType::Boolean),
            Self::Calculate(Arithmetic::DivideBy, _) => Some(EdmType::Double),
            Self::Calculate(_, sides) => {
                let [left, right] = sides.as_ref();
                if left.edm() == Some(EdmType::Double) || right.edm() == Some(EdmType::Double) {
                    Some(EdmType::Double)
                } else {
                    Some(EdmType::Int64)
                }
            }
            Self::Negate(what) => what.edm(),
            Self::Call(function, _) => Some(function.yields()),
        }
    }
}

pub(super) fn bad(message: impl Into<String>) -> ODataError {
    ODataError::bad_option(FILTER, message)
}

/// The node, if it yields true or false.
pub(super) fn boolean(node: Node, what: &str) -> Result<Node, ODataError> {
    match node.edm() {
        None | Some(EdmType::Boolean) => Ok(node),
        Some(other) => Err(bad(format!("{what} must be true or false, not Edm.{}", other.name()))),
    }
}

/// The node, if it yields a number.
pub(super) fn number(node: Node) -> Result<Node, ODataError> {
    match node.edm() {
        Some(edm) if !edm.is_number() => Err(bad(format!("arithmetic needs numbers, not Edm.{}", edm.name()))),
        _ => Ok(node),
    }
}

pub(super) fn calculated(operator: Arithmetic, left: Node, right: Node) -> Result<Node, ODataError> {
    Ok(Node::Calculate(operator, Box::new([number(left)?, number(right)?])))
}

/// A comparison of two sides of one family; quoted text becomes what the other side is.
pub(super) fn compared(comparison: Comparison, left: Node, right: Node) -> Result<Node, ODataError> {
    let (left_edm, right_edm) = (left.edm(), right.edm());
    let (left, right) = (cast(left, right_edm)?, cast(right, left_edm)?);
    check_family(left.edm(), right.edm())?;
    Ok(Node::Compare(comparison, Box::new([left, right])))
}

/// One value of an `in` list, as what is looked for in it.
pub(super) fn listed(value: Value<'static>, what: &Node) -> Result<Value<'static>, ODataError> {
    let value = cast_value(value, what.edm())?;
    check_family(what.edm(), edm_of(&value))?;
    Ok(value)
}

fn cast(node: Node, edm: Option<EdmType>) -> Result<Node, ODataError> {
    if let Node::Literal(value) = node { cast_value(value, edm).map(Node::Literal) } else { Ok(node) }
}

fn cast_value(value: Value<'static>, edm: Option<EdmType>) -> Result<Value<'static>, ODataError> {
    match (&value, edm) {
        (Value::Text(text), Some(edm)) => literal::cast(text, edm)
            .ok_or_else(|| bad(format!("the text `{text}` cannot be read as Edm.{}", edm.name()))),
        _ => Ok(value),
    }
}

fn check_family(left: Option<EdmType>, right: Option<EdmType>) -> Result<(), ODataError> {
    let (Some(left), Some(right)) = (left, right) else {
        return Ok(());
    };
    if left == right || left.is_number() && right.is_number() {
        return Ok(());
    }
    let hint = match (left, right) {
        (EdmType::Date, EdmType::DateTimeOffset) | (EdmType::DateTimeOffset, EdmType::Date) => {
            "; compare moments with moments, or use the column that ends in `_date`"
        }
        _ => "",
    };
    Err(bad(format!("Edm.{} cannot be compared with Edm.{}{hint}", left.name(), right.name())))
}

pub(super) const fn edm_of(value: &Value<'_>) -> Option<EdmType> {
    match value {
        Value::Null => None,
        Value::Boolean(_) => Some(EdmType::Boolean),
        Value::Integer(_) => Some(EdmType::Int64),
        Value::Double(_) => Some(EdmType::Double),
        Value::Text(_) => Some(EdmType::String),
        Value::Date(_) => Some(EdmType::Date),
        Value::Instant(_) => Some(EdmType::DateTimeOffset),
    }
}
