//! When is that, in the many ways tools write a moment? A time without an offset needs a zone that a person chose.

mod written;

pub(crate) use written::Unit;

use super::{DateOrder, Repeated, Rule, Settings, serial::Serial};
use crate::held::{Fault, shown};
use domain::{quarantine::Reason, time::Timestamp};
use jiff::{
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, Offset, TimeZone},
};
use written::{cut_offset, fits, month_of, time_of, without_zone_name};

/// 2000-01-01T00:00:00Z: what lies before is a marker for "missing", or a mistake.
const EARLIEST: Timestamp = Timestamp::from_seconds(946_684_800);

/// A moment as a tool told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// When, or the earliest it can have been.
    pub(crate) at: Timestamp,
    /// The latest it can have been, where that differs: a day without a time.
    pub(crate) latest: Option<Timestamp>,
    /// The rule that was met by the way it is written.
    pub(crate) met: Option<Rule>,
}

impl Moment {
    /// A moment that is known to the second.
    pub(crate) const fn exact(at: Timestamp) -> Self {
        Self { at, latest: None, met: None }
    }

    /// The latest it can have been.
    pub(crate) fn end(&self) -> Timestamp {
        self.latest.unwrap_or(self.at)
    }

    /// The same where it can be meant: a time before 2000 is held with its field.
    pub(crate) fn in_range(self, field: &str) -> Result<Self, Fault> {
        if self.at >= EARLIEST {
            return Ok(self);
        }
        let detail = format!("`{}` in `{field}` lies before 2000, expected a time since then", self.at);
        Err(Fault::of(field, Reason::TimeRange, detail).hint("it often marks a time that is missing"))
    }
}

/// How the times of one source are read.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    zone: Option<TimeZone>,
    repeated: Option<Repeated>,
    order: Option<DateOrder>,
    excel_dates: bool,
    short_years: bool,
}

/// What is written, before it is a moment.
struct Written<'a> {
    field: &'a str,
    text: &'a str,
    date: Date,
    /// Without a time it is a whole day.
    time: Option<Time>,
    offset: Option<Offset>,
    met: Option<Rule>,
}

impl Clock {
    /// The clock of a source; its zone was checked with its settings.
    pub(crate) fn of(settings: &Settings) -> Self {
        let zone = settings.zone.as_deref().and_then(|name| TimeZone::get(name).ok());
        let (repeated, order, excel_dates) = (settings.repeated, settings.dates, settings.excel_dates);
        Self { zone, repeated, order, excel_dates, short_years: false }
    }

    /// The same for a tool that writes years with two digits, once a person said what comes first in its dates: the two
    /// digits then come last, and are of this century.
    pub(crate) const fn with_short_years(mut self) -> Self {
        self.short_years = self.order.is_some();
        self
    }

    /// Reads a time of that field.
    pub(crate) fn read(&self, field: &str, text: &str) -> Result<Moment, Fault> {
        if let Ok(at) = Timestamp::parse(text) {
            return Ok(Moment::exact(at));
        }
        let written = match Serial::of(text.trim()) {
            Some(serial) if self.excel_dates => serial.day_and_time().ok_or_else(|| no_time(field, text))?,
            Some(_) => {
                let hint = "if Excel wrote it, say so in the settings of this source, or export the dates as text";
                return Err(no_time(field, text).hint(hint));
            }
            None => return self.moment(&self.written(field, text)?),
        };
        self.moment(&Written { field, text, date: written.0, time: written.1, offset: None, met: None })
    }

    /// The same, where a time before 2000 is no time.
    pub(crate) fn read_in_range(&self, field: &str, text: &str) -> Result<Moment, Fault> {
        self.read(field, text)?.in_range(field)
    }

    /// Reads a number of seconds since 1970, or of a smaller unit, which its length tells.
    pub(crate) fn epoch(&self, field: &str, digits: &str, usual: Unit) -> Result<Moment, Fault> {
        let number: i64 = digits.parse().map_err(|_| no_time(field, digits))?;
        let unit = Unit::of(number);
        let met = (unit != usual).then_some(Rule::EpochUnit);
        Ok(Moment { met, ..Moment::exact(Timestamp::from_seconds(number.div_euclid(unit.per_second()))) })
    }

