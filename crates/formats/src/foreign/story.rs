//! What does one record tell of one item? Each event gets an id that stays the same, each bad time is held with its field.

use super::{
    Rule, Understood,
    clock::{Clock, Moment, Unit},
    event::Event,
    name::fitted,
    table::is_null_word,
};
use crate::{field::Field, held::Fault, json::Value};
use domain::{event_name::EventName, quarantine::Reason, time::Timestamp};

/// A reason has at most so many characters.
const REASON_CHARACTERS_MAX: usize = 2_000;

/// Where an item stands in the eyes of its tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    New,
    Working,
    Paused,
    Excepted,
    Closed,
}

impl Phase {
    /// The event that begins it, as a person names a status; a new one is none.
    pub(crate) const fn as_word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Working => "triaged",
            Self::Paused => "paused",
            Self::Excepted => "exception_granted",
            Self::Closed => "closed",
        }
    }

    /// What must have happened between two states; `back` is what ends a close.
    pub(crate) fn steps(from: Option<Self>, to: Self, back: EventName) -> Vec<EventName> {
        if from == Some(to) {
            return Vec::new();
        }
        let mut steps = match (from, to) {
            (Some(Self::Closed), _) => vec![back],
            (Some(Self::Paused), Self::New | Self::Working) => vec![EventName::Resumed],
            (Some(Self::Excepted), Self::New | Self::Working | Self::Paused) => vec![EventName::ExceptionExpired],
            _ => Vec::new(),
        };
        match to {
            Self::Working if from != Some(Self::Paused) => steps.push(EventName::Triaged),
            Self::New | Self::Working => {}
            Self::Paused => steps.push(EventName::Paused),
            Self::Excepted => steps.push(EventName::ExceptionGranted),
            Self::Closed => steps.push(EventName::Closed),
        }
        steps
    }
}

/// When a change that a record shows came about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    /// The tool recorded the moment.
    At(Moment),
    /// At some moment after the first and until the second.
    Between(Timestamp, Timestamp),
}

impl When {
    /// The latest it can have been.
    pub(crate) fn end(&self) -> Timestamp {
        match self {
            Self::At(moment) => moment.end(),
            Self::Between(_, by) => *by,
        }
    }
}

/// One record on its way to the events of an item.
pub(crate) struct Story<'a> {
    adapter: &'static str,
    clock: &'a Clock,
    item: String,
    native: String,
    is_standing: bool,
    pub(crate) understood: &'a mut Understood,
}

impl<'a> Story<'a> {
    /// What a record tells, by the name its tool has for it.
    pub(crate) fn of(adapter: &'static str, clock: &'a Clock, native: &str, understood: &'a mut Understood) -> Self {
        let (item, native) = (native.to_owned(), native.to_owned());
        Self { adapter, clock, item, native, is_standing: false, understood }
    }

    /// The same for a record that only shows how it stands: what it says of its past may be something else next time.
    pub(crate) fn standing(self) -> Self {
        Self { is_standing: true, ..self }
    }

    /// Goes on with an item, under the name its events are made of.
    pub(crate) fn turn_to(&mut self, item: String, native: String) {
        self.item = fitted(item);
        self.native = native;
    }

    /// The item that is told of.
    pub(crate) fn item(&self) -> &str {
        &self.item
    }

    /// The time under a path. Nothing, and words for nothing, give none; what cannot be read is held.
    pub(crate) fn time(&mut self, value: &Value<'_>, path: &[&str]) -> Option<Moment> {
        let field = path.join(".");
        let read = match value.at(path)? {
            Value::Null => return None,
            Value::Text(text) if text.is_empty() => return None,
            Value::Text(text) if is_null_word(text) => {
                self.meet(Rule::NullWord);
                return None;
            }
            Value::Text(text) => self.clock.read(&field, text),
            Value::Number(digits) => self.clock.epoch(&field, digits, Unit::Milliseconds),
            other @ (Value::Bool(_) | Value::List(_) | Value::Map(_)) => {
                let detail = format!("`{field}` holds {}, expected a time", other.what());
                Err(Fault::of(&field, Reason::BadValue, detail))
            }
        };
        match read.and_then(|moment| moment.in_range(&field)) {
            Ok(moment) => {
                self.understood.meet_all(moment.met, &self.native);
                Some(moment)
            }
            Err(fault) => {
                self.hold(fault);
                None
            }
        }
    }

    /// The moment of which a record speaks, for the ids of its events: what is wrong with it is told where it is needed.
    pub(crate) fn as_of(&self, value: &Value<'_>, path: &[&str]) -> Option<Timestamp> {
        let read = self.clock.read(&path.join("."), value.text_at(path)?);
        read.ok().map(|moment| moment.end())
    }

