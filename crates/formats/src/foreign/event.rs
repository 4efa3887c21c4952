//! How does a translator write an event down? As the fields of the canonical event, which are then checked like any other.

use super::{clock::Moment, name::fitted};
use crate::{
    canonical::{self, Fields, Outcome},
    field::Field,
    json::Value,
};
use domain::{event::Certainty, event_name::EventName, time::Timestamp};
use std::borrow::Cow;

/// An event on its way out of a translator.
#[derive(Debug)]
pub(crate) struct Event {
    name: EventName,
    at: Timestamp,
    fields: Fields<'static>,
}

impl Event {
    /// Something that happened to an item at a moment the source recorded.
    pub(crate) fn new(name: EventName, item: &str, moment: &Moment) -> Self {
        let mut event = Self { name, at: moment.at, fields: Fields::default() }
            .text(Field::Event, name.as_str())
            .text(Field::ItemId, item)
            .text(Field::At, &moment.at.to_string());
        if let Some(latest) = moment.latest {
            event = event.sure(Certainty::Derived).text(Field::AtLatest, &latest.to_string());
        }
        event
    }

    /// Something that must have happened between two moments; `after` the first, by the second at the latest.
    pub(crate) fn inferred(name: EventName, item: &str, after: Timestamp, by: Timestamp) -> Self {
        let moment = Moment { latest: (by > after).then_some(by), ..Moment::exact(after.min(by)) };
        Self::new(name, item, &moment).sure(Certainty::Inferred)
    }

    /// How sure the moment is.
    pub(crate) fn sure(self, certainty: Certainty) -> Self {
        let word = match certainty {
            Certainty::Observed => return self,
            Certainty::Derived => "derived",
            Certainty::Inferred => "inferred",
        };
        self.value(Field::Certainty, Value::Text(Cow::Borrowed(word)))
    }

    /// The id that makes it the same event when the file comes again: what the tool calls the record, what happened, when.
    pub(crate) fn id(self, adapter: &str, native: &str) -> Self {
        let id = format!("{adapter}:{native}:{}:{}", self.name.as_str(), self.at.seconds());
        self.text(Field::Id, &fitted(id))
    }

    /// Sets a field to a text; an empty one says nothing.
    pub(crate) fn text(self, field: Field, text: &str) -> Self {
        self.value(field, Value::Text(Cow::Owned(text.to_owned())))
    }

    /// Sets a field where there is something to say.
    pub(crate) fn maybe(self, field: Field, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(field, text),
            None => self,
        }
    }

    /// Sets a field to a list.
    pub(crate) fn list(self, field: Field, items: &[String]) -> Self {
        self.value(field, Value::List(items.iter().map(|item| Value::Text(Cow::Owned(item.clone()))).collect()))
    }

    /// Sets a field to a whole number.
    pub(crate) fn count(self, field: Field, count: u64) -> Self {
        self.value(field, Value::Number(Cow::Owned(count.to_string())))
    }

    /// Sets a field to a number, by its digits.
    pub(crate) fn number(self, field: Field, digits: &str) -> Self {
        self.value(field, Value::Number(Cow::Owned(digits.to_owned())))
    }

    /// Sets what is kept and not ours, in the order of its names.
    pub(crate) fn extra<'a>(self, members: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let text = |text: &str| Cow::Owned(text.to_owned());
        let members: Vec<_> = members.map(|(name, said)| (text(name), Value::Text(text(said)))).collect();
        if members.is_empty() { self } else { self.value(Field::Extra, Value::Map(members)) }
    }

    /// Sets a field to yes or no.
    #[expect(clippy::fn_params_excessive_bools, reason = "the field says of what it is true")]
    pub(crate) fn truth(self, field: Field, truth: bool) -> Self {
        self.value(field, Value::Bool(truth))
    }

    fn value(mut self, field: Field, value: Value<'static>) -> Self {
        self.fields.remove(field);
        self.fields.set_missing(field, value);
        self
    }

    /// The checked event, or why it is held.
    pub(crate) fn outcome(self) -> Outcome {
        canonical::outcome_of(self.fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_checked_as_any_other() {
        let at = Timestamp::parse("2026-03-01T10:00:00Z").unwrap();
        let event = Event::new(EventName::Detected, "rule@host", &Moment::exact(at)).id("tool", "7");
        let Outcome::Event(draft) = event.text(Field::Team, "apps").outcome() else { panic!("held") };
        assert_eq!(draft.id.as_deref(), Some("tool:7:detected:1772359200"));
        let Outcome::Held(held) = Event::new(EventName::Detected, "", &Moment::exact(at)).outcome() else {
            panic!("taken")
        };
        assert_eq!(held.reason, domain::quarantine::Reason::MissingField);
    }

    #[test]
    fn what_is_inferred_lies_between_two_moments() {
        let at = |text| Timestamp::parse(text).unwrap();
        let (after, by) = (at("2026-03-01T10:00:00Z"), at("2026-03-02T10:00:00Z"));
        let Outcome::Event(draft) = Event::inferred(EventName::FixApplied, "a", after, by).outcome() else {
            panic!("held")
        };
        assert_eq!((draft.at, draft.at_latest, draft.certainty), (after, Some(by), Certainty::Inferred));
    }
}
