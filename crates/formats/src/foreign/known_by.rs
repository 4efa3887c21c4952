//! By which columns is the table of a tool known, and which of them does a file lack that was said to be one?

use super::{
    Adapter,
    head::{Head, HeaderRow},
    mapping::{
        find::{nearest_column, plain},
        preset,
    },
};
use crate::{file_fault::FileFault, held::shown, sniff::sniff, source::begin};

/// The columns by which tables are known that no preset describes; a table has those of one list.
const KNOWN: &[(&str, &[&[&str]])] = &[
    ("jira", &[&["Issue key", "Created"]]),
    (
        "servicenow",
        &[
            &["number", "opened_at", "state"],
            &["number", "opened_at", "incident_state"],
            &["documentkey", "fieldname", "oldvalue", "newvalue"],
        ],
    ),
    ("microsoft", &[&["IncidentNumber", "ModifiedBy", "CreatedTime"]]),
    ("vectr-csv", &[&["AssessmentGroup", "Campaign", "MitreID", "Outcome"]]),
    ("exercise-template", &[&["exercise", "objective", "rating"]]),
    ("kev-csv", &[&["cveID", "dateAdded", "dueDate"]]),
    ("epss", &[&["cve", "epss", "percentile"]]),
];

/// Behind this some tools write the zone of a column of times.
const MARK: &str = " [";

impl Adapter {
    /// What is wrong with a file of which some columns are those of this format's table, and which is no such table; nothing
    /// of canonical events, whatever columns they have beside their own.
    #[must_use]
    pub fn nearly(&self, beginning: &[u8]) -> Option<FileFault> {
        let (head, _, _) = begin(beginning, None).ok()?;
        if sniff(&head).is_ok() {
            return None;
        }
        let head = Head::of(&head);
        if (self.recognise)(&head).is_some() { None } else { lacking(self, &head).or_else(|| not_cut(self, &head)) }
    }
}

/// Why a file that was said to be of a format is not.
pub(super) fn not_this(adapter: &Adapter, head: &Head<'_>) -> FileFault {
    lacking(adapter, head).or_else(|| not_cut(adapter, head)).unwrap_or(FileFault::NotThisFormat(adapter.title))
}

/// The lists of columns, one of which the table has.
fn lists(adapter: &Adapter, head: &Head<'_>) -> Vec<Vec<String>> {
    let own = KNOWN.iter().filter(|(name, _)| *name == adapter.name).flat_map(|(_, lists)| *lists);
    let own = own.map(|list| list.iter().map(|column| (*column).to_owned()).collect());
    let wanted = head.wanted().iter().map(|column| (*column).to_owned()).collect();
    let lists = own.chain(preset(adapter.name).map(|mapping| mapping.header.clone())).chain([wanted]);
    lists.filter(|list: &Vec<String>| !list.is_empty()).collect()
}

fn is_there(row: &HeaderRow, column: &str) -> bool {
    let bare = |name: &str| plain(name.split(MARK).next().unwrap_or_default());
    row.names.iter().any(|name| bare(name) == plain(column))
}

/// The header that has half the columns or more, and which it has not.
fn lacking(adapter: &Adapter, head: &Head<'_>) -> Option<FileFault> {
    if head.is_array() || head.is_object() {
        return None;
    }
    let lists = lists(adapter, head);
    let pairs = head.header_rows().flat_map(|row| lists.iter().map(move |list| (row.clone(), list)));
    let split = pairs.map(|(row, list)| {
        let missing: Vec<&String> = list.iter().filter(|column| !is_there(&row, column)).collect();
        (row, list.len(), missing)
    });
    let near = split.filter(|(_, all, missing)| !missing.is_empty() && missing.len().saturating_mul(2) <= *all);
    let near: Vec<_> = near.collect();
    let (row, _, missing) = near.iter().min_by_key(|(_, _, missing)| missing.len())?;
    // Of lists that fit as well each would do.
    let as_good =
        near.iter().filter(|(other, _, lacks)| other.preamble == row.preamble && lacks.len() == missing.len());
    let named =
        |missing: &Vec<&String>| missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    Some(FileFault::LacksColumns {
        title: adapter.title,
        line: row.preamble.saturating_add(1),
        missing: as_good.map(|(_, _, lacks)| named(lacks)).collect::<Vec<_>>().join(" or "),
        nearest: missing.first().and_then(|column| nearest_column(column, &row.names)).map(shown),
    })
}

