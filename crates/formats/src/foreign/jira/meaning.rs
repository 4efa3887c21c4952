//! What do the statuses and resolutions of one Jira mean? By what a person said, by id, by category, at last by name.

use super::history::Word;
use crate::{foreign::Settings, held::shown, json::Value};
use std::collections::BTreeMap;

/// Where an issue stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Not looked at.
    New,
    /// Somewhere between new and done.
    Progress,
    /// Somebody has hands on.
    Working,
    /// It waits; for what, where a person said so.
    Waiting(Option<String>),
    /// A decision is asked for.
    Approval,
    /// The decision was no.
    Refused,
    /// It was checked that it is gone.
    Check,
    /// Done; how, where the status itself says so.
    Done(Option<Verdict>),
}

/// How an issue came to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Fixed,
    Accepted,
    NotAnIssue,
    Duplicate,
    /// Closed, and none of the others.
    Closed,
}

/// How the meaning of a status is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// By something that stays when it is renamed or translated.
    Surely,
    /// By its name alone.
    ByName,
}

impl Verdict {
    /// What a person's word for it means.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        match word {
            "fixed" => Some(Self::Fixed),
            "accepted" => Some(Self::Accepted),
            "not-an-issue" => Some(Self::NotAnIssue),
            "duplicate" => Some(Self::Duplicate),
            "closed" => Some(Self::Closed),
            _ => None,
        }
    }

    /// What the usual names of resolutions mean; whatever their case and apostrophes.
    fn of_name(name: &str) -> Option<Self> {
        let plain: String = name.chars().filter(|sign| sign.is_alphanumeric()).collect();
        match plain.to_lowercase().as_str() {
            "done" | "fixed" | "resolved" | "complete" | "completed" | "remediated" => Some(Self::Fixed),
            "wontdo" | "wontfix" | "riskaccepted" | "acceptedrisk" => Some(Self::Accepted),
            "cannotreproduce" | "falsepositive" | "notabug" | "notanissue" | "invalid" => Some(Self::NotAnIssue),
            "duplicate" => Some(Self::Duplicate),
            _ => None,
        }
    }
}

impl Stage {
    /// What a person's word for it means: `waiting` may be followed by what it waits for, as in `waiting:vendor`.
    fn of_word(word: &str) -> Option<Self> {
        let stage = match word {
            "new" => Self::New,
            "progress" => Self::Progress,
            "working" => Self::Working,
            "waiting" => Self::Waiting(None),
            "approval" => Self::Approval,
            "refused" => Self::Refused,
            "check" => Self::Check,
            "done" => Self::Done(None),
            _ => match word.strip_prefix("waiting:") {
                Some(reason) => Self::Waiting(Some(is_reason(reason).then(|| reason.to_owned())?)),
                None => Self::Done(Some(Verdict::of_word(word)?)),
            },
        };
        Some(stage)
    }

    /// What the key of a category means; it stays the same in every language.
    fn of_category(key: &str) -> Option<Self> {
        match key {
            "new" => Some(Self::New),
            "indeterminate" => Some(Self::Progress),
            "done" => Some(Self::Done(None)),
            _ => None,
        }
    }

    /// Statuses that every Jira begins with have ids of their own.
    fn of_built_in(id: &str) -> Option<Self> {
        match id {
            "1" | "4" => Some(Self::New),
            "3" => Some(Self::Working),
            "5" | "6" => Some(Self::Done(None)),
            _ => None,
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        match name.to_lowercase().as_str() {
            "to do" | "open" | "new" | "backlog" | "reopened" | "selected for development" => Some(Self::New),
            "in progress" => Some(Self::Working),
            "in review" => Some(Self::Progress),
            "done" | "closed" | "resolved" => Some(Self::Done(None)),
            _ => None,
        }
    }

    /// Whether the ticket counts as done in it.
    pub(super) const fn is_done(&self) -> bool {
        matches!(self, Self::Done(_) | Self::Refused)
    }

    /// Whether an issue that leaves it for anything else is opened again.
    pub(super) const fn is_end(&self) -> bool {
        matches!(self, Self::Done(_) | Self::Refused | Self::Check)
    }
}

fn is_reason(word: &str) -> bool {
    matches!(
        crate::field::Field::ReasonCode.class(),
        crate::field::Class::Word(known) if known.contains(&word)
    )
}

/// What the statuses and resolutions of one Jira mean, as far as its files have told.
#[derive(Debug)]
pub(super) struct Meanings {
    /// What a person said of statuses, in lower case.
    statuses: BTreeMap<String, String>,
    resolutions: BTreeMap<String, Verdict>,
    /// The category of each status that stood on an issue so far, by id.
    categories: BTreeMap<String, String>,
}

impl Meanings {
    pub(super) fn of(settings: &Settings) -> Self {
        let statuses = settings.statuses.iter().map(|(status, word)| (status.to_lowercase(), word.clone()));
        let resolutions = settings.jira.resolutions.iter();
        let resolutions =
            resolutions.filter_map(|(name, word)| Some((name.to_lowercase(), Verdict::of_word(word)?))).collect();
        Self { statuses: statuses.collect(), resolutions, categories: BTreeMap::new() }
    }

