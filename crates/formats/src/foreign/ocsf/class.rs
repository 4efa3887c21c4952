//! What does a number of OCSF mean? It depends on the class of the finding: one table a class.

use super::super::story::Phase;
use crate::json::Value;
use domain::{event_name::EventName, kind::Kind};

/// A class of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Security,
    Vulnerability,
    Compliance,
    Detection,
    Incident,
    DataSecurity,
    ApplicationPosture,
    Identity,
}

/// What a status number says of a lifecycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// A state an item can be in.
    In(Phase),
    /// Closed with the fix that was made.
    Fixed,
    /// Put away, not worked on.
    PutAway,
    /// Deleted by somebody: no fix.
    Deleted,
    /// Nothing any table knows.
    Unknown,
}

impl Status {
    /// The state the item is in.
    pub(super) const fn phase(self) -> Option<Phase> {
        match self {
            Self::In(phase) => Some(phase),
            Self::Fixed | Self::PutAway | Self::Deleted => Some(Phase::Closed),
            Self::Unknown => None,
        }
    }
}

impl Class {
    pub(super) fn of(value: &Value<'_>) -> Option<Self> {
        match value.word_at(&["class_uid"])?.as_str() {
            "2001" => Some(Self::Security),
            "2002" => Some(Self::Vulnerability),
            "2003" => Some(Self::Compliance),
            "2004" => Some(Self::Detection),
            "2005" => Some(Self::Incident),
            "2006" => Some(Self::DataSecurity),
            "2007" => Some(Self::ApplicationPosture),
            "2008" => Some(Self::Identity),
            _ => None,
        }
    }

    /// The table of this class. 3 and 5 mean different things in findings and in incidents.
    pub(super) fn status(self, number: &str) -> Status {
        match (self, number) {
            (_, "1") => Status::In(Phase::New),
            (_, "2") => Status::In(Phase::Working),
            (Self::Incident, "3") => Status::In(Phase::Paused),
            (Self::Incident, "4") => Status::Fixed,
            (Self::Incident, "5") => Status::In(Phase::Closed),
            (Self::Incident, _) => Status::Unknown,
            (_, "3") => Status::In(Phase::Excepted),
            (_, "4") => Status::In(Phase::Closed),
            (_, "5") => Status::PutAway,
            (_, "6") => Status::Deleted,
            _ => Status::Unknown,
        }
    }

    /// Whether a number would mean another thing had the table of another class been taken.
    pub(super) fn depends(self, number: &str) -> bool {
        self == Self::Incident && matches!(number, "3" | "5")
    }

    /// What ends a close: a weakness is found again, an incident is opened again.
    pub(super) const fn back(self) -> EventName {
        if self.stands_alone() { EventName::Reopened } else { EventName::Redetected }
    }

    /// Whether its items are things that happen rather than weaknesses of a resource.
    pub(super) const fn stands_alone(self) -> bool {
        matches!(self, Self::Detection | Self::Incident)
    }

    /// The kind of weakness. The oldest class leaves it to the types of the finding.
    pub(super) fn kind(self, types: &[String]) -> Option<Kind> {
        match self {
            Self::Vulnerability | Self::ApplicationPosture => Some(Kind::Vulnerability),
            Self::Compliance => Some(Kind::Misconfiguration),
            Self::DataSecurity => Some(Kind::Posture),
            Self::Identity => Some(Kind::Identity),
            Self::Detection | Self::Incident => Some(Kind::Incident),
            Self::Security => types.iter().find_map(|word| kind_of_type(&word.to_ascii_lowercase())),
        }
    }
}

fn kind_of_type(word: &str) -> Option<Kind> {
    const WORDS: [(&str, Kind); 9] = [
        ("vulnerab", Kind::Vulnerability),
        ("compliance", Kind::Misconfiguration),
        ("configuration", Kind::Misconfiguration),
        ("sensitive data", Kind::Posture),
        ("posture", Kind::Posture),
        ("identity", Kind::Identity),
        ("ttp", Kind::Incident),
        ("threat", Kind::Incident),
        ("unusual", Kind::Incident),
    ];
    WORDS.iter().find(|(part, _)| word.contains(part)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLASSES: [Class; 8] = [
        Class::Security,
        Class::Vulnerability,
        Class::Compliance,
        Class::Detection,
        Class::Incident,
        Class::DataSecurity,
        Class::ApplicationPosture,
        Class::Identity,
    ];

    #[test]
    fn every_status_of_every_class_means_what_its_table_says() {
        let finding = [
            ("0", Status::Unknown),
            ("1", Status::In(Phase::New)),
            ("2", Status::In(Phase::Working)),
            ("3", Status::In(Phase::Excepted)),
            ("4", Status::In(Phase::Closed)),
            ("5", Status::PutAway),
            ("6", Status::Deleted),
            ("7", Status::Unknown),
            ("99", Status::Unknown),
        ];
        let incident = [
            ("0", Status::Unknown),
            ("1", Status::In(Phase::New)),
            ("2", Status::In(Phase::Working)),
            ("3", Status::In(Phase::Paused)),
            ("4", Status::Fixed),
            ("5", Status::In(Phase::Closed)),
            ("6", Status::Unknown),
            ("7", Status::Unknown),
            ("99", Status::Unknown),
        ];
        for class in CLASSES {
            let table = if class == Class::Incident { incident } else { finding };
            for (number, meant) in table {
                assert_eq!(class.status(number), meant, "{class:?} {number}");
            }
        }
    }

    #[test]
    fn every_class_has_its_kind() {
        let kinds = CLASSES.map(|class| class.kind(&["Unusual behaviour".to_owned()]).map(Kind::as_str));
        let wanted = [
            "incident",
            "vulnerability",
            "misconfiguration",
            "incident",
            "incident",
            "posture",
            "vulnerability",
            "identity",
        ];
        assert_eq!(kinds, wanted.map(Some));
        assert_eq!(Class::Security.kind(&[]), None);
        assert_eq!(Class::Security.kind(&["Sensitive Data/PII".to_owned()]), Some(Kind::Posture));
    }
}