/// The line that names all columns, and is not cut where tables are.
fn not_cut(adapter: &Adapter, head: &Head<'_>) -> Option<FileFault> {
    if head.is_array() || head.is_object() {
        return None;
    }
    let lists = lists(adapter, head);
    let names_all = |line: &str| {
        let line = plain(line);
        lists.iter().any(|list| list.len() > 1 && list.iter().all(|column| line.contains(&plain(column))))
    };
    let place = head.header_lines().position(names_all)?;
    Some(FileFault::NotCut { title: adapter.title, line: place.saturating_add(1) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foreign::{ALL, Shape, candidates};

    /// A table with these columns, and whether the format takes it.
    fn takes(adapter: &Adapter, columns: &[&String]) -> bool {
        let row =
            |cell: &dyn Fn(&String) -> String| columns.iter().map(|name| cell(name)).collect::<Vec<_>>().join(",");
        let text = format!("{}\n{}\n", row(&|name| (*name).clone()), row(&|_| "1".to_owned()));
        let shape = (adapter.recognise)(&Head::of(text.as_bytes()));
        assert!(shape.is_none_or(|shape| matches!(shape, Shape::Table { .. })), "{text}");
        shape.is_some()
    }

    #[test]
    fn a_table_is_known_by_exactly_these_columns() {
        let none = Head::of(b"");
        for adapter in ALL {
            for list in lists(adapter, &none) {
                let all: Vec<&String> = list.iter().collect();
                assert!(takes(adapter, &all), "{}: {all:?}", adapter.name);
                for left_out in &list {
                    let rest: Vec<&String> = list.iter().filter(|column| *column != left_out).collect();
                    assert!(!takes(adapter, &rest), "{}: {rest:?}", adapter.name);
                }
            }
        }
    }

    #[test]
    fn canonical_events_are_nearly_no_table_and_a_table_of_two_tools_is_of_both() {
        let kev = Adapter::named("kev-csv").unwrap();
        let near = b"cveID,dateAdded,name\n1,2,3\n";
        assert_eq!(kev.nearly(near).map(|fault| fault.code()), Some("missing_header"));
        assert!(kev.nearly(b"cveID,dateAdded,item_id,event,at\n1,2,3,4,5\n").is_none());
        assert!(kev.nearly(b"cveID,dateAdded,dueDate\n1,2,3\n").is_none());
        let both = candidates(b"number,opened_at,state,Issue key,Created\n1,2,3,4,5\n");
        assert_eq!(both.iter().map(|adapter| adapter.name).collect::<Vec<_>>(), ["jira", "servicenow"]);
    }

    #[test]
    fn a_table_that_is_nearly_one_says_what_it_lacks_and_in_which_line() {
        let said = |name: &str, text: &str| {
            let head = Head::of(text.as_bytes());
            not_this(&Adapter::named(name).unwrap(), &head).to_string()
        };
        assert_eq!(
            said("kev-csv", "Catalogue\ncveID,dateAdded,due date of it\n1,2,3\n"),
            "line 2 has columns of the KEV catalogue as CSV and lacks `dueDate`; is `due date of it` meant?"
        );
        assert_eq!(
            said("vectr-csv", "AssessmentGroup,Campaign,Status\n1,2,3\n"),
            "line 1 has columns of a VECTR export of test cases and lacks `MitreID` and `Outcome`"
        );
        assert_eq!(
            said("epss", "cve|epss|percentile\n1|2|3\n"),
            "line 1 names the columns of EPSS scores, and is not cut at commas, semicolons or tabs"
        );
        assert_eq!(said("epss", "a,b,cve\n1,2,3\n"), "this does not look like EPSS scores");
    }
}