    fn written<'a>(&self, field: &'a str, text: &'a str) -> Result<Written<'a>, Fault> {
        let (rest, zone_name) = without_zone_name(text.trim());
        let colon = rest.find(':');
        let start = colon.map_or(rest.len(), |at| rest.get(..at).map_or(at, |before| before.len().saturating_sub(2)));
        let start = rest.get(start..).map_or(start, |tail| {
            start.saturating_add(
                tail.len().saturating_sub(tail.trim_start_matches(|sign: char| !sign.is_ascii_digit()).len()),
            )
        });
        let (date, clock) = rest.split_at_checked(start).ok_or_else(|| no_time(field, text))?;
        let date = self.date(field, text, date.trim_end_matches(['T', 't', ' ', ',', ':']))?;
        let (clock, offset, colonless) = cut_offset(clock);
        let time =
            if clock.trim().is_empty() { None } else { Some(time_of(clock).ok_or_else(|| no_time(field, text))?) };
        let offset = offset.or(matches!(zone_name, Some("UTC" | "GMT" | "Z")).then_some(Offset::UTC));
        let disagrees = matches!((zone_name, offset), (Some(name), Some(offset)) if !fits(name, offset));
        let met = match (disagrees, colonless) {
            (true, _) => Some(Rule::ZoneDisagrees),
            (false, true) => Some(Rule::OffsetWithoutColon),
            (false, false) => None,
        };
        Ok(Written { field, text, date, time, offset, met })
    }

    fn moment(&self, written: &Written<'_>) -> Result<Moment, Fault> {
        let met = written.met;
        match written.time {
            Some(time) => Ok(Moment { met, ..Moment::exact(self.instant(written, time)?) }),
            None => {
                let at = self.instant(written, Time::midnight())?;
                let latest = self.instant(written, jiff::civil::time(23, 59, 59, 0))?;
                Ok(Moment { at, latest: Some(latest), met: Some(Rule::DayPrecision) })
            }
        }
    }

    fn instant(&self, written: &Written<'_>, time: Time) -> Result<Timestamp, Fault> {
        let local = written.date.to_datetime(time);
        let offset = match written.offset {
            Some(offset) => offset,
            None => self.offset_of(written, local)?,
        };
        let instant = offset.to_timestamp(local).map_err(|_| no_time(written.field, written.text))?;
        Ok(Timestamp::from_seconds(instant.as_second()))
    }

    fn offset_of(&self, written: &Written<'_>, local: DateTime) -> Result<Offset, Fault> {
        let fault = |reason, detail: String| Fault::of(written.field, reason, detail);
        let Some(zone) = &self.zone else {
            let detail = format!("time without offset `{}`", shown(written.text));
            return Err(fault(Reason::NaiveTime, detail).hint("choose the zone of this source"));
        };
        match (zone.to_ambiguous_timestamp(local).offset(), self.repeated) {
            (AmbiguousOffset::Unambiguous { offset }, _) => Ok(offset),
            (AmbiguousOffset::Fold { before, .. }, Some(Repeated::First)) => Ok(before),
            (AmbiguousOffset::Fold { after, .. }, Some(Repeated::Last)) => Ok(after),
            // A whole day that begins in a gap begins where the gap ends.
            (AmbiguousOffset::Gap { before, .. }, _) if written.time.is_none() => Ok(before),
            (AmbiguousOffset::Gap { .. }, _) => {
                let detail = format!("`{}` was skipped by a clock that went forward", shown(written.text));
                Err(fault(Reason::DstGap, detail).hint("check the zone of this source"))
            }
            (AmbiguousOffset::Fold { .. }, None) => {
                let detail = format!("`{}` came twice when a clock went back", shown(written.text));
                Err(fault(Reason::DateAmbiguous, detail).hint("say whether the first or the last is meant"))
            }
        }
    }

