//! How is one record read again, long after its file is gone? As it would be in a file of its own: with the header it
//! stood under, and by the settings that are in force by then.
//!
//! Not every record can: what some formats say of a record follows from the records before it.

use super::{
    Adapter, Given, Settings, Understood, element::Element, head::Head, mapping::Mapping, push::pushed, table::Table,
};
use crate::{
    canonical::{Outcome, not_json, not_utf8},
    file_fault::FileFault,
    foreign::reader::{is_silent, nothing_understood},
    frame::{Frame, Place},
    held::Held,
    json::{self, Rules},
};
use serde::{Deserialize, Serialize};

/// The place of a record that stands alone.
const ALONE: Place = Place { line: 1, byte: 0 };

/// How a record stood in what it was cut from, and what it needs of that to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cut", rename_all = "snake_case")]
pub enum Around {
    /// A value of JSON.
    Value,
    /// A row of a table.
    Row {
        /// The row with the names of the columns, as it was written.
        header: String,
        /// The byte between cells.
        delimiter: u8,
        /// The lines before the header.
        preamble: Vec<String>,
    },
    /// A trace of an event log in XML.
    Trace,
    /// The whole body of one push.
    Push,
}

/// Why a record cannot be read alone.
#[derive(Debug)]
pub enum NotAgain {
    /// What it says follows from the records around it.
    NeedsItsFile,
    /// It cannot be read with this header or by these settings.
    File(FileFault),
}

impl Around {
    /// Whether a record that stood so looks like this format.
    #[must_use]
    pub fn looks_like(&self, adapter: Adapter, settings: &Settings, raw: &[u8]) -> bool {
        let mut text = Vec::new();
        if let Self::Row { header, preamble, .. } = self {
            for line in preamble.iter().chain([header]) {
                text.extend(line.bytes());
                text.push(b'\n');
            }
        }
        text.extend(raw);
        let wanted = settings.mapping.as_ref().map(Mapping::columns).unwrap_or_default();
        (adapter.recognise)(&Head::of(&text).wanting(wanted)).is_some()
    }
}

/// What one record says, read by itself.
///
/// ```
/// use formats::foreign::{Adapter, Around, Settings, again};
/// let (jira, issue) = (Adapter::named("jira").unwrap(), br#"{"key":"A-1","fields":{},"changelog":{}}"#);
/// let understood = again(jira, &Settings::default(), &Around::Value, issue).unwrap();
/// assert_eq!(understood.outcomes.len(), 2, "{understood:?}");
/// ```
///
/// # Errors
/// [`NotAgain`], where it says nothing without what stood around it.
pub fn again(adapter: Adapter, settings: &Settings, around: &Around, raw: &[u8]) -> Result<Understood, NotAgain> {
    if *around == Around::Push {
        return pushed(adapter, settings, raw.to_vec()).map(|record| record.understood).map_err(NotAgain::File);
    }
    settings.check().map_err(|wrong| NotAgain::File(FileFault::BadSetting(wrong)))?;
    let mut translator = (adapter.begin)(settings);
    translator.ready().map_err(|wrong| NotAgain::File(FileFault::BadSetting(wrong)))?;
    let table = match around {
        Around::Row { header, delimiter, preamble } => {
            preamble.iter().for_each(|line| translator.beside("", line));
            let header = Frame::whole(ALONE, header.clone().into_bytes());
            let repeats = translator.repeats_columns();
            let read = if repeats { Table::read_repeated } else { Table::read };
            let table = read(&header, *delimiter, settings).map_err(NotAgain::File)?;
            translator.columns(&table.columns).map_err(NotAgain::File)?;
            Some(table)
        }
        Around::Value | Around::Trace | Around::Push => None,
    };
    let mut understood = Understood::default();
    let given = match given(around, table.as_ref(), raw) {
        Ok(given) => given,
        Err(held) => {
            understood.outcomes.push(Outcome::Held(held));
            return Ok(understood);
        }
    };
    if !translator.stands_alone(&given) {
        return Err(NotAgain::NeedsItsFile);
    }
    translator.record(&given, &mut understood);
    if is_silent(&mut understood) {
        understood.outcomes.push(Outcome::Held(nothing_understood(adapter.title)));
    }
    Ok(understood)
}

