//! Which rules does a record meet whatever its format? A translator may know them by itself; what it leaves is counted here.

use super::{Given, Rule, Understood};
use crate::{
    canonical::{Draft, Outcome},
    json::{self, Rules},
};
use domain::{event_name::EventName, quarantine::Reason};

/// A check so soon after the close that nobody can have looked.
pub(super) const TOO_FAST_SECONDS: i64 = 60;

/// Held lines that are a rule of their own, whoever held them.
const TIMES: [(Reason, Rule); 2] = [(Reason::NaiveTime, Rule::NaiveTime), (Reason::TimeRange, Rule::TimeRange)];

/// Counts the general rules that were met by a record, or by the end of a file, and are not counted yet.
pub(super) fn meet(given: Option<&Given<'_>>, understood: &mut Understood) {
    for (reason, rule) in TIMES {
        let told = met(rule, understood);
        // A held line counts once, however many of its times are wrong.
        let faults = understood.outcomes.iter().filter_map(|outcome| match outcome {
            Outcome::Held(held) => held.faults.iter().find(|fault| fault.reason == reason),
            Outcome::Event(_) => None,
        });
        let faults = faults.skip(told);
        let more: Vec<_> = faults.map(|fault| (rule, fault.field.clone().unwrap_or_default())).collect();
        understood.met.extend(more);
    }
    if let Some(Given::Row(row)) = given
        && let Some(column) = row.nothing_in()
        && met(Rule::NullWord, understood) == 0
    {
        understood.meet(Rule::NullWord, column);
    }
    severities(understood);
    checks(understood);
}

/// An item begins with a word of severity that nobody knows: each word once a record.
fn severities(understood: &mut Understood) {
    let mut words: Vec<String> = understood.outcomes.iter().filter_map(unknown_severity).collect();
    words.sort_unstable();
    words.dedup();
    for word in words {
        understood.meet(Rule::SeverityUnmapped, word);
    }
}

fn unknown_severity(outcome: &Outcome) -> Option<String> {
    let Outcome::Event(draft) = outcome else { return None };
    let begins = matches!(draft.name, EventName::Detected | EventName::Ticketed);
    // Most say both or neither, and are not read once more for it.
    let text = draft.canonical.as_str();
    if !begins || !text.contains(r#""raw_severity":"#) || text.contains(r#""severity":"#) {
        return None;
    }
    json::value(text, Rules::STORED).ok()?.text_at(&["raw_severity"]).map(str::to_owned)
}

fn met(rule: Rule, understood: &Understood) -> usize {
    understood.met.iter().filter(|(known, _)| *known == rule).count()
}

/// Verified by whoever fixed or closed it, or at once.
fn checks(understood: &mut Understood) {
    let drafts = || {
        understood.outcomes.iter().filter_map(|outcome| match outcome {
            Outcome::Event(draft) => Some(draft.as_ref()),
            Outcome::Held(_) => None,
        })
    };
    let mut found: Vec<(Rule, Box<str>)> = Vec::new();
    for check in drafts().filter(|draft| draft.name == EventName::Verified) {
        let before = |name: EventName| {
            let same = drafts().filter(move |draft| draft.name == name && draft.item_id == check.item_id);
            same.filter(|draft| draft.fold_at() <= check.fold_at()).max_by_key(|draft| draft.fold_at())
        };
        let (fix, close) = (before(EventName::FixApplied), before(EventName::Closed));
        let mut hands = [fix, close].into_iter().flatten().filter_map(actor_of);
        if actor_of(check).is_some_and(|checker| hands.any(|hand| hand == checker)) {
            found.push((Rule::SelfVerified, check.item_id.as_str().into()));
        }
        // A close that nobody recorded says nothing of the time between the two.
        let close = close.filter(|close| close.at_latest.is_none());
        if close.is_some_and(|close| check.fold_at().since(close.at) < TOO_FAST_SECONDS) {
            found.push((Rule::VerifiedTooFast, check.item_id.as_str().into()));
        }
    }
    understood.met.extend(found);
}

/// Who did it; a canonical text is JSON, since it was written here.
fn actor_of(draft: &Draft) -> Option<String> {
    json::value(&draft.canonical, Rules::STORED).ok()?.text_at(&["actor"]).map(str::to_owned)
}
