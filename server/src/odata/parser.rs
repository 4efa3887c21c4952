//! Is this expression one that we understand? Recursive descent from tokens to a typed tree, with a limit on everything.
//!
//! `or` binds least, then `and`, equality, order, `add sub`, `mul div mod`, the signs `not` and `-`, and `in` binds most.

use super::{
    columns::{self, column},
    error::ODataError,
    function::Function,
    lexer::{Lexeme, Token, lex},
    tree::{self, Arithmetic, Comparison, Node, bad, boolean, calculated, compared},
    value::Value,
};
use std::{collections::BTreeMap, iter::Peekable, vec::IntoIter};

/// Parentheses, functions and `not` inside each other: deeper than any tool writes, shallow enough for the stack.
pub(super) const DEPTH_MAX: usize = 20;
/// Operators, names and literals of one filter; a page of forty conditions has fewer.
pub(super) const NODES_MAX: usize = 200;
/// Values of one `in`.
pub(super) const IN_VALUES_MAX: usize = 1_000;

/// Reads a filter; `aliases` are the options that start with `@`.
pub(super) fn filter(text: &str, aliases: &BTreeMap<String, String>) -> Result<Node, ODataError> {
    let mut parser = Parser { lexemes: lex(text, tree::FILTER)?.into_iter().peekable(), aliases, depth: 0, nodes: 0 };
    let node = parser.or()?;
    if let Some(extra) = parser.lexemes.next() {
        return Err(unexpected(&extra, "an operator or the end"));
    }
    boolean(node, "the filter")
}

struct Parser<'a> {
    lexemes: Peekable<IntoIter<Lexeme>>,
    aliases: &'a BTreeMap<String, String>,
    depth: usize,
    nodes: usize,
}

fn unexpected(found: &Lexeme, wanted: &str) -> ODataError {
    let what = match &found.token {
        Token::Word(word) => format!("`{word}`"),
        Token::Literal(_) => "a literal".to_owned(),
        Token::Alias(name) => format!("`@{name}`"),
        Token::Open => "`(`".to_owned(),
        Token::Close => "`)`".to_owned(),
        Token::Comma => "`,`".to_owned(),
        Token::Minus => "`-`".to_owned(),
        Token::Slash => "`/`".to_owned(),
        Token::Colon => "`:`".to_owned(),
    };
    bad(format!("character {} of `$filter`: {what}, expected {wanted}", found.at))
}

