//! What do the times of a table leave open, so that a person has to say it? Each with a cell that shows it.

use super::{Sample, find::place_of};
use crate::foreign::{DateOrder, Settings, clock::Clock, serial::Serial, table::is_null_word};
use domain::quarantine::Reason;
use serde::{Deserialize, Serialize};

/// What has to be said before the times of a table can be read; a cell by which it shows, where it is needed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// The zone of times that carry none.
    pub zone: Option<String>,
    /// Whether days or months come first.
    pub order: Option<String>,
    /// Whether numbers are days as Excel counts them.
    pub excel: Option<String>,
    /// Which of two equal local times is meant; it shows only once the zone is known.
    pub repeated: Option<String>,
}

impl Sample {
    /// What the cells of these columns leave open, whatever was said so far, but for the zone of repeated times.
    #[must_use]
    pub fn needs(&self, columns: &[&str], settings: &Settings) -> Needs {
        let said = settings.zone.clone().filter(|zone| jiff::tz::TimeZone::get(zone).is_ok());
        let zoned = Clock::of(&Settings { zone: Some("UTC".to_owned()), ..Settings::default() });
        let ordered = Clock::of(&Settings { dates: Some(DateOrder::DayFirst), ..Settings::default() });
        let told =
            said.map(|zone| Clock::of(&Settings { zone: Some(zone), dates: settings.dates, ..Settings::default() }));
        let mut needs = Needs::default();
        for place in columns.iter().filter_map(|column| place_of(column, &self.columns)) {
            let cells = self.rows.iter().filter_map(|row| row.get(place)).map(|cell| cell.trim());
            let says = |cell: &&str| {
                !cell.is_empty() && !is_null_word(cell) && !settings.null_words.iter().any(|word| word == cell)
            };
            for cell in cells.filter(says) {
                let fails = |clock: &Clock, reason| clock.read("", cell).is_err_and(|fault| fault.reason == reason);
                let note = |need: &mut Option<String>, is_open: bool| {
                    if is_open && need.is_none() {
                        *need = Some(cell.to_owned());
                    }
                };
                note(&mut needs.excel, Serial::of(cell).is_some());
                note(&mut needs.order, fails(&zoned, Reason::DateAmbiguous));
                note(&mut needs.zone, fails(&ordered, Reason::NaiveTime));
                let twice = told.as_ref().is_some_and(|clock| fails(clock, Reason::DateAmbiguous));
                note(&mut needs.repeated, twice && !fails(&zoned, Reason::DateAmbiguous));
            }
        }
        needs
    }
}

/// The names of all zones, for a choice.
#[must_use]
pub fn zones() -> Vec<String> {
    let mut names: Vec<String> = jiff::tz::db().available().map(|zone| zone.as_str().to_owned()).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(cells: &[&str], settings: &Settings) -> Needs {
        let rows = cells.iter().map(|cell| vec![(*cell).to_owned()]).collect();
        Sample { columns: vec!["At".to_owned()], rows, ..Sample::default() }.needs(&["At"], settings)
    }

    #[test]
    fn what_is_open_is_shown_by_the_first_cell_that_leaves_it_so() {
        let none = Settings::default();
        assert_eq!(needs(&["2026-03-01T10:00:00Z", "", "N/A", "soon"], &none), Needs::default());
        let naive = needs(&["2026-03-01T10:00:00Z", "2026-03-01 10:00", "2026-03-02 10:00"], &none);
        assert_eq!((naive.zone.as_deref(), naive.order), (Some("2026-03-01 10:00"), None));
        let both = needs(&["23/04/2026 10:00", "03/04/2026 10:00"], &none);
        assert_eq!(both.zone.as_deref(), Some("23/04/2026 10:00"));
        assert_eq!(both.order.as_deref(), Some("03/04/2026 10:00"));
        assert_eq!(needs(&["46082.41667"], &none).excel.as_deref(), Some("46082.41667"));
    }

    #[test]
    fn what_was_said_is_still_needed_and_a_repeated_hour_shows_once_the_zone_is_known() {
        let madrid = Settings { zone: Some("Europe/Madrid".to_owned()), ..Settings::default() };
        let cells = ["2026-10-25 02:30:00"];
        assert_eq!(needs(&cells, &Settings::default()).repeated, None);
        let known = needs(&cells, &madrid);
        assert_eq!(known.repeated.as_deref(), Some("2026-10-25 02:30:00"));
        assert!(known.zone.is_some(), "the question stays on the page");
        let nonsense = Settings { zone: Some("Nowhere".to_owned()), ..Settings::default() };
        assert_eq!(needs(&cells, &nonsense).repeated, None);
    }

    #[test]
    fn zones_are_offered_by_name() {
        let zones = zones();
        assert!(zones.iter().any(|zone| zone == "Europe/Berlin") && zones.len() > 300, "{}", zones.len());
    }
}
