//! How does a translator write an event down? As the fields of the canonical event, which are then checked like any other.

use super::{clock::Moment, digest::digest_of, name::fitted};
use crate::{
    canonical::{self, Fields, Outcome},
    field::Field,
    json::{Value, write_value},
};
use domain::{event::Certainty, event_name::EventName, time::Timestamp};
use std::borrow::Cow;

/// An event on its way out of a translator.
#[derive(Debug)]
pub(crate) struct Event {
    name: EventName,
    at: Timestamp,
    latest: Option<Timestamp>,
    /// What the tool calls the record, behind the name of the format.
    native: Option<String>,
    told: Told,
    fields: Fields<'static>,
}

/// Where an event comes from, which decides what its id is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// From something that the tool recorded and does not change any more.
    Record,
    /// From how a record stood, at that moment where it says so: the next export may say something else.
    Standing(Option<Timestamp>),
    /// From a file that shows a state which nobody dated: it had come about when the file came, and so it has whenever the
    /// file comes again.
    Met,
}

impl Event {
    /// Something that happened to an item at a moment the source recorded.
    pub(crate) fn new(name: EventName, item: &str, moment: &Moment) -> Self {
        let (latest, fields) = (moment.latest, Fields::default());
        let mut event = Self { name, at: moment.at, latest, native: None, told: Told::Record, fields }
            .text(Field::Event, name.as_str())
            .text(Field::ItemId, item)
            .text(Field::At, &moment.at.to_string());
        if let Some(latest) = moment.latest {
            event = event.sure(Certainty::Derived).text(Field::AtLatest, &latest.to_string());
        }
        event
    }

    /// Something that must have happened between two moments; `after` the first, by the second at the latest. The second
    /// often is the last change of a record, which moves: so the event speaks of how the record stood then.
    pub(crate) fn inferred(name: EventName, item: &str, after: Timestamp, by: Timestamp) -> Self {
        let moment = Moment { latest: (by > after).then_some(by), ..Moment::exact(after.min(by)) };
        let event = Self::new(name, item, &moment).sure(Certainty::Inferred);
        let by = event.latest;
        if by.is_some() { event.standing(by) } else { event }
    }

    /// The same of a state that nobody dated and that was met when its file came. That moment says nothing about the state,
    /// so that the id does not name it.
    pub(crate) fn met(name: EventName, item: &str, after: Timestamp, came_at: Timestamp) -> Self {
        Self { told: Told::Met, ..Self::inferred(name, item, after, came_at) }
    }

    /// The same as told by how a record stood at a moment. What it says may be something else in the next export, so its
    /// id names that moment and all it says: what differs is another event, and what is the same comes once.
    pub(crate) fn standing(self, as_of: Option<Timestamp>) -> Self {
        let as_of = as_of.filter(|as_of| *as_of > self.at);
        let told = match self.told {
            Told::Record => Told::Standing(as_of),
            Told::Standing(known) => Told::Standing(as_of.or(known)),
            Told::Met => Told::Met,
        };
        Self { told, ..self }
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
        Self { native: Some(format!("{adapter}:{native}")), ..self }
    }

    fn named(self) -> Self {
        let Some(native) = self.native.as_deref() else { return self };
        let mut id = format!("{native}:{}:{}", self.name.as_str(), self.at.seconds());
        if self.told != Told::Record {
            if let Told::Standing(Some(as_of)) = self.told {
                id.push_str(&format!("-{}", as_of.seconds()));
            }
            id.push('-');
            id.extend(digest_of(&self.said()).iter().take(4).map(|byte| format!("{byte:02x}")));
        }
        self.text(Field::Id, &fitted(id))
    }

    /// All it says that its id names, as a text that is the same each time.
    fn said(&self) -> String {
        let is_named = |field: Field| self.told != Told::Met || field != Field::AtLatest;
        let mut fields: Vec<_> = self.fields.known.iter().filter(|(field, _)| is_named(*field)).collect();
        fields.sort_by_key(|(field, _)| *field);
        fields.into_iter().fold(String::new(), |mut said, (field, value)| {
            said.push_str(field.as_str());
            write_value(&mut said, value, String::push_str);
            said
        })
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
        canonical::outcome_of(self.named().fields)
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

    fn id_of(event: Event) -> String {
        let Outcome::Event(draft) = event.outcome() else { panic!("held") };
        draft.id.unwrap()
    }

    #[test]
    fn what_a_record_showed_at_a_moment_is_named_by_the_moment_and_by_what_it_says() {
        let at = |text| Timestamp::parse(text).unwrap();
        let (first, one, two) = (at("2026-03-01T10:00:00Z"), at("2026-03-02T10:00:00Z"), at("2026-03-03T10:00:00Z"));
        let opening = |as_of, severity| {
            let event = Event::new(EventName::Detected, "a", &Moment::exact(first)).id("tool", "7");
            id_of(event.standing(Some(as_of)).text(Field::Severity, severity))
        };
        assert!(opening(one, "high").starts_with("tool:7:detected:1772359200-1772445600-"));
        assert_eq!(opening(one, "high"), opening(one, "high"));
        assert_ne!(opening(one, "high"), opening(one, "low"));
        // The first that is told counts for the severity at detection, and events at one moment are in the order of ids.
        assert!(opening(one, "high") < opening(two, "critical") && opening(one, "critical") < opening(two, "high"));
        let inferred = |by| id_of(Event::inferred(EventName::Closed, "a", first, by).id("tool", "7"));
        assert_ne!(inferred(one), inferred(two));
        assert_eq!(inferred(first), "tool:7:closed:1772359200");
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
