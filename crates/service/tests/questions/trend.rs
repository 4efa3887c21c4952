//! Does each month show what stood at its end?

use crate::organisation::{SMALL, gap_of, ledger_of, lenient};
use domain::{id::ItemKey, time::Timestamp, view::View};
use metrics::ledger::{Filter, Frame};
use service::catalogue::Catalogue;
use service::question::trend::{History, TREND_MONTHS, month, month_ends, months};

#[test]
fn a_trend_shows_each_month_as_it_stood() {
    let views = month_ends(&SMALL.view, TREND_MONTHS);
    let ends: Vec<String> = views.iter().map(|view| view.as_of.to_string()[..10].to_owned()).collect();
    assert_eq!((ends[0].as_str(), ends[11].as_str(), ends.len()), ("2025-08-01", "2026-07-01", 12));
    let histories: Vec<History> = (1..)
        .zip(&SMALL.events)
        .map(|(key, (id, events))| History {
            key: ItemKey::from_row(key),
            id: id.as_str().into(),
            source: "feed".into(),
            events: events.clone(),
            not_yet_known: 0,
        })
        .collect();
    for filter in [Filter::default(), Filter { team: Some("apps".into()), ..lenient() }] {
        let all = months(&histories, &views, &filter, &SMALL.policy, &SMALL.calendar, &Catalogue::default());
        for (view, got) in views.iter().zip(&all) {
            let ledger = ledger_of(&SMALL.events, view, &SMALL.policy, &SMALL.calendar);
            let frame = Frame { view: *view, policy: &SMALL.policy, calendar: &SMALL.calendar };
            assert_eq!(*got, month(&ledger, &filter, &frame), "{}", view.as_of);
        }
        let now = gap_of(&filter);
        let last = all.last().unwrap();
        assert_eq!((last.reported, last.on_time, last.open_now), (now.reported, now.on_time, now.flow.open_now));
        assert_eq!((last.median_strict, last.median_lenient), (now.days.median_strict, now.days.median_lenient));
    }
}

#[test]
fn month_ends_are_midnights_at_the_start_of_a_month() {
    let view = View { as_of: Timestamp::parse("2026-03-15T13:14:15Z").unwrap(), ..SMALL.view };
    let ends: Vec<String> = month_ends(&view, 4).iter().map(|view| view.as_of.to_string()).collect();
    assert_eq!(ends, ["2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"]);
}