    /// Whether every word a person gave a status has a meaning.
    pub(super) fn check(&self) -> Result<(), String> {
        match self.statuses.iter().find(|(_, word)| Stage::of_word(word).is_none()) {
            None => Ok(()),
            Some((status, word)) => Err(format!(
                "the status `{}` cannot mean `{}`, expected new, progress, working, waiting, waiting:<reason>, \
                 approval, refused, check, done, fixed, accepted, not-an-issue, duplicate or closed",
                shown(status),
                shown(word)
            )),
        }
    }

    /// Remembers the category of the status an issue stands in.
    pub(super) fn learn(&mut self, fields: &Value<'_>) {
        if let (Some(id), Some(key)) =
            (fields.word_at(&["status", "id"]), fields.text_at(&["status", "statusCategory", "key"]))
            && self.categories.get(&id).is_none_or(|known| known != key)
        {
            self.categories.insert(id, key.to_owned());
        }
    }

    /// What a status means, if anything tells.
    pub(super) fn stage(&self, status: &Word) -> Option<(Stage, Known)> {
        let (id, name) = (status.id.as_deref(), status.text.as_deref());
        let said = |word: &str| self.statuses.get(&word.to_lowercase()).and_then(|word| Stage::of_word(word));
        if let Some(stage) = id.and_then(said) {
            return Some((stage, Known::Surely));
        }
        if let Some(stage) = name.and_then(said) {
            return Some((stage, Known::ByName));
        }
        let by_name = name.and_then(Stage::of_name);
        let by_category = id.and_then(|id| self.categories.get(id)).and_then(|key| Stage::of_category(key));
        match (by_category, id.and_then(Stage::of_built_in), by_name) {
            // Whether hands are on is finer than a category; only the id or the name can tell.
            (Some(Stage::Progress), Some(Stage::Working), _) => Some((Stage::Working, Known::Surely)),
            (Some(Stage::Progress), _, Some(Stage::Working)) => Some((Stage::Working, Known::ByName)),
            (Some(stage), _, _) | (None, Some(stage), _) => Some((stage, Known::Surely)),
            (None, None, Some(stage)) => Some((stage, Known::ByName)),
            (None, None, None) => None,
        }
    }

    /// What a resolution means; `None` where no list knows it.
    pub(super) fn verdict(&self, resolution: &Word) -> Option<Verdict> {
        let said = |word: &Option<String>| self.resolutions.get(&word.as_deref()?.to_lowercase()).copied();
        said(&resolution.id)
            .or_else(|| said(&resolution.text))
            .or_else(|| resolution.text.as_deref().and_then(Verdict::of_name))
    }
}

impl Verdict {
    /// The word a person has for it.
    pub(super) const fn as_word(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Accepted => "accepted",
            Self::NotAnIssue => "not-an-issue",
            Self::Duplicate => "duplicate",
            Self::Closed => "closed",
        }
    }
}

impl Stage {
    /// The word a person has for it.
    pub(super) fn as_word(&self) -> String {
        match self {
            Self::New => "new".to_owned(),
            Self::Progress => "progress".to_owned(),
            Self::Working => "working".to_owned(),
            Self::Waiting(None) => "waiting".to_owned(),
            Self::Waiting(Some(reason)) => format!("waiting:{reason}"),
            Self::Approval => "approval".to_owned(),
            Self::Refused => "refused".to_owned(),
            Self::Check => "check".to_owned(),
            Self::Done(None) => "done".to_owned(),
            Self::Done(Some(verdict)) => verdict.as_word().to_owned(),
        }
    }
}

