//! How do rows that belong together become drill records? They are gathered by the drill they name until the file ends.

use super::{Moment, Understood};
use crate::{
    canonical::identifier,
    drill,
    held::{Fault, Held, shown},
};
use domain::{
    drill::{DrillRecord, Finding, Inject},
    quarantine::Reason,
    time::Timestamp,
};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

/// Rows of one file that are gathered at most: some 30 MiB of them.
const ROWS_MAX: usize = 50_000;

/// Characters of a name that is made of others; an identifier may have 256.
const NAME_CHARACTERS_MAX: usize = 160;

/// The drills of a file, in the order in which they were first named.
#[derive(Default)]
pub(super) struct Drills {
    drills: Vec<DrillRecord>,
    places: BTreeMap<String, usize>,
    names: BTreeSet<(usize, String)>,
    rows: usize,
}

impl Drills {
    /// The drill of that name; made when it is new.
    pub(super) fn of(&mut self, name: &str, make: impl FnOnce(String) -> DrillRecord) -> Result<Gathering<'_>, Fault> {
        if self.rows >= ROWS_MAX {
            let detail = format!("the file has more than {ROWS_MAX} rows of drills");
            return Err(Fault::whole(Reason::RecordTooLong, detail).hint("split it by drill"));
        }
        self.rows = self.rows.saturating_add(1);
        let id = identifier("id", Cow::Borrowed(name)).map_err(|fault| *fault)?.into_owned();
        let next = self.drills.len();
        let place = *self.places.entry(id.clone()).or_insert(next);
        if place == next {
            self.drills.push(make(id));
        }
        let names = &mut self.names;
        match self.drills.get_mut(place) {
            Some(record) => Ok(Gathering { record, names, place }),
            None => Err(Fault::whole(Reason::Unreadable, format!("the drill `{}` was not kept", shown(name)))),
        }
    }

    /// Hands all of them over.
    pub(super) fn finish(&mut self, understood: &mut Understood) {
        for record in std::mem::take(&mut self.drills) {
            drill::take(record, understood);
        }
    }

    /// Completes each drill by what only the whole file says.
    pub(super) fn each(&mut self, complete: impl FnMut(&mut DrillRecord)) {
        self.drills.iter_mut().for_each(complete);
    }

    /// The drills so far.
    pub(super) fn records(&self) -> &[DrillRecord] {
        &self.drills
    }
}

/// One drill that is being gathered.
pub(super) struct Gathering<'a> {
    pub(super) record: &'a mut DrillRecord,
    names: &'a mut BTreeSet<(usize, String)>,
    place: usize,
}

impl Gathering<'_> {
    /// A name for a part, made of what the tool calls it; the second of the same name gets a number.
    pub(super) fn name(&mut self, parts: &[&str]) -> String {
        let said: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
        let plain: String = said.join("/").chars().take(NAME_CHARACTERS_MAX).collect();
        let mut name = plain.clone();
        let mut number: usize = 1;
        while !self.names.insert((self.place, name.clone())) {
            number = number.saturating_add(1);
            name = format!("{plain}#{number}");
        }
        name
    }

    /// Adds an inject; the drill lasts from the first to the last.
    pub(super) fn inject(&mut self, inject: Inject) {
        self.lasts(inject.at);
        self.lasts(inject.ended_at);
        for technique in &inject.technique {
            if !self.record.technique.contains(technique) {
                self.record.technique.push(technique.clone());
            }
        }
        if let Some(group) = &inject.system_group
            && !self.record.system_group.contains(group)
        {
            self.record.system_group.push(group.clone());
        }
        self.record.injects.push(inject);
    }

    /// Stretches the drill to a moment.
    pub(super) fn lasts(&mut self, moment: Option<Timestamp>) {
        let Some(moment) = moment else { return };
        self.record.started_at = Some(self.record.started_at.map_or(moment, |start| start.min(moment)));
        self.record.ended_at = Some(self.record.ended_at.map_or(moment, |end| end.max(moment)));
    }

    /// Adds a finding.
    pub(super) fn finding(&mut self, finding: Finding) {
        self.record.findings.push(finding);
    }
}

/// What a time is, or `None` and a held line; the rules it meets are noted.
pub(super) fn noted(read: Result<Moment, Fault>, what: &str, understood: &mut Understood) -> Option<Moment> {
    match read {
        Ok(moment) => {
            understood.meet_all(moment.met, what);
            Some(moment)
        }
        Err(fault) => {
            drill::hold(Held::because(fault), understood);
            None
        }
    }
}