impl Parser<'_> {
    fn count(&mut self) -> Result<(), ODataError> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(ODataError::too_complex(format!(
                "the filter has more than {NODES_MAX} operators, names and literals"
            )));
        }
        Ok(())
    }

    /// Runs `inner` one level deeper.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, ODataError>) -> Result<T, ODataError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(ODataError::too_complex(format!("the filter is nested deeper than {DEPTH_MAX} levels")));
        }
        let answer = inner(self)?;
        self.depth -= 1;
        Ok(answer)
    }

    /// Takes the next word if `known` knows it.
    fn operator<T>(&mut self, known: impl Fn(&str) -> Option<T>) -> Option<T> {
        let Token::Word(word) = &self.lexemes.peek()?.token else {
            return None;
        };
        let operator = known(&word.to_ascii_lowercase())?;
        self.lexemes.next();
        Some(operator)
    }

    fn keyword(&mut self, wanted: &str) -> bool {
        self.operator(|word| (word == wanted).then_some(())).is_some()
    }

    fn sign(&mut self, wanted: &Token) -> bool {
        self.lexemes.next_if(|next| next.token == *wanted).is_some()
    }

    fn expect(&mut self, wanted: &Token, words: &str) -> Result<(), ODataError> {
        match self.lexemes.next() {
            Some(found) if found.token == *wanted => Ok(()),
            Some(found) => Err(unexpected(&found, words)),
            None => Err(bad(format!("`$filter` ends too early, expected {words}"))),
        }
    }

    fn or(&mut self) -> Result<Node, ODataError> {
        let first = self.and()?;
        self.chain("or", first, Self::and, Node::Or)
    }

    fn and(&mut self) -> Result<Node, ODataError> {
        let first = self.equality()?;
        self.chain("and", first, Self::equality, Node::And)
    }

    /// `a or b or c` is one node with three parts, so that a long list is not a deep one.
    fn chain(
        &mut self,
        word: &str,
        first: Node,
        next: fn(&mut Self) -> Result<Node, ODataError>,
        join: fn(Vec<Node>) -> Node,
    ) -> Result<Node, ODataError> {
        let mut parts = vec![first];
        while self.keyword(word) {
            self.count()?;
            parts.push(next(self)?);
        }
        if parts.len() == 1 {
            return parts.pop().ok_or_else(|| bad("an empty expression"));
        }
        let what = format!("each side of `{word}`");
        let parts: Result<Vec<_>, _> = parts.into_iter().map(|part| boolean(part, &what)).collect();
        parts.map(join)
    }

    fn equality(&mut self) -> Result<Node, ODataError> {
        let mut left = self.order()?;
        while let Some(comparison) = self.operator(|word| match word {
            "eq" => Some(Comparison::Equal),
            "ne" => Some(Comparison::NotEqual),
            _ => None,
        }) {
            self.count()?;
            left = compared(comparison, left, self.order()?)?;
        }
        Ok(left)
    }

    fn order(&mut self) -> Result<Node, ODataError> {
        let mut left = self.sum()?;
        while let Some(comparison) = self.operator(|word| match word {
            "gt" => Some(Comparison::Greater),
            "ge" => Some(Comparison::GreaterOrEqual),
            "lt" => Some(Comparison::Less),
            "le" => Some(Comparison::LessOrEqual),
            _ => None,
        }) {
            self.count()?;
            left = compared(comparison, left, self.sum()?)?;
        }
        Ok(left)
    }

    fn sum(&mut self) -> Result<Node, ODataError> {
        let mut left = self.product()?;
        while let Some(operator) = self.operator(|word| match word {
            "add" => Some(Arithmetic::Add),
            "sub" => Some(Arithmetic::Subtract),
            _ => None,
        }) {
            self.count()?;
            left = calculated(operator, left, self.product()?)?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Node, ODataError> {
        let mut left = self.signed()?;
        while let Some(operator) = self.operator(|word| match word {
            "mul" => Some(Arithmetic::Multiply),
            "div" => Some(Arithmetic::Divide),
            "divby" => Some(Arithmetic::DivideBy),
            "mod" => Some(Arithmetic::Remainder),
            _ => None,
        }) {
            self.count()?;
            left = calculated(operator, left, self.signed()?)?;
        }
        Ok(left)
    }

    fn signed(&mut self) -> Result<Node, ODataError> {
        if self.keyword("not") {
            self.count()?;
            // `not a eq b` reads as `not (a eq b)`: the other reading has no meaning unless `a` is true or false.
            let inner = self.deeper(Self::equality)?;
            return Ok(Node::Not(Box::new(boolean(inner, "what follows `not`")?)));
        }
        if self.sign(&Token::Minus) {
            self.count()?;
            let inner = self.deeper(Self::signed)?;
            return Ok(Node::Negate(Box::new(tree::number(inner)?)));
        }
        self.member()
    }

    fn member(&mut self) -> Result<Node, ODataError> {
        let what = self.primary()?;
        if self.keyword("has") {
            return Err(ODataError::not_served("has"));
        }
        if !self.keyword("in") {
            return Ok(what);
        }
        self.count()?;
        self.expect(&Token::Open, "`(` after `in`")?;
        let mut among = Vec::new();
        while !self.sign(&Token::Close) {
            if !among.is_empty() {
                self.expect(&Token::Comma, "`,` or `)`")?;
            }
            if among.len() == IN_VALUES_MAX {
                return Err(ODataError::too_complex(format!("`in` lists more than {IN_VALUES_MAX} values")));
            }
            among.push(self.listed(&what)?);
        }
        among.sort_by(Value::order);
        Ok(Node::In(Box::new(what), among))
    }

    /// One value of an `in` list, of the type of what is looked for.
    fn listed(&mut self, what: &Node) -> Result<Value<'static>, ODataError> {
        let value = match self.lexemes.next() {
            Some(Lexeme { token: Token::Literal(value), .. }) => value,
            Some(Lexeme { token: Token::Word(word), at }) => {
                named(&word).ok_or_else(|| bad(format!("character {at} of `$filter`: `{word}`, expected a literal")))?
            }
            Some(Lexeme { token: Token::Alias(name), .. }) => self.alias(&name)?,
            Some(found) => return Err(unexpected(&found, "a literal")),
            None => return Err(bad("`$filter` ends inside a list")),
        };
        tree::listed(value, what)
    }

    fn primary(&mut self) -> Result<Node, ODataError> {
        let Some(lexeme) = self.lexemes.next() else {
            return Err(bad("`$filter` ends too early, expected a column, a literal or `(`"));
        };
        self.count()?;
        match lexeme.token {
            Token::Literal(value) => Ok(Node::Literal(value)),
            Token::Alias(name) => self.alias(&name).map(Node::Literal),
            Token::Open => {
                let inner = self.deeper(Self::or)?;
                self.expect(&Token::Close, "`)`")?;
                Ok(inner)
            }
            Token::Word(word) if self.sign(&Token::Open) => self.deeper(|parser| parser.call(&word)),
            Token::Word(word) => self.name(&word),
            Token::Close | Token::Comma | Token::Minus | Token::Slash | Token::Colon => {
                Err(unexpected(&lexeme, "a column, a literal or `(`"))
            }
        }
    }

    fn name(&mut self, word: &str) -> Result<Node, ODataError> {
        if self.lexemes.peek().is_some_and(|next| next.token == Token::Slash) {
            return Err(ODataError::not_served("paths"));
        }
        if word.starts_with('$') {
            return Err(ODataError::not_served(word));
        }
        if let Some(column) = column(word) {
            return Ok(Node::Column(column));
        }
        named(word)
            .map(Node::Literal)
            .ok_or_else(|| bad(format!("unknown column `{word}`, expected one of {}", columns::names())))
    }

    /// The value of an alias, which is null when nobody gave one.
    fn alias(&self, name: &str) -> Result<Value<'static>, ODataError> {
        let Some(text) = self.aliases.get(name) else {
            return Ok(Value::Null);
        };
        let option = format!("@{name}");
        let mut lexemes = lex(text, &option)?.into_iter();
        match (lexemes.next().map(|lexeme| lexeme.token), lexemes.next()) {
            (Some(Token::Literal(value)), None) => Some(value),
            (Some(Token::Word(word)), None) => named(&word),
            _ => None,
        }
        .ok_or_else(|| ODataError::bad_option(&option, format!("`{option}` must be one literal")))
    }

    /// A function whose opening parenthesis was just read.
    fn call(&mut self, name: &str) -> Result<Node, ODataError> {
        let Some(function) = Function::named(name) else {
            return Err(unknown_function(name));
        };
        let (fewest, takes) = function.takes();
        let mut arguments = Vec::new();
        while !self.sign(&Token::Close) {
            if !arguments.is_empty() {
                self.expect(&Token::Comma, "`,` or `)`")?;
            }
            let argument = self.or()?;
            let Some(wanted) = takes.get(arguments.len()) else {
                return Err(bad(format!("`{name}` takes at most {} arguments", takes.len())));
            };
            if argument.edm().is_some_and(|edm| !wanted.fits(edm)) {
                return Err(bad(format!("argument {} of `{name}` must be {}", arguments.len() + 1, wanted.words())));
            }
            arguments.push(argument);
        }
        if arguments.len() < fewest {
            return Err(bad(format!("`{name}` takes at least {fewest} arguments")));
        }
        Ok(Node::Call(function, arguments))
    }
}

fn unknown_function(name: &str) -> ODataError {
    if Function::is_known_elsewhere(name) {
        return ODataError::not_served(name);
    }
    let known: Vec<_> = Function::ALL.iter().map(|function| function.name()).collect();
    bad(format!("unknown function `{name}`, expected one of {}", known.join(", ")))
}

/// The literals that are words.
fn named(word: &str) -> Option<Value<'static>> {
    match word.to_ascii_lowercase().as_str() {
        "true" => Some(Value::Boolean(true)),
        "false" => Some(Value::Boolean(false)),
        "null" => Some(Value::Null),
        "inf" => Some(Value::Double(f64::INFINITY)),
        "nan" => Some(Value::Double(f64::NAN)),
        _ => None,
    }
}
