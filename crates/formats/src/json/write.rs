//! How is a value written so that equal content is equal text? Sorted keys, no spaces, non-ASCII as itself.

use super::{Members, Value, string::plain_run};

/// Appends a text in quotes, escaping only what JSON demands.
pub(crate) fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    loop {
        // The run ends before an ASCII byte or with the text, so both cuts fall between characters.
        let (plain, tail) = rest.split_at_checked(plain_run(rest.as_bytes())).unwrap_or((rest, ""));
        out.push_str(plain);
        let mut characters = tail.chars();
        let Some(special) = characters.next() else { break };
        escape(out, special);
        rest = characters.as_str();
    }
    out.push('"');
}

fn escape(out: &mut String, special: char) {
    match special {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        other => {
            let code = format!("\\u{:04x}", u32::from(other));
            out.push_str(&code);
        }
    }
}

/// Appends a value; `number` decides how a number is spelled.
pub(crate) fn write_value(out: &mut String, value: &Value<'_>, number: fn(&mut String, &str)) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(digits) => number(out, digits),
        Value::Text(text) => write_text(out, text),
        Value::List(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write_value(out, item, number);
            }
            out.push(']');
        }
        Value::Map(members) => write_members(out, members, number),
    }
}

/// Appends an object with these members, in their order.
pub(crate) fn write_members(out: &mut String, members: &Members<'_>, number: fn(&mut String, &str)) {
    out.push('{');
    for (place, (key, item)) in members.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        write_text(out, key);
        out.push(':');
        write_value(out, item, number);
    }
    out.push('}');
}

/// Appends a number as Python's `json` writes it after reading it: the spelling the reference vectors compare.
pub(crate) fn write_number_as_python(out: &mut String, digits: &str) {
    if digits == "-0" {
        out.push('0');
        return;
    }
    if !digits.contains(['.', 'e', 'E']) {
        out.push_str(digits);
        return;
    }
    let Ok(number) = digits.parse::<f64>() else {
        out.push_str(digits);
        return;
    };
    if number.is_infinite() {
        out.push_str(if number > 0.0 { "Infinity" } else { "-Infinity" });
        return;
    }
    let size = number.abs();
    if size != 0.0 && !(1e-4..1e16).contains(&size) {
        let text = format!("{number:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, power) = exponent.strip_prefix('-').map_or(('+', exponent), |power| ('-', power));
        out.push_str(&format!("{mantissa}e{sign}{power:0>2}"));
        return;
    }
    out.push_str(&format!("{number:?}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_spelled_as_python_spells_it() {
        for (given, python) in [
            ("1.0", "1.0"),
            ("1.50", "1.5"),
            ("1e2", "100.0"),
            ("1e16", "1e+16"),
            ("1.5e-5", "1.5e-05"),
            ("0.0001", "0.0001"),
            ("-0", "0"),
            ("-0.0", "-0.0"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("1e400", "Infinity"),
            ("2e-300", "2e-300"),
        ] {
            let mut out = String::new();
            write_number_as_python(&mut out, given);
            assert_eq!(out, python, "{given}");
        }
    }
}
