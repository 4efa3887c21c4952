//! What does a person decide about a file in which too much is gone at once, and what was decided?

use domain::time::Timestamp;
use service::ingest::{GivenUp, ImportState, Judged, Notes, StoredImport, held_until};

use crate::format;
use crate::pages::imports::DecisionView;

/// The rule that has an import wait; its numbers stand in what is asked, and in what was decided.
const RULE: &str = "mass_absence";

/// What a person has to decide about an import that waits for it.
pub(super) fn decision(one: &StoredImport, notes: &Notes) -> Option<DecisionView> {
    let absence = notes.mass_absence.as_ref().filter(|_| one.state == ImportState::Held)?;
    let against = absence.compared_with.as_deref().map(|at| format!(" beside the snapshot of {}", moment(at)));
    Some(DecisionView {
        words: format!(
            "{} of {} that were open are gone from this file{}.",
            format::count(absence.gone),
            format::counted(absence.open, "item", "items"),
            against.unwrap_or_default(),
        ),
        examples: absence.examples.iter().map(|item| format::visible(item)).collect(),
        more: match absence.gone.saturating_sub(absence.examples.len() as u64) {
            0 => String::new(),
            more => format!("and {} more", format::count(more)),
        },
        until: format!(
            "The file is kept until {}; without a decision the import is given up then.",
            format::minute(held_until(one))
        ),
    })
}

/// A moment as the page writes moments.
fn moment(at: &str) -> String {
    Timestamp::parse(at).map_or_else(|_| format::visible(at), format::minute)
}

/// How it ended, where somebody had to decide: also that nobody did.
pub(super) fn decided(notes: &Notes) -> Option<String> {
    let absence = notes.mass_absence.as_ref()?;
    let said = match (absence.judged, absence.given_up) {
        (_, Some(GivenUp::NotSo)) => "a person said that it is not so",
        (_, Some(GivenUp::Lapsed)) => "nobody decided while the file was kept, and the import was given up by itself",
        (Some(Judged::Gone), None) => "a person said that it is so",
        (Some(Judged::Part), None) => "a person said that the file is not the whole list",
        (None, None) => return None,
    };
    let (gone, open) = (format::count(absence.gone), format::count(absence.open));
    Some(format!("{gone} of {open} open items are gone at once: {said}"))
}

/// Whether a rule says no more than what is asked or was decided does.
pub(super) fn is_said(rule: &str, one: &StoredImport, notes: &Notes) -> bool {
    rule == RULE && (decision(one, notes).is_some() || decided(notes).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(more: &str) -> Notes {
        let text = format!(r#"{{"mass_absence":{{{more}"gone":1900,"open":2000}}}}"#);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn whoever_gave_an_import_up_is_told_from_nobody_who_decided() {
        let numbers = "1\u{202f}900 of 2\u{202f}000 open items are gone at once";
        for (more, said) in [
            (r#""judged":"gone","#, "a person said that it is so"),
            (r#""judged":"part","#, "a person said that the file is not the whole list"),
            (r#""given_up":"not_so","#, "a person said that it is not so"),
            (
                r#""given_up":"lapsed","#,
                "nobody decided while the file was kept, and the import was given up by itself",
            ),
        ] {
            assert_eq!(decided(&notes(more)), Some(format!("{numbers}: {said}")));
        }
        assert_eq!(decided(&notes("")), None);
    }

    #[test]
    fn a_moment_is_written_as_everywhere_on_the_page() {
        assert_eq!(moment("2026-03-02T00:00:00Z"), "2 Mar 2026, 00:00 UTC");
        assert_eq!(moment("some day"), "some day");
    }
}
