//! What would become of each item of a file? The events of its first records, by item, for whoever wants to see clocks run.

use super::{Adapter, Foreign, Settings};
use crate::{canonical::Outcome, file_fault::FileFault};
use std::{collections::BTreeMap, io::BufRead};

/// How much of a file is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// At most so many records.
    pub records: u64,
    /// At most so many bytes of records.
    pub bytes: u64,
}

/// The events of the first records of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histories {
    /// Records that were read.
    pub records: u64,
    /// Whether that was all of the file.
    pub whole: bool,
    /// The canonical texts of the events, by item, in the order of the file.
    pub items: BTreeMap<String, Vec<String>>,
}

/// Reads the first records of a file and gathers their events by item. A fault further on ends the reading.
///
/// # Errors
/// [`FileFault`] when it cannot be opened as that format.
pub fn histories<R: BufRead>(
    input: R,
    adapter: Adapter,
    settings: &Settings,
    reach: Reach,
) -> Result<Histories, FileFault> {
    let mut foreign = Foreign::open(input, adapter, settings)?;
    let (mut found, mut bytes) = (Histories::default(), 0_u64);
    while found.records < reach.records && bytes < reach.bytes {
        let record = match foreign.next_record() {
            Ok(Some(record)) => record,
            Ok(None) => {
                found.whole = true;
                break;
            }
            Err(_) => break,
        };
        found.records = found.records.saturating_add(u64::from(!record.raw.is_empty()));
        bytes = bytes.saturating_add(record.raw.len() as u64);
        for outcome in record.understood.outcomes {
            if let Outcome::Event(draft) = outcome {
                found.items.entry(draft.item_id).or_default().push(draft.canonical);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_gathered_by_item_as_far_as_the_reach_goes() {
        let settings: Settings = serde_json::from_str(
            r#"{"mapping": {"item": "{Rule}", "events": [{"event": "detected", "at": {"column": "Opened"}}]}}"#,
        )
        .unwrap();
        let file = "Rule,Opened\n7,2026-03-01T10:00:00Z\n8,2026-03-01T10:00:00Z\n7,2026-03-02T10:00:00Z\n";
        let read = |records, bytes| {
            let reach = Reach { records, bytes };
            histories(file.as_bytes(), Adapter::named("csv").unwrap(), &settings, reach).unwrap()
        };
        let all = read(10, 1_000);
        assert_eq!((all.records, all.whole, all.items.len(), all.items["7"].len()), (3, true, 2, 2));
        assert!(!read(3, 1_000).whole, "nobody looked whether there is more");
        assert_eq!(read(2, 1_000).items["7"].len(), 1);
        assert_eq!(read(10, 1).records, 1);
    }
}
