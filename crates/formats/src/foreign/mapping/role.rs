//! What can a column of an unknown table mean? A closed list, for whoever is asked.

use super::check::may_mean;
use crate::field::Field;

/// How the columns of a role take part in the reading of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// It names the item, with others.
    Name,
    /// It fills the field of that name.
    Field(&'static str),
    /// It holds the status.
    Status,
    /// It says when the event of that name happened.
    Time,
    /// It is kept as it stands, and nothing rests on it.
    Kept,
}

/// One thing a column can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its stable word.
    pub word: &'static str,
    /// What it means, for people.
    pub title: &'static str,
    /// The sort of meaning it belongs to, for people.
    pub group: &'static str,
    pub(super) part: Part,
}

const WHAT: &str = "What it is";
const ABOUT: &str = "What is known of it";
const WHEN: &str = "When something happened";
const ELSE: &str = "Otherwise";

const fn role(word: &'static str, title: &'static str, group: &'static str, part: Part) -> Role {
    Role { word, title, group, part }
}

const fn time(word: &'static str, title: &'static str) -> Role {
    role(word, title, WHEN, Part::Time)
}

/// Every meaning a column can have, in the order in which it is offered.
pub const ROLES: [Role; 35] = [
    role("item", "Item id, all of it", WHAT, Part::Name),
    role("weakness", "Weakness: rule, plugin, CVE", WHAT, Part::Field("weakness")),
    role("asset", "Asset: host, server, resource", WHAT, Part::Field("asset")),
    role("identity", "Account or identity", WHAT, Part::Field("identity")),
    role("service", "Service or application", WHAT, Part::Field("service")),
    role("part", "Port, path or other part of the asset", WHAT, Part::Name),
    role("record", "The tool's own number of the record", WHAT, Part::Name),
    role("severity", "Severity or score", ABOUT, Part::Field("severity")),
    role("status", "Status", ABOUT, Part::Status),
    role("team", "Team that should fix it", ABOUT, Part::Field("team")),
    role("owner", "Owner", ABOUT, Part::Field("owner")),
    role("ticket", "Ticket", ABOUT, Part::Field("ticket")),
    role("cve", "CVE ids", ABOUT, Part::Field("cve")),
    role("asset_class", "Class of the asset", ABOUT, Part::Field("asset_class")),
    role("criticality", "Criticality of the asset", ABOUT, Part::Field("criticality")),
    role("patch", "Patch or update that fixes it", ABOUT, Part::Field("patch")),
    role("technique", "ATT&CK techniques", ABOUT, Part::Field("technique")),
    role("reason", "Reason or comment", ABOUT, Part::Field("reason")),
    role("due", "Due, as the tool says", ABOUT, Part::Field("reported_due")),
    time("detected", "First detected"),
    time("seen", "Last seen"),
    time("ticketed", "Ticket opened"),
    time("triaged", "Triaged"),
    time("assigned", "Assigned"),
    time("work_started", "Work started"),
    time("paused", "Set to waiting"),
    time("resumed", "Taken up again"),
    time("exception_granted", "Risk accepted"),
    time("exception_expired", "Acceptance over"),
    time("fix_applied", "Fix applied"),
    time("closed", "Closed"),
    time("verified", "Verified gone"),
    time("redetected", "Detected again"),
    time("reopened", "Opened again"),
    role("kept", "Kept with the item, as it stands", ELSE, Part::Kept),
];

/// Roles whose value can be the same in every row, where no column says it.
const FIXED: [&str; 8] = ["asset", "identity", "service", "severity", "team", "owner", "asset_class", "criticality"];

impl Role {
    /// The role of that word.
    #[must_use]
    pub fn named(word: &str) -> Option<&'static Self> {
        ROLES.iter().find(|role| role.word == word)
    }

    /// Whether several columns may have it.
    #[must_use]
    pub fn may_repeat(&self) -> bool {
        self.part == Part::Kept
    }

    /// Whether its value can be the same in every row.
    #[must_use]
    pub fn may_be_fixed(&self) -> bool {
        FIXED.contains(&self.word)
    }

    /// Whether a text can be its value in every row.
    #[must_use]
    pub fn takes(&self, text: &str) -> bool {
        match self.part {
            Part::Field(field) => Field::find(field).is_some_and(|field| may_mean(field.class(), &text.to_lowercase())),
            Part::Name | Part::Status | Part::Time | Part::Kept => false,
        }
    }

    /// Whether its column holds times.
    #[must_use]
    pub fn is_time(&self) -> bool {
        self.part == Part::Time || self.word == "due"
    }
}

/// What a status word can mean: its stable word, and its meaning for people.
pub const STATES: [(&str, &str); 8] = [
    ("open", "Open, no news of its own"),
    ("work_started", "Being worked on"),
    ("paused", "Waiting"),
    ("fix_applied", "Fixed, not closed yet"),
    ("closed", "Closed"),
    ("verified", "Closed, and verified gone"),
    ("exception_granted", "Risk accepted"),
    ("false_positive", "Never was a weakness"),
];

/// What a severity word can mean.
pub const LEVELS: [(&str, &str); 5] = [
    ("critical", "Critical"),
    ("high", "High"),
    ("medium", "Medium"),
    ("low", "Low"),
    ("below", "Less than low: such rows are held"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use domain::event_name::EventName;

    #[test]
    fn every_role_leads_to_a_field_or_an_event_that_is_there() {
        for role in &ROLES {
            match role.part {
                Part::Field(field) => assert!(Field::find(field).is_some(), "{}", role.word),
                Part::Time => assert!(role.word.parse::<EventName>().is_ok(), "{}", role.word),
                Part::Name | Part::Status | Part::Kept => {}
            }
            assert_eq!(ROLES.iter().filter(|other| other.word == role.word).count(), 1, "{}", role.word);
        }
        for word in FIXED {
            assert!(Role::named(word).is_some_and(|role| role.takes("high")), "{word}");
        }
        assert!(Role::named("severity").is_some_and(|role| role.takes("High") && !role.takes("hoch")));
        for (state, _) in STATES.iter().filter(|(state, _)| *state != "open") {
            assert!(state.parse::<EventName>().is_ok(), "{state}");
        }
    }
}