/// What a status means where nobody says: by its id, its category, at last by its name. The table writes the category in
/// words.
pub(super) fn usual_stage(status: &Word, category: &str) -> Option<Stage> {
    let mut meanings = Meanings::of(&Settings::default());
    if let Some(id) = status.id.as_ref().filter(|_| Stage::of_category(category).is_some()) {
        meanings.categories.insert(id.clone(), category.to_owned());
    }
    let by_words = || meanings.stage(&Word { id: None, text: Some(category.to_owned()) });
    meanings.stage(status).or_else(by_words).map(|(stage, _)| stage)
}

/// What a resolution means where nobody says.
pub(super) fn usual_verdict(resolution: &Word) -> Option<Verdict> {
    Meanings::of(&Settings::default()).verdict(resolution)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meanings(pairs: &[(&str, &str)]) -> Meanings {
        let statuses = pairs.iter().map(|(status, word)| ((*status).to_owned(), (*word).to_owned())).collect();
        Meanings::of(&Settings { statuses, ..Settings::default() })
    }

    fn status(id: &str, name: &str) -> Word {
        let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Word { id: said(id), text: said(name) }
    }

    fn learned(meanings: &mut Meanings, id: &str, key: &str) {
        let text = format!(r#"{{"status":{{"id":"{id}","statusCategory":{{"key":"{key}"}}}}}}"#);
        meanings.learn(&crate::json::value(&text, crate::json::Rules::ANALYSIS).unwrap());
    }

    #[test]
    fn a_person_counts_before_the_category_and_the_category_before_the_name() {
        let mut known = meanings(&[("10003", "waiting:vendor"), ("Parked", "waiting")]);
        learned(&mut known, "10003", "done");
        learned(&mut known, "10009", "indeterminate");
        let vendor = Stage::Waiting(Some("vendor".to_owned()));
        assert_eq!(known.stage(&status("10003", "Done")), Some((vendor, Known::Surely)));
        assert_eq!(known.stage(&status("10004", "parked")), Some((Stage::Waiting(None), Known::ByName)));
        assert_eq!(known.stage(&status("10009", "Done")), Some((Stage::Progress, Known::Surely)));
        assert_eq!(known.stage(&status("10008", "Done")), Some((Stage::Done(None), Known::ByName)));
        assert_eq!(known.stage(&status("6", "Geschlossen")), Some((Stage::Done(None), Known::Surely)));
        assert_eq!(known.stage(&status("10007", "Geschlossen")), None);
    }

    #[test]
    fn hands_on_is_finer_than_its_category() {
        let mut known = meanings(&[]);
        learned(&mut known, "10001", "indeterminate");
        assert_eq!(known.stage(&status("10001", "In Progress")), Some((Stage::Working, Known::ByName)));
        assert_eq!(known.stage(&status("3", "In Arbeit")), Some((Stage::Working, Known::Surely)));
        assert_eq!(known.stage(&status("10001", "Shaping")), Some((Stage::Progress, Known::Surely)));
    }

    #[test]
    fn a_word_without_a_meaning_is_told() {
        assert!(meanings(&[("10003", "waiting:godot")]).check().is_err());
        assert!(meanings(&[("10003", "sleeping")]).check().is_err());
        assert!(meanings(&[("10003", "not-an-issue"), ("7", "waiting:caller")]).check().is_ok());
    }

    #[test]
    fn the_usual_names_of_resolutions_are_known() {
        let known = meanings(&[]);
        for (name, verdict) in [
            ("Done", Some(Verdict::Fixed)),
            ("Won't Do", Some(Verdict::Accepted)),
            ("WON’T FIX", Some(Verdict::Accepted)),
            ("Risk Accepted", Some(Verdict::Accepted)),
            ("Cannot Reproduce", Some(Verdict::NotAnIssue)),
            ("Not a Bug", Some(Verdict::NotAnIssue)),
            ("Duplicate", Some(Verdict::Duplicate)),
            ("Erledigt", None),
        ] {
            assert_eq!(known.verdict(&status("10000", name)), verdict, "{name}");
        }
    }
}