fn given<'a>(around: &Around, table: Option<&'a Table>, raw: &'a [u8]) -> Result<Given<'a>, Held> {
    let text = str::from_utf8(raw).map_err(|error| not_utf8(&error))?;
    match (table, around) {
        (Some(table), _) => table.row(text).map(Given::Row).map_err(Held::because),
        (None, Around::Trace) => Element::read(text).map(Given::Xml).map_err(Held::because),
        (None, _) => json::value(text, Rules::ANALYSIS).map(Given::Json).map_err(|fault| not_json(&fault)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foreign::Foreign;
    use domain::quarantine::Reason;

    fn mapped(zone: Option<&str>) -> Settings {
        let mapping = r#"{"mapping": {"item": "{Rule}@{Host}", "fields": {"severity": {"column": "Risk"}},
            "events": [{"event": "detected", "at": {"column": "Opened"}}]}}"#;
        let settings: Settings = serde_json::from_str(mapping).unwrap();
        Settings { zone: zone.map(str::to_owned), ..settings }
    }

    /// The first record of a file with what it needs to be read again.
    fn first(file: &str, name: &str, settings: &Settings) -> (Around, Vec<u8>, Understood) {
        let mut foreign = Foreign::open(file.as_bytes(), Adapter::named(name).unwrap(), settings).unwrap();
        let record = foreign.next_record().unwrap().unwrap();
        (foreign.around(), record.raw, record.understood)
    }

    fn reason(understood: &Understood) -> Option<Reason> {
        understood.outcomes.iter().find_map(|outcome| match outcome {
            Outcome::Held(held) => Some(held.reason),
            Outcome::Event(_) => None,
        })
    }

    #[test]
    fn a_row_is_read_again_under_its_header_by_other_settings() {
        let csv = Adapter::named("csv").unwrap();
        let file = "Rule;Host;Opened;Risk\n7;\"web;01\";2026-03-01 10:00;high\n";
        let (around, raw, understood) = first(file, "csv", &mapped(None));
        assert_eq!(reason(&understood), Some(Reason::NaiveTime));
        assert!(around.looks_like(csv, &mapped(None), &raw));
        let understood = again(csv, &mapped(Some("Europe/Madrid")), &around, &raw).unwrap();
        let [Outcome::Event(draft)] = understood.outcomes.as_slice() else { panic!("{understood:?}") };
        assert_eq!((draft.item_id.as_str(), draft.at.to_string()), ("7@web;01", "2026-03-01T09:00:00Z".to_owned()));
        let kept = serde_json::to_string(&around).unwrap();
        assert_eq!(serde_json::from_str::<Around>(&kept).unwrap(), around);
    }

    #[test]
    fn a_severity_below_low_is_taken_as_low_where_that_is_said() {
        let csv = Adapter::named("csv").unwrap();
        let file = "Rule,Host,Opened,Risk\n7,web,2026-03-01T10:00:00Z,info\n";
        let (around, raw, understood) = first(file, "csv", &mapped(None));
        assert_eq!(reason(&understood), Some(Reason::BelowScope));
        let as_low = Settings { below_as_low: true, ..mapped(None) };
        let understood = again(csv, &as_low, &around, &raw).unwrap();
        let [Outcome::Event(draft)] = understood.outcomes.as_slice() else { panic!("{understood:?}") };
        assert!(draft.canonical.contains(r#""severity":"low""#), "{}", draft.canonical);
    }

    #[test]
    fn what_follows_from_the_rows_around_it_is_not_read_alone() {
        let file = "number,opened_at,state,sys_updated_at\nINC1,2026-03-01T10:00:00Z,New,2026-03-01T10:00:00Z\n";
        let (around, raw, _) = first(file, "servicenow", &Settings::default());
        let read = again(Adapter::named("servicenow").unwrap(), &Settings::default(), &around, &raw);
        assert!(matches!(read, Err(NotAgain::NeedsItsFile)), "{read:?}");
    }

    #[test]
    fn a_header_that_a_mapping_cannot_use_is_told() {
        let (around, raw, _) = first("Rule,Host,Opened,Risk\n7,web,x,low\n", "csv", &mapped(None));
        let Around::Row { delimiter, preamble, .. } = around else { panic!("{around:?}") };
        let other = Around::Row { header: "Rule,Host,Seen,Risk".to_owned(), delimiter, preamble };
        let read = again(Adapter::named("csv").unwrap(), &mapped(None), &other, &raw);
        assert!(matches!(read, Err(NotAgain::File(FileFault::BadSetting(_)))), "{read:?}");
    }
}
