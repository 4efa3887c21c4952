//! How is a text put together from cells? By a template that names its columns in braces.

use crate::{foreign::table::Row, held::shown};

/// A template of which every column is known by its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// The first of these cells that says something, and the name by which to miss them.
    Cell(Vec<usize>, String),
    /// Left out where one of its cells says nothing.
    Optional(Vec<Part>),
}

/// Whether a part stands in brackets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Outside,
    Inside,
}

impl Template {
    /// Reads a template; `find` tells the place of a column, or that the table lacks it.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub(super) fn parse(text: &str, find: &mut dyn FnMut(&str) -> Option<usize>) -> Result<Self, String> {
        let mut rest = text.chars();
        let parts = parts(&mut rest, Depth::Outside, find)
            .map_err(|fault| format!("`{}` is no template: {fault}", shown(text)))?;
        Ok(Self(parts))
    }

    /// A column without which it never says anything, where the table lacks it.
    pub(super) fn impossible(&self) -> Option<&str> {
        self.0.iter().find_map(|part| match part {
            Part::Cell(places, name) if places.is_empty() => Some(name.as_str()),
            Part::Cell(..) | Part::Text(_) | Part::Optional(_) => None,
        })
    }

    /// The text of a row, or the name of the column that says nothing.
    pub(super) fn render(&self, row: &Row<'_>) -> Result<String, &str> {
        let mut text = String::new();
        render(&self.0, &|place| row.cell(place), &mut text)?;
        Ok(text)
    }

    /// The same where words that usually say nothing count as words.
    pub(super) fn render_raw(&self, row: &Row<'_>) -> Option<String> {
        let mut text = String::new();
        let cell = |place| row.raw_cell(place).filter(|text| !text.is_empty());
        render(&self.0, &cell, &mut text).is_ok().then_some(text)
    }
}

fn parts(
    rest: &mut std::str::Chars<'_>,
    depth: Depth,
    find: &mut dyn FnMut(&str) -> Option<usize>,
) -> Result<Vec<Part>, &'static str> {
    let (mut found, mut text) = (Vec::new(), String::new());
    let flush = |found: &mut Vec<Part>, text: &mut String| {
        if !text.is_empty() {
            found.push(Part::Text(std::mem::take(text)));
        }
    };
    while let Some(sign) = rest.next() {
        match sign {
            '\\' => text.push(rest.next().ok_or("it ends with `\\`")?),
            '{' => {
                flush(&mut found, &mut text);
                found.push(cell(rest, find)?);
            }
            '[' if depth == Depth::Inside => return Err("a `[` inside brackets"),
            '[' => {
                flush(&mut found, &mut text);
                found.push(Part::Optional(parts(rest, Depth::Inside, find)?));
            }
            ']' if depth == Depth::Inside => {
                flush(&mut found, &mut text);
                return Ok(found);
            }
            '}' | ']' => return Err("a closing bracket that was never opened"),
            other => text.push(other),
        }
    }
    if depth == Depth::Inside {
        return Err("a `[` that never closes");
    }
    flush(&mut found, &mut text);
    Ok(found)
}

/// The columns up to the closing brace.
fn cell(rest: &mut std::str::Chars<'_>, find: &mut dyn FnMut(&str) -> Option<usize>) -> Result<Part, &'static str> {
    let (mut names, mut name) = (Vec::new(), String::new());
    loop {
        match rest.next().ok_or("a `{` that never closes")? {
            '\\' => name.push(rest.next().ok_or("a `{` that never closes")?),
            '|' => names.push(std::mem::take(&mut name)),
            '{' => return Err("a `{` inside braces"),
            '}' => break,
            other => name.push(other),
        }
    }
    names.push(name);
    if names.iter().any(|name| name.trim().is_empty()) {
        return Err("braces without the name of a column");
    }
    let places = names.iter().filter_map(|name| find(name.trim())).collect();
    Ok(Part::Cell(places, names.join("|")))
}

fn render<'a, 'r>(
    parts: &'a [Part],
    cell: &impl Fn(usize) -> Option<&'r str>,
    text: &mut String,
) -> Result<(), &'a str> {
    for part in parts {
        match part {
            Part::Text(plain) => text.push_str(plain),
            Part::Cell(places, name) => {
                text.push_str(places.iter().find_map(|place| cell(*place)).ok_or(name.as_str())?);
            }
            Part::Optional(inner) => {
                let before = text.len();
                if render(inner, cell, text).is_err() {
                    text.truncate(before);
                }
            }
        }
    }
    Ok(())
}

/// A column as a template that holds nothing else.
pub(super) fn of_column(name: &str) -> String {
    let mut text = String::from("{");
    for sign in name.chars() {
        if matches!(sign, '{' | '}' | '|' | '\\') {
            text.push('\\');
        }
        text.push(sign);
    }
    text.push('}');
    text
}

/// A text as a template that names no column.
pub(super) fn of_text(text: &str) -> String {
    let mut template = String::new();
    for sign in text.chars() {
        if matches!(sign, '{' | '}' | '[' | ']' | '\\') {
            template.push('\\');
        }
        template.push(sign);
    }
    template
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        foreign::{Settings, table::Table},
        frame::{Frame, Place},
    };

    fn rendered(template: &str, line: &str) -> Result<String, String> {
        let header = Frame::whole(Place { line: 1, byte: 0 }, b"a,b,c d,{e|f}".to_vec());
        let table = Table::read(&header, b',', &Settings::default()).unwrap();
        let names = ["a", "b", "c d", "{e|f}"];
        let template = Template::parse(template, &mut |name| names.iter().position(|known| *known == name))?;
        let row = table.row(line).unwrap();
        template.render(&row).map_err(str::to_owned)
    }

    #[test]
    fn columns_are_put_in_and_optional_parts_left_out() {
        assert_eq!(rendered("{a}@{b}[:{c d}]", "1,2,3,").unwrap(), "1@2:3");
        assert_eq!(rendered("{a}@{b}[:{c d}]", "1,2,N/A,").unwrap(), "1@2");
        assert_eq!(rendered("{a|b}", ",2,,").unwrap(), "2");
        assert_eq!(rendered("{a}@{b}", "1,,3,").unwrap_err(), "b");
        assert_eq!(rendered(r"\[{a}\]", "1,,3,").unwrap(), "[1]");
        assert_eq!(rendered(&of_column("{e|f}"), "1,,3,x").unwrap(), "x");
        assert_eq!(rendered(&of_text(r"[{a}]\"), "1,,3,x").unwrap(), r"[{a}]\");
    }

    #[test]
    fn what_is_no_template_is_said_to_be_none() {
        for (text, fault) in [
            ("{a", "never closes"),
            ("[{a}", "never closes"),
            ("a}", "never opened"),
            ("{}", "without the name"),
            ("[[{a}]]", "inside brackets"),
            ("{a{b}}", "inside braces"),
            ("a\\", "ends with"),
        ] {
            let said = rendered(text, "1,2,3,4").unwrap_err();
            assert!(said.contains(fault) && said.contains("is no template"), "{text}: {said}");
        }
    }
}
