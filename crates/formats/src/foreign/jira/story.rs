//! How does the timeline of one issue become events? Each change is told from the change itself and from what the issue
//! said before and after it, so that a webhook and a later export of the same change tell the same.

use super::{
    ADAPTER,
    history::{Change, Item, Timeline, Word, duplicated, person},
    meaning::{Meanings, Stage, Verdict},
    severity::meant,
    telling::{Telling, day_of},
};
use crate::{
    field::Field,
    foreign::{Rule, Settings, Understood, clock::Clock, event::Event},
    held::{Fault, shown},
};
use domain::{event_name::EventName, quarantine::Reason};
use std::collections::BTreeSet;

/// How much of a history is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    Whole,
    Part,
}

/// Tells one issue.
pub(super) struct Story<'a> {
    pub(super) settings: &'a Settings,
    pub(super) clock: &'a Clock,
    pub(super) meanings: &'a Meanings,
    pub(super) timeline: &'a Timeline<'a>,
    pub(super) understood: &'a mut Understood,
    /// Whether it was looked at before.
    pub(super) triaged: bool,
    /// Statuses that were told from others by name alone, and those that could not be.
    pub(super) named: BTreeSet<String>,
    pub(super) unknown: BTreeSet<String>,
}

impl<'a> Story<'a> {
    pub(super) fn of(
        (settings, clock, meanings): (&'a Settings, &'a Clock, &'a Meanings),
        timeline: &'a Timeline<'a>,
        understood: &'a mut Understood,
    ) -> Self {
        let (named, unknown) = (BTreeSet::new(), BTreeSet::new());
        Self { settings, clock, meanings, timeline, understood, triaged: false, named, unknown }
    }

    /// The ticket as it was created. A history that is cut short does not say what it was created with, so that such an
    /// opening never stands in the way of the whole one.
    pub(super) fn opening(&mut self, extent: Extent) {
        let timeline = self.timeline;
        let Some(created) = timeline.fields.and_then(|fields| fields.text_at(&["created"])) else {
            let fault = Fault::of("created", Reason::MissingField, format!("`{}` has no `created`", timeline.key));
            return self.hold(fault.hint("export the field `created`"));
        };
        let Some(created) = self.read("created", created) else { return };
        let native = match extent {
            Extent::Whole => format!("issue-{}", timeline.number()),
            Extent::Part => format!("issue-{}~part", timeline.number()),
        };
        let creator = timeline.fields.and_then(|fields| fields.at(&["creator"]));
        let ticketed = self.described(EventName::Ticketed, &created, &native);
        let ticketed = ticketed.maybe(Field::Actor, creator.and_then(person).as_deref());
        let whole = |field: &str| if extent == Extent::Whole { timeline.before(0, field) } else { Word::default() };
        self.push(ticketed.maybe(Field::ReportedDue, whole("duedate").id.as_deref().and_then(day_of)));
        if let Some(field) = self.settings.jira.field("detected_at") {
            let found = timeline.before(0, field);
            if let Some(moment) = found.id_or_text().and_then(|text| self.read(field, text)) {
                self.push(self.described(EventName::Detected, &moment, &native));
            }
        }
        if let Some(owner) = whole("assignee").id_or_text() {
            self.push(self.event(EventName::Assigned, 0, &created, &native).text(Field::To, owner));
        }
    }

    /// All changes, in their order.
    pub(super) fn changes(&mut self) {
        let timeline = self.timeline;
        for (place, change) in timeline.changes.iter().enumerate() {
            self.change(place, change);
        }
    }

    /// What was known of statuses by name alone, and what could not be known.
    pub(super) fn end(self) {
        for name in self.named {
            self.understood.meet(Rule::StatusByName, name);
        }
        for name in self.unknown {
            self.understood.meet(Rule::StatusUnknown, name);
        }
    }

    fn change(&mut self, place: usize, change: &Change<'a>) {
        self.understood.meet_all(change.at.met, self.timeline.key);
        self.renamed(place, change);
        for (number, item) in change.items.iter().enumerate() {
            self.part((place, number), change, item);
        }
        if change.items.is_empty() {
            self.understood.quiet("change of nothing");
        }
    }

    fn part(&mut self, (place, number): (usize, usize), change: &Change<'a>, item: &Item<'a>) {
        let telling = Telling::of(item, self.settings);
        let telling = telling.filter(|(field, _)| self.timeline.counts(field, (place, number)));
        match telling.map(|(_, telling)| telling) {
            Some(Telling::Status) => self.status(place, change),
            Some(Telling::Assignee) => self.assignee(place, change),
            Some(Telling::Priority) => self.priority(place, change),
            Some(Telling::Resolution) => self.resolution(place, change),
            Some(Telling::Due) => {
                if !item.from.is_empty() {
                    self.understood.meet(Rule::DueDateMoved, self.timeline.key);
                }
                self.understood.quiet("duedate");
            }
            Some(Telling::Detected) => self.detected(place, change, &item.to),
            // With a change of status it is told with that.
            Some(Telling::Link)
                if change.item("status").is_none() && duplicated(item).is_some() && self.is_duplicate(place) =>
            {
                self.merged(place, change);
            }
            Some(Telling::Link) | None => self.understood.quiet(&format!("field `{}`", shown(item.name()))),
        }
    }

    /// A move to another project, or fields that name the item at last: what was told under the old name goes on under
    /// the new one. Only a key is ours to merge; under any other name another tool may have told of a weakness.
    fn renamed(&mut self, place: usize, change: &Change<'a>) {
        let (old, new) = (self.item(place), self.item(place.saturating_add(1)));
        if old != new && old == self.timeline.key_before(place) {
            let event = Event::new(EventName::Merged, &old, &change.at).id(ADAPTER.name, &self.native(change));
            self.push(event.text(Field::To, &new));
        }
    }

    fn status(&mut self, place: usize, change: &Change<'a>) {
        let (from, to) = (self.timeline.before(place, "status"), self.timeline.after(place, "status"));
        let (was, is) = (self.stage(&from), self.stage(&to));
        let before = self.understood.outcomes.len();
        self.leave(place, change, (&from, was.as_ref()), is.as_ref());
        if let Some(is) = &is {
            self.enter(place, change, was.as_ref(), (&to, is));
        }
        if self.understood.outcomes.len() == before {
            match (&is, to.text_or_id()) {
                (None, Some(name)) => self.understood.quiet(&format!("status `{}`", shown(name))),
                _ => self.understood.quiet("status"),
            }
        }
    }

    fn leave(&mut self, place: usize, change: &Change<'a>, from: (&Word, Option<&Stage>), is: Option<&Stage>) {
        let (Some(was), status) = (from.1, from.0) else { return };
        if matches!(was, Stage::Waiting(_)) && !matches!(is, Some(Stage::Waiting(_))) {
            self.tell(EventName::Resumed, place, change);
        }
        let Some(is) = is else { return };
        if *was == Stage::New && *is != Stage::New && !self.triaged {
            self.triaged = true;
            self.tell(EventName::Triaged, place, change);
        }
        if *was == Stage::Approval && status.id_or_text() != self.timeline.after(place, "status").id_or_text() {
            let no = matches!(is, Stage::New | Stage::Refused);
            let name = if no { EventName::Rejected } else { EventName::Authorised };
            let event = self.of_change(name, place, change).text(Field::Ref, &self.reference(status));
            self.push(event);
        }
        if was.is_end() && !is.is_end() {
            let accepted = *was == Stage::Done(Some(Verdict::Accepted))
                || self.meanings.verdict(&self.timeline.before(place, "resolution")) == Some(Verdict::Accepted);
            if accepted {
                self.tell(EventName::ExceptionExpired, place, change);
            }
            self.tell(EventName::Reopened, place, change);
        }
    }

    fn enter(&mut self, place: usize, change: &Change<'a>, was: Option<&Stage>, to: (&Word, &Stage)) {
        let (status, is) = to;
        match is {
            Stage::Waiting(why) if !matches!(was, Some(Stage::Waiting(_))) => {
                let event = self.of_change(EventName::Paused, place, change);
                self.push(event.maybe(Field::ReasonCode, why.as_deref()));
            }
            Stage::Working if was != Some(&Stage::Working) => self.tell(EventName::WorkStarted, place, change),
            Stage::Approval => {
                let event = self.of_change(EventName::Escalated, place, change);
                let event = event.maybe(Field::To, status.text_or_id()).text(Field::Ref, &self.reference(status));
                self.push(event);
            }
            Stage::Check if was != Some(&Stage::Check) => self.verified(place, change),
            Stage::Done(_) | Stage::Refused if !was.is_some_and(Stage::is_done) => {
                let said = if let Stage::Done(said) = is { *said } else { None };
                self.done(place, change, said);
            }
            Stage::New
            | Stage::Progress
            | Stage::Waiting(_)
            | Stage::Working
            | Stage::Check
            | Stage::Refused
            | Stage::Done(_) => {}
        }
    }

    /// The ticket is done; how, its status says, or else its resolution.
    fn done(&mut self, place: usize, change: &Change<'a>, said: Option<Verdict>) {
        let resolution = self.timeline.after(place, "resolution");
        let verdict = said.or_else(|| self.verdict(&resolution));
        if resolution.is_empty() && said.is_none() {
            self.understood.meet(Rule::DoneWithoutResolution, self.timeline.key);
        }
        match verdict {
            Some(Verdict::Accepted | Verdict::NotAnIssue) => {}
            Some(Verdict::Duplicate) if self.timeline.original_after(place).is_some() => {}
            Some(Verdict::Fixed | Verdict::Duplicate | Verdict::Closed) | None => {
                if verdict == Some(Verdict::Fixed) {
                    self.tell(EventName::FixApplied, place, change);
                }
                let event = self.of_change(EventName::Closed, place, change);
                let event = event.maybe(Field::Reason, resolution.text_or_id());
                self.push(event.maybe(Field::ReasonCode, (verdict == Some(Verdict::Duplicate)).then_some("duplicate")));
                return;
            }
        }
        self.judged(verdict, place, change);
    }

    /// What a resolution says of the weakness itself.
    fn judged(&mut self, verdict: Option<Verdict>, place: usize, change: &Change<'a>) {
        match verdict {
            Some(Verdict::Fixed) => self.tell(EventName::FixApplied, place, change),
            Some(Verdict::NotAnIssue) => self.tell(EventName::FalsePositive, place, change),
            Some(Verdict::Duplicate) => self.merged(place, change),
            Some(Verdict::Accepted) => {
                let expires = self.expiry(place);
                if expires.is_none() {
                    self.understood.meet(Rule::AcceptedWithoutEnd, self.timeline.key);
                }
                let event = self.of_change(EventName::ExceptionGranted, place, change);
                let event = event.maybe(Field::ExpiresAt, expires.as_deref());
                self.push(event.maybe(Field::Reason, self.timeline.after(place, "resolution").text_or_id()));
            }
            Some(Verdict::Closed) | None => self.understood.quiet("resolution"),
        }
    }

    /// A resolution given after the ticket was done without one; with a change of status it is told with that.
    fn resolution(&mut self, place: usize, change: &Change<'a>) {
        let is_late = change.item("status").is_none() && self.timeline.before(place, "resolution").is_empty();
        let is_done = self.stage(&self.timeline.after(place, "status")).is_some_and(|stage| stage.is_done());
        if is_late && is_done {
            let verdict = self.verdict(&self.timeline.after(place, "resolution"));
            self.judged(verdict, place, change);
        } else {
            self.understood.quiet("resolution");
        }
    }

    /// A status stands for a check.
    fn verified(&mut self, place: usize, change: &Change<'a>) {
        let event = self.of_change(EventName::Verified, place, change);
        self.push(event.text(Field::Method, self.settings.jira.method()));
    }

    fn merged(&mut self, place: usize, change: &Change<'a>) {
        match self.timeline.original_after(place) {
            Some(original) => {
                let event = self.of_change(EventName::Merged, place, change);
                self.push(event.text(Field::To, &original).text(Field::ReasonCode, "duplicate"));
            }
            None => self.understood.quiet("duplicate of nothing"),
        }
    }

    fn assignee(&mut self, place: usize, change: &Change<'a>) {
        let (was, is) = (self.timeline.before(place, "assignee"), self.timeline.after(place, "assignee"));
        match is.id_or_text() {
            None => self.understood.quiet("unassigned"),
            Some(owner) => {
                let name = if was.is_empty() { EventName::Assigned } else { EventName::Reassigned };
                let event = self.of_change(name, place, change).text(Field::To, owner);
                self.push(event);
            }
        }
    }

    fn priority(&mut self, place: usize, change: &Change<'a>) {
        let is = self.timeline.after(place, "priority");
        let event = self.of_change(EventName::SeverityChanged, place, change);
        let event = event.maybe(Field::To, meant(&is, self.settings).as_word());
        self.push(event.maybe(Field::RawSeverity, is.text_or_id()));
    }

    /// When it was found, by the field that a person said tells it.
    fn detected(&mut self, place: usize, change: &Change<'a>, when: &Word) {
        let Some(text) = when.id_or_text() else { return self.understood.quiet("detection taken back") };
        if let Some(moment) = self.read("detected_at", text) {
            let native = self.native(change);
            self.push(self.event(EventName::Detected, place.saturating_add(1), &moment, &native));
        }
    }

    /// Until when the risk is accepted; a day lasts to its end.
    fn expiry(&mut self, place: usize) -> Option<String> {
        let field = self.settings.jira.field("expires_at")?;
        let text = self.timeline.after(place, field);
        self.read(field, text.id_or_text()?).map(|moment| moment.end().to_string())
    }
}
