//! What does a playbook allow? Steps in a row, choices, steps that may be left out and steps that may be repeated, as an
//! automaton to align traces with.

use super::playbook::Playbook;
use domain::event_name::EventName;
use std::collections::BTreeSet;

/// A part of a playbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// One step; `None` stands for a word outside the vocabulary, which nobody can take.
    Step(Option<EventName>),
    /// One after the other.
    Sequence(Vec<Part>),
    /// One of these.
    Choice(Vec<Part>),
    /// May be left out.
    Optional(Box<Part>),
    /// Once or more often.
    Loop(Box<Part>),
}

/// A step of a playbook as a register writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepRow<'a> {
    /// The event that shows that it was taken.
    pub event: Option<EventName>,
    /// Whether it may be left out.
    pub optional: bool,
    /// Neighbouring steps of one group are a choice; empty for none.
    pub group: &'a str,
}

impl Part {
    /// The steps of a register in their order.
    #[must_use]
    pub fn of_rows(rows: &[StepRow<'_>]) -> Self {
        let same_group = |one: &StepRow<'_>, next: &StepRow<'_>| !one.group.is_empty() && one.group == next.group;
        let part = |rows: &[StepRow<'_>]| {
            let mut steps: Vec<Self> = rows.iter().map(|row| Self::Step(row.event)).collect();
            let choice = if steps.len() == 1 { steps.remove(0) } else { Self::Choice(steps) };
            if rows.iter().all(|row| row.optional) { Self::Optional(choice.into()) } else { choice }
        };
        Self::Sequence(rows.chunk_by(same_group).map(part).collect())
    }
}

/// Where one may go from a state; a silent way takes no step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) to: usize,
    pub(super) step: Taken,
}

/// What going a way takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Nothing,
    Step(Option<EventName>),
}

/// The automaton of a playbook: it starts in the first state and ends in the last one made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    ways: Vec<Vec<Way>>,
    end: usize,
    alphabet: BTreeSet<EventName>,
}

impl Model {
    /// The automaton of a playbook of parts.
    #[must_use]
    pub fn of(part: &Part) -> Self {
        let mut model = Self { ways: vec![Vec::new()], end: 0, alphabet: BTreeSet::new() };
        model.end = model.add(part, 0);
        model
    }

    /// The automaton of a straight playbook.
    #[must_use]
    pub fn straight(playbook: &Playbook) -> Self {
        Self::of(&Part::Sequence(playbook.steps().iter().map(|step| Part::Step(*step)).collect()))
    }

    /// Whether some step is shown by this event.
    #[must_use]
    pub fn knows(&self, name: EventName) -> bool {
        self.alphabet.contains(&name)
    }

    pub(super) const fn states(&self) -> usize {
        self.ways.len()
    }

    pub(super) const fn end(&self) -> usize {
        self.end
    }

    pub(super) fn ways(&self, state: usize) -> &[Way] {
        self.ways.get(state).map_or(&[], Vec::as_slice)
    }

    fn state(&mut self) -> usize {
        self.ways.push(Vec::new());
        self.ways.len() - 1
    }

    fn way(&mut self, from: usize, to: usize, step: Taken) {
        if let Some(ways) = self.ways.get_mut(from) {
            ways.push(Way { to, step });
        }
    }

    /// Adds a part that begins in a state, and says in which one it ends. Choices and loops begin in a state of their own,
    /// so that no way leads back into what stands before them.
    fn add(&mut self, part: &Part, from: usize) -> usize {
        match part {
            Part::Step(step) => {
                self.alphabet.extend(*step);
                let to = self.state();
                self.way(from, to, Taken::Step(*step));
                to
            }
            Part::Sequence(parts) => parts.iter().fold(from, |from, part| self.add(part, from)),
            Part::Choice(parts) => {
                let ends: Vec<usize> = parts.iter().map(|part| self.begin(part, from).1).collect();
                let end = self.state();
                let is_empty = ends.is_empty();
                ends.into_iter().chain(is_empty.then_some(from)).for_each(|last| self.way(last, end, Taken::Nothing));
                end
            }
            Part::Optional(part) => {
                let (_, last) = self.begin(part, from);
                let end = self.state();
                self.way(last, end, Taken::Nothing);
                self.way(from, end, Taken::Nothing);
                end
            }
            Part::Loop(part) => {
                let (start, last) = self.begin(part, from);
                let end = self.state();
                self.way(last, start, Taken::Nothing);
                self.way(last, end, Taken::Nothing);
                end
            }
        }
    }

    /// A part in a state of its own: where it starts and where it ends.
    fn begin(&mut self, part: &Part, from: usize) -> (usize, usize) {
        let start = self.state();
        self.way(from, start, Taken::Nothing);
        (start, self.add(part, start))
    }
}
