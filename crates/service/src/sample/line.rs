//! How is one thing that happened written as a line of the feed?

use super::subject::Subject;
use domain::{event_name::EventName, time::Timestamp};

/// Something that happened, with what is said about it. All texts are our own and need no escaping.
pub(super) struct Said {
    name: EventName,
    at: Timestamp,
    fields: String,
}

impl Said {
    pub(super) const fn new(name: EventName, at: Timestamp) -> Self {
        Self { name, at, fields: String::new() }
    }

    pub(super) fn text(mut self, field: &str, text: &str) -> Self {
        debug_assert!(!text.contains(['"', '\\']) && text.chars().all(|letter| !letter.is_control()));
        for part in [",\"", field, "\":\"", text, "\""] {
            self.fields.push_str(part);
        }
        self
    }

    /// A number, `true`, `false` or a list: anything that is JSON already.
    pub(super) fn json(mut self, field: &str, json: &str) -> Self {
        for part in [",\"", field, "\":", json] {
            self.fields.push_str(part);
        }
        self
    }

    pub(super) fn by_person(self, person: &str) -> Self {
        self.text("actor", person).text("actor_type", "human")
    }

    pub(super) fn by_system(self, system: &str) -> Self {
        self.text("actor", system).text("actor_type", "system")
    }

    pub(super) fn because(self, (code, words): (&str, &str)) -> Self {
        self.text("reason_code", code).text("reason", words)
    }

    /// The line of the `count`th event of an item.
    pub(super) fn line(&self, subject: &Subject, count: usize) -> String {
        format!(
            r#"{{"id":"ald-{}-{count}","item_id":"{}","event":"{}","at":"{}"{}}}"#,
            subject.number, subject.item_id, self.name, self.at, self.fields
        )
    }

    pub(super) const fn at(&self) -> Timestamp {
        self.at
    }
}
