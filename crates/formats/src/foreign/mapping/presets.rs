//! Which tables are known? Mappings shipped as data, each recognised by its header.

use super::{
    Mapping,
    translate::{Mapped, has_header},
};
use crate::foreign::{Adapter, Shape, Translate, head::Head};
use std::{borrow::Cow, sync::LazyLock};

/// A preset: its name, its title and its mapping.
type Preset = (&'static str, &'static LazyLock<Mapping>);

macro_rules! presets {
    ($($constant:ident $adapter:ident = $name:literal $title:literal $file:literal),+ $(,)?) => {
        $(static $constant: LazyLock<Mapping> = LazyLock::new(|| {
            read(include_str!(concat!("../../../presets/", $file, ".json")))
        });)+

        $(pub(in crate::foreign) const $adapter: Adapter = Adapter {
            name: $name,
            title: $title,
            recognise: |head| recognise(&$constant, head),
            begin: |settings| {
                Box::new(Mapped::of($name, Some(Cow::Borrowed(&*$constant)), settings)) as Box<dyn Translate + Send>
            },
        };)+

        const ALL: &[Preset] = &[$(($name, &$constant)),+];
    };
}

presets! {
    TENABLE TENABLE_CSV = "tenable-csv" "Tenable findings as CSV" "tenable_csv",
    QUALYS QUALYS_VMDR = "qualys-csv" "Qualys VMDR report as CSV" "qualys_vmdr",
    ISSUES WIZ_ISSUES = "wiz-issues-csv" "Wiz issues as CSV" "wiz_issues",
    FINDINGS WIZ_FINDINGS = "wiz-findings-csv" "Wiz vulnerability findings as CSV" "wiz_findings",
    ALERTS ORCA = "orca-csv" "Orca alerts as CSV" "orca",
    SQL RAPID7_SQL = "rapid7-sql-csv" "Rapid7 SQL query export" "rapid7_sql",
    BASIC RAPID7_BASIC = "rapid7-csv" "Rapid7 basic vulnerability check results" "rapid7_basic",
}

/// A file that is no mapping would recognise nothing; a test reads each of them.
fn read(text: &str) -> Mapping {
    serde_json::from_str(text).unwrap_or_default()
}

fn recognise(mapping: &Mapping, head: &Head<'_>) -> Option<Shape> {
    if mapping.header.is_empty() {
        return None;
    }
    let row = head.header_rows().find(|row| has_header(&row.names, &mapping.header))?;
    Some(Shape::Table { delimiter: row.delimiter, preamble: row.preamble })
}

/// The mapping of a known table by the name of its format, to be changed and saved under another.
///
/// ```
/// use formats::foreign::mapping::preset;
///
/// assert_eq!(preset("tenable-csv").map(|mapping| mapping.item.as_str()), Some("{Plugin ID}@{Host|DNS Name|Asset Name|IP Address}[:{Port}]"));
/// ```
#[must_use]
pub fn preset(name: &str) -> Option<&'static Mapping> {
    ALL.iter().find(|(known, _)| *known == name).map(|(_, mapping)| &***mapping)
}

/// All known tables: the name of the format and its mapping.
pub fn presets() -> impl Iterator<Item = (&'static str, &'static Mapping)> {
    ALL.iter().map(|(name, mapping)| (*name, &***mapping))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_a_mapping_without_problems_and_stays_itself_as_json() {
        for (name, mapping) in presets() {
            assert!(!mapping.header.is_empty(), "{name} is no mapping");
            assert_eq!(mapping.problems(None), [], "{name}");
            assert!(mapping.lenient, "{name}: exports vary");
            let text = serde_json::to_string(mapping).unwrap();
            assert_eq!(serde_json::from_str::<Mapping>(&text).unwrap(), *mapping, "{name}");
        }
    }
}
