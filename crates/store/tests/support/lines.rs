//! Events for tests, with bodies that look like canonical lines.

use domain::{
    event::Certainty,
    event_name::EventName,
    id::{ImportId, ItemKey, OrgId, SourceId},
    time::Timestamp,
};
use store::{event_keys::Content, events::NewEvent, imports::NewImport};

pub const ORG: OrgId = OrgId::from_row(1);

pub fn event(number: u8, item: i64, body: &str) -> NewEvent {
    let at = Timestamp::from_seconds(1_700_000_000 + i64::from(number));
    NewEvent {
        line: u32::from(number),
        key: [number; 16],
        item: ItemKey::from_row(item),
        name: EventName::Detected,
        at,
        at_latest: None,
        received_at: at,
        certainty: Certainty::Observed,
        content: Content::of(body),
        body: body.into(),
        counted: None,
    }
}

/// An import that has just begun.
pub fn new_import(number: i64, source: SourceId, at: Timestamp) -> NewImport<'static> {
    NewImport {
        id: ImportId::from_row(number),
        source,
        name: "a.csv",
        bytes: 900,
        digest: &[4; 32],
        at,
        plan: "",
        spool: "",
        terms: "{\"a\":1}",
    }
}