    fn date(&self, field: &str, text: &str, date: &str) -> Result<Date, Fault> {
        let parts: Vec<&str> =
            date.split(|sign: char| !sign.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
        let [one, two, three] = parts.as_slice() else { return Err(no_time(field, text)) };
        let number = |part: &str| part.parse::<i8>().map_err(|_| no_time(field, text));
        let (year, month, day) = match (month_of(one), month_of(two)) {
            (Some(month), _) => (*three, month, number(two)?),
            (None, Some(month)) => (*three, month, number(one)?),
            (None, None) if one.len() == 4 => (*one, number(two)?, number(three)?),
            (None, None) => {
                let (day, month) = self.ordered(field, text, (number(one)?, number(two)?), date)?;
                (*three, month, day)
            }
        };
        let year = match year.len() {
            2 if self.short_years => format!("20{year}"),
            _ => year.to_owned(),
        };
        if year.len() != 4 {
            let detail = format!("`{}` has a year of {} digits, expected four", shown(text), year.len());
            return Err(Fault::of(field, Reason::DateAmbiguous, detail).hint("export the dates with whole years"));
        }
        let year = year.parse::<i16>().map_err(|_| no_time(field, text))?;
        Date::new(year, month, day).map_err(|_| no_time(field, text))
    }

    /// Day and month of two short numbers.
    fn ordered(&self, field: &str, text: &str, pair: (i8, i8), date: &str) -> Result<(i8, i8), Fault> {
        let (one, two) = pair;
        match self.order {
            Some(DateOrder::DayFirst) => Ok((one, two)),
            Some(DateOrder::MonthFirst) => Ok((two, one)),
            None if date.contains('.') || one > 12 || one == two => Ok((one, two)),
            None if two > 12 => Ok((two, one)),
            None => {
                let detail = format!("`{}` can be read in two ways", shown(text));
                Err(Fault::of(field, Reason::DateAmbiguous, detail).hint("say whether days or months come first"))
            }
        }
    }
}

fn no_time(field: &str, text: &str) -> Fault {
    Fault::of(field, Reason::BadValue, format!("`{}` in `{field}` is not a time", shown(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: &Settings, text: &str) -> Result<String, Reason> {
        let clock = Clock::of(settings);
        clock.read("at", text).map(|moment| moment.at.to_string()).map_err(|fault| fault.reason)
    }

    fn madrid() -> Settings {
        Settings { zone: Some("Europe/Madrid".to_owned()), ..Settings::default() }
    }

    #[test]
    fn a_moment_with_an_offset_is_the_same_however_it_is_written() {
        let none = Settings::default();
        for text in [
            "2026-03-01T10:00:00Z",
            "2026-03-01T18:00:00.123+0800",
            "2026-03-01 10:00:00.43042 +0000 UTC",
            "2026-03-01 10:00 UTC",
            "2026-03-01 11:00:00 +01:00",
            "Mar 1, 2026 10:00:00 UTC",
            "01 Mar 2026 05:00:00 -0500",
            "01/Mar/2026 10:00:00 AM GMT",
        ] {
            assert_eq!(read(&none, text).as_deref(), Ok("2026-03-01T10:00:00Z"), "{text}");
        }
    }

    #[test]
    fn a_moment_without_an_offset_needs_a_zone() {
        assert_eq!(read(&Settings::default(), "2026-03-01 10:00:00"), Err(Reason::NaiveTime));
        assert_eq!(read(&madrid(), "2026-03-01 10:00:00").as_deref(), Ok("2026-03-01T09:00:00Z"));
        assert_eq!(read(&madrid(), "2026-07-01 10:00:00").as_deref(), Ok("2026-07-01T08:00:00Z"));
    }

    #[test]
    fn a_clock_that_goes_forward_skips_and_one_that_goes_back_repeats() {
        assert_eq!(read(&madrid(), "2026-03-29 02:30:00"), Err(Reason::DstGap));
        assert_eq!(read(&madrid(), "2026-10-25 02:30:00"), Err(Reason::DateAmbiguous));
        let first = Settings { repeated: Some(Repeated::First), ..madrid() };
        let last = Settings { repeated: Some(Repeated::Last), ..madrid() };
        assert_eq!(read(&first, "2026-10-25 02:30:00").as_deref(), Ok("2026-10-25T00:30:00Z"));
        assert_eq!(read(&last, "2026-10-25 02:30:00").as_deref(), Ok("2026-10-25T01:30:00Z"));
    }

    #[test]
    fn the_order_of_day_and_month_is_told_or_asked() {
        assert_eq!(read(&madrid(), "03/04/2026 10:00"), Err(Reason::DateAmbiguous));
        assert_eq!(read(&madrid(), "23/04/2026 10:00").as_deref(), Ok("2026-04-23T08:00:00Z"));
        assert_eq!(read(&madrid(), "04/23/2026 10:00").as_deref(), Ok("2026-04-23T08:00:00Z"));
        assert_eq!(read(&madrid(), "03.04.2026 10:00").as_deref(), Ok("2026-04-03T08:00:00Z"));
        let months = Settings { dates: Some(DateOrder::MonthFirst), ..madrid() };
        assert_eq!(read(&months, "03/04/2026 1:00 PM").as_deref(), Ok("2026-03-04T12:00:00Z"));
        assert_eq!(read(&months, "23/04/2026 10:00"), Err(Reason::BadValue));
    }

    #[test]
    fn a_year_of_two_digits_is_refused() {
        assert_eq!(read(&madrid(), "03/Apr/26 10:00"), Err(Reason::DateAmbiguous));
        assert_eq!(read(&madrid(), "23.04.26"), Err(Reason::DateAmbiguous));
    }

    #[test]
    fn a_year_of_two_digits_is_taken_once_a_person_said_what_comes_first() {
        let short = |settings: &Settings, text: &str| {
            Clock::of(settings).with_short_years().read("at", text).map(|moment| moment.at.to_string())
        };
        assert_eq!(short(&madrid(), "03/Apr/26 1:04 PM").unwrap_err().reason, Reason::DateAmbiguous);
        let days = Settings { dates: Some(DateOrder::DayFirst), ..madrid() };
        assert_eq!(short(&days, "03/Apr/26 1:04 PM").as_deref(), Ok("2026-04-03T11:04:00Z"));
        assert_eq!(short(&days, "03/04/26 13:04").as_deref(), Ok("2026-04-03T11:04:00Z"));
        assert_eq!(short(&days, "03/Apr/026 1:04 PM").unwrap_err().reason, Reason::DateAmbiguous);
        assert_eq!(read(&days, "03/Apr/26 1:04 PM"), Err(Reason::DateAmbiguous));
    }

    #[test]
    fn a_day_is_all_of_it() {
        let moment = Clock::of(&madrid()).read("at", "2026-03-29").unwrap();
        assert_eq!(moment.at.to_string(), "2026-03-28T23:00:00Z");
        assert_eq!(moment.end().to_string(), "2026-03-29T21:59:59Z");
        assert_eq!(moment.met, Some(Rule::DayPrecision));
    }

    #[test]
    fn an_offset_that_contradicts_its_name_counts_and_is_told() {
        let clock = Clock::of(&Settings::default());
        let moment = clock.read("at", "2025-04-03 20:20:00.43042 +0000 CET").unwrap();
        assert_eq!((moment.at.to_string().as_str(), moment.met), ("2025-04-03T20:20:00Z", Some(Rule::ZoneDisagrees)));
        assert_eq!(clock.read("at", "2026-03-01T10:00:00+0000").unwrap().met, Some(Rule::OffsetWithoutColon));
    }

    #[test]
    fn the_unit_of_a_number_shows_in_its_length() {
        let clock = Clock::of(&Settings::default());
        for (digits, met) in [
            ("1772359200", Some(Rule::EpochUnit)),
            ("1772359200000", None),
            ("1772359200000000", Some(Rule::EpochUnit)),
            ("1772359200000000000", Some(Rule::EpochUnit)),
        ] {
            let moment = clock.epoch("time", digits, Unit::Milliseconds).unwrap();
            assert_eq!((moment.at.to_string().as_str(), moment.met), ("2026-03-01T10:00:00Z", met), "{digits}");
        }
    }

    #[test]
    fn what_is_no_time_is_said_to_be_none() {
        for text in ["", "soon", "12:30", "2026-13-01", "2026-02-30 10:00:00Z", "10:61 2026-01-01", "####", "::", "é:"]
        {
            assert_eq!(read(&madrid(), text), Err(Reason::BadValue), "{text}");
        }
    }
}
