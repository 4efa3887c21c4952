//! What do the times of one row say? Each column is read once, and what cannot be read is held with its column.

use crate::{
    foreign::{
        Rule, Understood,
        clock::{Clock, Moment, Unit},
        table::Row,
    },
    held::Fault,
};
use domain::quarantine::Reason;
use std::collections::BTreeMap;

/// What a cell that should hold a time says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read {
    Nothing,
    /// It is held already.
    Broken,
    Moment(Moment),
}

/// What is remembered of the times of a table.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The first shape of each column.
    shapes: BTreeMap<usize, String>,
    /// Whether lines before the header may name a zone.
    pub(super) report_zone: bool,
    /// The zone they name.
    pub(super) zone_named: Option<String>,
}

/// The times of one row.
pub(super) struct Times<'a> {
    pub(super) row: &'a Row<'a>,
    pub(super) clock: &'a Clock,
    pub(super) memory: &'a mut Memory,
    read: Vec<(usize, Read)>,
}

impl<'a> Times<'a> {
    pub(super) const fn of(row: &'a Row<'a>, clock: &'a Clock, memory: &'a mut Memory) -> Self {
        Self { row, clock, memory, read: Vec::new() }
    }

    /// The time in the first of these columns that says something.
    pub(super) fn first(&mut self, places: &[usize], understood: &mut Understood) -> Read {
        let read = places.iter().map(|place| self.read(*place, understood)).find(|read| *read != Read::Nothing);
        read.unwrap_or(Read::Nothing)
    }

    fn read(&mut self, place: usize, understood: &mut Understood) -> Read {
        if let Some((_, read)) = self.read.iter().find(|(known, _)| *known == place) {
            return *read;
        }
        let name = self.row.columns().get(place).map_or("", String::as_str);
        if self.row.is_null_word(place) {
            understood.meet(Rule::NullWord, name);
        }
        let read = match self.row.cell(place) {
            None => Read::Nothing,
            Some(text) => self.moment(place, name, text, understood),
        };
        self.read.push((place, read));
        read
    }

    fn moment(&mut self, place: usize, name: &str, text: &str, understood: &mut Understood) -> Read {
        let is_number = text.len() >= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
        let moment = if is_number { self.clock.epoch(name, text, Unit::Seconds) } else { self.clock.read(name, text) };
        match moment {
            Ok(moment) => {
                let shape = shape(text);
                let first = self.memory.shapes.entry(place).or_insert_with(|| shape.clone());
                if *first != shape {
                    understood.meet(Rule::MixedDateShapes, name);
                }
                understood.meet_all(moment.met, name);
                Read::Moment(moment)
            }
            Err(fault) => {
                let fault = self.report_zone(fault);
                let rules = [(Reason::NaiveTime, Rule::NaiveTime), (Reason::ReportZone, Rule::ReportZone)];
                let met = rules.into_iter().find(|(reason, _)| *reason == fault.reason);
                understood.meet_all(met.map(|(_, rule)| rule), name);
                understood.hold(fault);
                Read::Broken
            }
        }
    }

    /// A report that names its zone once, before the table: a person decides whether that is the zone of its times.
    fn report_zone(&self, fault: Fault) -> Fault {
        if !self.memory.report_zone || fault.reason != Reason::NaiveTime {
            return fault;
        }
        let hint = match &self.memory.zone_named {
            Some(zone) => format!("choose the zone of this source; the report itself names `{zone}`"),
            None => "choose the zone of this source; the report itself names none".to_owned(),
        };
        Fault { reason: Reason::ReportZone, code: Reason::ReportZone.as_str(), ..fault }.hint(hint)
    }
}

/// How the date of a time is written: runs of digits and of letters, and the signs between, up to the hour.
fn shape(text: &str) -> String {
    let date = text.split(':').next().unwrap_or(text);
    let mut shape = String::new();
    for sign in date.chars() {
        let sign = match sign {
            sign if sign.is_ascii_digit() => '9',
            sign if sign.is_alphabetic() => 'a',
            sign => sign,
        };
        if !matches!(sign, '9' | 'a') || !shape.ends_with(sign) {
            shape.push(sign);
        }
    }
    shape
}

/// The zone that a line before a table names, as in `05/14/2026 at 03:00:00 PM (GMT+0200)`.
pub(super) fn zone_in(line: &str) -> Option<String> {
    let start = line.find("GMT").or_else(|| line.find("UTC"))?;
    let rest = line.get(start..)?;
    let end = rest.find(|sign: char| !sign.is_ascii_alphanumeric() && !matches!(sign, '+' | '-' | ':'));
    rest.get(..end.unwrap_or(rest.len())).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_one_tool_in_two_shapes_are_told_apart() {
        assert_eq!(shape("2025-04-03T20:20:00Z"), shape("2024-11-13T01:02:03.5+02:00"));
        assert_ne!(shape("2025-04-03T20:20:00Z"), shape("2025-04-03 20:20:00.43042 +0000 CET"));
        assert_ne!(shape("03/04/2026"), shape("Apr 3, 2026"));
    }

    #[test]
    fn a_zone_before_the_table_is_found() {
        assert_eq!(zone_in("\"Report\",\"05/14/2026 at 15:00 (GMT+0200)\"").as_deref(), Some("GMT+0200"));
        assert_eq!(zone_in("05/14/2026 15:00:00 UTC").as_deref(), Some("UTC"));
        assert_eq!(zone_in("Company, City"), None);
    }
}