    /// First and last sighting; where they are the wrong way round, the tool swapped them.
    pub(crate) fn in_order(&mut self, first: Moment, last: Option<Moment>) -> (Moment, Option<Moment>) {
        match last {
            Some(last) if last.end() < first.at => {
                self.meet(Rule::FirstAfterLast);
                (last, Some(first))
            }
            last => (first, last),
        }
    }

    /// Whether an end may stand. One before its start is held, and the opening stays.
    pub(crate) fn ends_after(&mut self, field: &str, start: &Moment, end: &Moment) -> bool {
        if end.end() >= start.at {
            return true;
        }
        self.meet(Rule::EndsBeforeStart);
        let detail = format!("ended at {} and began at {}", end.end(), start.at);
        self.hold(Fault::of(field, Reason::EndsBeforeStart, detail));
        false
    }

    /// An event of the item.
    pub(crate) fn event(&self, name: EventName, when: &When) -> Event {
        let event = match when {
            When::At(moment) => Event::new(name, &self.item, moment),
            When::Between(after, by) => Event::inferred(name, &self.item, *after, *by),
        };
        let event = event.id(self.adapter, &self.native);
        if self.is_standing { event.standing(None) } else { event }
    }

    /// The same at a moment the tool recorded.
    pub(crate) fn event_at(&self, name: EventName, moment: &Moment) -> Event {
        self.event(name, &When::At(*moment))
    }

    /// Tells an event.
    pub(crate) fn tell(&mut self, event: Event) {
        self.understood.outcomes.push(event.outcome());
    }

    /// Tells that it was seen again, where that is news.
    pub(crate) fn tell_seen(&mut self, first: &Moment, last: Option<Moment>) {
        if let Some(last) = last.filter(|last| last.at > first.end()) {
            self.tell(self.event_at(EventName::Seen, &last).text(Field::ActorType, "system"));
        }
    }

    /// Holds what cannot be told, under the rule of the same name where there is one.
    pub(crate) fn hold(&mut self, fault: Fault) {
        if matches!(fault.reason, Reason::NaiveTime | Reason::TimeRange) {
            let naive = fault.reason == Reason::NaiveTime;
            self.meet(if naive { Rule::NaiveTime } else { Rule::TimeRange });
        }
        self.understood.hold(fault);
    }

    /// Holds a change of which nothing says by when it came about: any guess would flatter.
    pub(crate) fn undated(&mut self, field: &str, what: &str) {
        let detail = format!("nothing says when `{}` came about: no `{field}`", crate::held::shown(what));
        self.hold(Fault::of(field, Reason::MissingField, detail).hint(format!("keep `{field}` in the export")));
    }

    /// Notes that the record met a rule.
    pub(crate) fn meet(&mut self, rule: Rule) {
        self.understood.meet(rule, self.native.as_str());
    }

    /// Notes a status that nothing explains: it is never guessed.
    pub(crate) fn unknown_status(&mut self, word: &str) {
        self.understood.quiet(&format!("status `{}`", crate::held::shown(word)));
        self.meet(Rule::StatusUnknown);
    }
}

/// The word under a path; words for nothing give none, and are noted.
pub(crate) fn word(story: &mut Story<'_>, value: &Value<'_>, path: &[&str]) -> Option<String> {
    let found = value.word_at(path)?;
    if is_null_word(&found) {
        story.meet(Rule::NullWord);
        return None;
    }
    Some(found)
}

/// A reason that fits the field: a longer one is cut, and says so.
pub(crate) fn brief(reason: &str) -> String {
    if reason.chars().count() <= REASON_CHARACTERS_MAX {
        return reason.to_owned();
    }
    let start: String = reason.chars().take(REASON_CHARACTERS_MAX.saturating_sub(1)).collect();
    start + "…"
}

#[cfg(test)]
mod tests {
    use super::*;
    use EventName::{Closed, ExceptionExpired, ExceptionGranted, Redetected, Resumed, Triaged};

    #[test]
    fn each_change_of_state_has_its_steps() {
        for (from, to, steps) in [
            (None, Phase::New, vec![]),
            (None, Phase::Working, vec![Triaged]),
            (Some(Phase::New), Phase::New, vec![]),
            (Some(Phase::Paused), Phase::Working, vec![Resumed]),
            (Some(Phase::Excepted), Phase::New, vec![ExceptionExpired]),
            (Some(Phase::Excepted), Phase::Closed, vec![Closed]),
            (Some(Phase::Closed), Phase::Excepted, vec![Redetected, ExceptionGranted]),
            (Some(Phase::Closed), Phase::New, vec![Redetected]),
        ] {
            assert_eq!(Phase::steps(from, to, Redetected), steps, "{from:?} to {to:?}");
        }
    }
}
