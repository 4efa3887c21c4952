//! Which words does an expression consist of? Text becomes tokens; nothing is understood here.

use super::{error::ODataError, literal, value::Value};

/// One word or sign.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name, an operator or a named literal.
    Word(String),
    /// A literal.
    Literal(Value<'static>),
    /// `@name`, which stands for another option.
    Alias(String),
    Open,
    Close,
    Comma,
    /// A sign before something that is not a number.
    Minus,
    /// A path goes on.
    Slash,
    /// Names what a lambda runs over.
    Colon,
}

/// A token and the character it starts at, counted from 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) at: usize,
}

/// Cuts `text` into tokens; `option` is named in a refusal.
pub(super) fn lex(text: &str, option: &str) -> Result<Vec<Lexeme>, ODataError> {
    let mut lexemes = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let at = text.get(..text.len() - rest.len()).map_or(1, |before| before.chars().count() + 1);
        let (token, after) = next(first, rest)
            .map_err(|problem| ODataError::bad_option(option, format!("character {at} of `{option}`: {problem}")))?;
        lexemes.push(Lexeme { token, at });
        rest = after.trim_start();
    }
    Ok(lexemes)
}

fn next(first: char, rest: &str) -> Result<(Token, &str), String> {
    let sign = |token| Ok((token, rest.get(1..).unwrap_or_default()));
    match first {
        '(' => sign(Token::Open),
        ')' => sign(Token::Close),
        ',' => sign(Token::Comma),
        '/' => sign(Token::Slash),
        ':' => sign(Token::Colon),
        '\'' => quoted(rest),
        '@' => {
            let (name, after) = word(rest.get(1..).unwrap_or_default());
            if name.is_empty() {
                return Err("`@` without a name".to_owned());
            }
            Ok((Token::Alias(name.to_owned()), after))
        }
        '-' if rest.get(1..).is_some_and(|after| after.starts_with("INF")) => {
            Ok((Token::Literal(Value::Double(f64::NEG_INFINITY)), rest.get(4..).unwrap_or_default()))
        }
        '-' | '+' if rest.get(1..).is_some_and(|after| after.starts_with(|next: char| next.is_ascii_digit())) => {
            number(rest)
        }
        '-' => sign(Token::Minus),
        _ if first.is_ascii_digit() => number(rest),
        _ if is_word(first) || first == '$' => name(first, rest),
        _ => Err(format!("`{first}` has no meaning here")),
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '.')
}

fn word(rest: &str) -> (&str, &str) {
    let end = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
    rest.split_at_checked(end).unwrap_or((rest, ""))
}

fn name(first: char, rest: &str) -> Result<(Token, &str), String> {
    let start = if first == '$' { 1 } else { 0 };
    let (_, after) = word(rest.get(start..).unwrap_or_default());
    let name = rest.get(..rest.len() - after.len()).unwrap_or_default();
    if after.starts_with('\'') {
        return Err(format!(
            "literals like `{name}'…'` belong to older versions: write 2026-01-31, 2026-01-31T00:00:00Z or 'text'"
        ));
    }
    Ok((Token::Word(name.to_owned()), after))
}

/// Text in single quotes; a quote inside is written twice.
fn quoted(rest: &str) -> Result<(Token, &str), String> {
    let mut text = String::new();
    let mut after = rest.get(1..).unwrap_or_default();
    loop {
        let Some((before, behind)) = after.split_once('\'') else {
            return Err("the text has no closing quote".to_owned());
        };
        text.push_str(before);
        match behind.strip_prefix('\'') {
            Some(more) => {
                text.push('\'');
                after = more;
            }
            None => return Ok((Token::Literal(Value::Text(text.into())), behind)),
        }
    }
}

fn number(rest: &str) -> Result<(Token, &str), String> {
    let part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | ':' | '+' | '-');
    let mut end = rest.find(|letter| !part(letter)).unwrap_or(rest.len());
    if let Some(longer) = with_blank_for_plus(rest, end) {
        end = longer;
    }
    let (text, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
    match literal::bare(text) {
        Some(value) => Ok((Token::Literal(value), after)),
        None if text.contains(['T', 't']) => Err(format!("`{text}` is not a moment, expected 2026-01-31T00:00:00Z")),
        None => Err(format!("`{text}` is neither a number nor a date like 2026-01-31")),
    }
}

/// Where a moment ends whose `+01:00` arrived as ` 01:00`, because an unencoded plus means a space.
fn with_blank_for_plus(rest: &str, end: usize) -> Option<usize> {
    let offset = rest.get(end..end + 6)?;
    let shape: Vec<bool> = offset.bytes().map(|byte| byte.is_ascii_digit()).collect();
    let is_offset = shape == [false, true, true, false, true, true] && offset.starts_with(' ') && offset.contains(':');
    (is_offset && rest.get(..end)?.contains('T')).then_some(end + 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        lex(text, "$filter").unwrap().into_iter().map(|lexeme| lexeme.token).collect()
    }

    fn text(text: &str) -> Token {
        Token::Literal(Value::Text(text.to_owned().into()))
    }

    #[test]
    fn quotes_are_doubled_and_nothing_inside_has_a_meaning() {
        assert_eq!(tokens("'O''Brien'"), [text("O'Brien")]);
        assert_eq!(tokens("''"), [text("")]);
        assert_eq!(tokens("''''"), [text("'")]);
        assert_eq!(tokens("' or 1 eq 1 -- '"), [text(" or 1 eq 1 -- ")]);
    }

    #[test]
    fn a_moment_stays_in_one_piece() {
        let moment = Token::Literal(literal::bare("2026-01-01T00:00:00+01:00").unwrap());
        assert_eq!(tokens("2026-01-01T00:00:00+01:00"), std::slice::from_ref(&moment));
        assert_eq!(tokens("2026-01-01T00:00:00 01:00)"), [moment, Token::Close]);
    }

    #[test]
    fn what_has_no_meaning_is_named_with_its_place() {
        for (bad, place) in
            [("a eq ＇x＇", 6), ("a eq 'x", 6), ("a; b", 2), ("datetime'2026'", 1), ("a eq 1x", 6), ("é eq \"", 6)]
        {
            let message = lex(bad, "$filter").unwrap_err().message;
            assert!(message.starts_with(&format!("character {place} of")), "{bad}: {message}");
        }
    }
}
