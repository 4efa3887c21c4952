//! What the difference of two snapshots shows.

use domain::{severity::Severity, time::Timestamp};
use formats::{
    canonical::Outcome,
    foreign::{
        Adapter, Foreign, Settings,
        snapshot::{Compared, Scope, Sighting, Snapshot, Standing, State, compare},
    },
};
use proptest::prelude::*;

fn day(day: i64) -> Timestamp {
    Timestamp::parse("2026-03-01T00:00:00Z").unwrap().plus((day - 1) * 86_400)
}

/// A snapshot of that day in March that states everything.
fn complete(of: i64) -> Scope {
    Scope { complete: true, scanner: Some("scanner".to_owned()), ..Scope::at(day(of)) }
}

fn open(last: i64) -> Sighting {
    Sighting {
        state: State::Open,
        first: Some(day(1)),
        last: Some(day(last)),
        severity: Some(Severity::High),
        ..Sighting::default()
    }
}

fn snapshot(sightings: &[(&str, Sighting)]) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (item, sighting) in sightings {
        snapshot.see(item, sighting.clone());
    }
    snapshot
}

fn events(compared: &Compared) -> Vec<String> {
    let text = |outcome: &Outcome| match outcome {
        Outcome::Event(draft) => {
            let latest = draft.at_latest.map(|latest| format!("..{}", &latest.to_string()[8..10])).unwrap_or_default();
            format!("{} {} {}{latest}", draft.item_id, draft.name.as_str(), &draft.at.to_string()[8..10])
        }
        Outcome::Held(held) => format!("held {}", held.reason),
    };
    compared.understood.outcomes.iter().map(text).collect()
}

fn met(compared: &Compared) -> Vec<&str> {
    compared.understood.met.iter().map(|(rule, _)| rule.as_str()).collect()
}

/// Five open items on three assets, as they stood on the second of March.
fn second_of_march() -> Standing {
    let items = ["r1@a", "r2@a", "r3@b", "r4@c", "r5@a"].map(|item| (item, open(2)));
    compare(&Standing::default(), &snapshot(&items), &Scope::at(day(2))).standing
}

fn on_the_ninth(change: impl FnOnce(&mut Vec<(&'static str, Sighting)>)) -> Snapshot {
    let mut items = vec![("r1@a", open(9)), ("r2@a", open(9)), ("r3@b", open(9)), ("r4@c", open(9)), ("r5@a", open(9))];
    change(&mut items);
    snapshot(&items)
}

#[test]
fn what_appears_is_detected_when_the_source_says_or_in_between() {
    let undated = Sighting { first: None, last: None, ..open(1) };
    let told = compare(&second_of_march(), &on_the_ninth(|items| items.push(("r9@a", undated))), &complete(9));
    assert_eq!(events(&told).last().unwrap(), "r9@a detected 02..09");
    let told = compare(&second_of_march(), &on_the_ninth(|items| items.push(("r9@a", open(9)))), &complete(9));
    assert_eq!(events(&told).last().unwrap(), "r9@a detected 01");
    let Outcome::Event(draft) = told.understood.outcomes.last().unwrap() else { panic!("held") };
    assert!(draft.canonical.contains(r#""severity":"high""#), "{}", draft.canonical);
}

#[test]
fn what_stays_open_is_seen_and_its_changes_lie_in_between() {
    let told = compare(
        &second_of_march(),
        &on_the_ninth(|items| {
            items[0].1.severity = Some(Severity::Critical);
            items[1].1.owner = Some("kim".to_owned());
            items[2].1.last = Some(day(2));
        }),
        &complete(9),
    );
    assert_eq!(
        events(&told),
        [
            "r1@a seen 09",
            "r1@a severity_changed 02..09",
            "r2@a seen 09",
            "r2@a assigned 02..09",
            "r4@c seen 09",
            "r5@a seen 09",
        ]
    );
    let Outcome::Event(changed) = &told.understood.outcomes[1] else { panic!("held") };
    assert!(changed.canonical.contains(r#""certainty":"inferred""#) && changed.to.as_deref() == Some("critical"));
    let handed_over = on_the_ninth(|items| items[1].1.owner = Some("lou".to_owned()));
    let later = compare(&told.standing, &handed_over, &complete(10));
    assert!(events(&later).contains(&"r2@a reassigned 09..10".to_owned()), "{:?}", events(&later));
}

#[test]
fn a_status_that_means_an_event_is_told_when_it_changes() {
    let status = |word: &str| {
        let word = word.to_owned();
        on_the_ninth(move |items| items[0].1.status = Some(word))
    };
    let mut scope = complete(10);
    scope.statuses.insert("Triaged".to_owned(), "triaged".to_owned());
    let before = compare(&second_of_march(), &status("New"), &complete(9)).standing;
    assert_eq!(events(&compare(&before, &status("TRIAGED"), &scope)), ["r1@a triaged 09..10"]);
    assert!(compare(&before, &status("Parked"), &scope).understood.outcomes.is_empty());
}

#[test]
fn what_the_scanner_saw_fixed_is_fixed_and_verified_by_its_date() {
    let fixed = |items: &mut Vec<(&str, Sighting)>| {
        items[0].1 = Sighting { state: State::Closed, ended: Some(day(6)), ..open(4) };
        items[1].1 = Sighting { state: State::Closed, last: None, ..open(2) };
    };
    let told = compare(&second_of_march(), &on_the_ninth(fixed), &complete(9));
    assert_eq!(events(&told)[..3], ["r1@a fix_applied 04..06", "r1@a verified 06", "r2@a closed 02..09"]);
    assert_eq!(met(&told), ["no_closing_date"]);
}

/// One of five items is gone: no more than a fifth.
#[test]
fn absence_is_a_fix_only_where_it_is_proven() {
    let without = |place: usize| {
        on_the_ninth(move |items| {
            items.remove(place);
        })
    };
    let told = compare(&second_of_march(), &without(0), &complete(9));
    assert_eq!(events(&told)[..2], ["r1@a fix_applied 02..09", "r1@a verified 09"]);
    let Outcome::Event(verified) = &told.understood.outcomes[1] else { panic!("held") };
    for part in [r#""method":"rescan""#, r#""actor":"scanner""#, r#""actor_type":"system""#] {
        assert!(verified.canonical.contains(part), "{}", verified.canonical);
    }
    let unproven = |present: &Snapshot, scope: &Scope| {
        let told = compare(&second_of_march(), present, scope);
        assert!(!events(&told).iter().any(|event| event.contains("fix_applied")), "{:?}", events(&told));
        assert_eq!(met(&told), ["absence_unproven"]);
        assert!(told.standing.items.values().all(|stand| stand.open), "it stays open");
    };
    unproven(&without(0), &Scope { complete: false, ..complete(9) });
    // Nothing else lies on asset `b`, so nobody knows whether it was looked at.
    unproven(&without(2), &complete(9));
    let mut scope = complete(9);
    scope.scanned.insert("b".to_owned(), day(8));
    assert_eq!(
        events(&compare(&second_of_march(), &without(2), &scope))[2..4],
        ["r3@b fix_applied 02..09", "r3@b verified 09"]
    );
    // A row that could not be read may be the one that is missed.
    let mut unread = without(0);
    unread.unread = 1;
    unproven(&unread, &complete(9));
}

#[test]
fn a_check_that_is_switched_off_proves_nothing() {
    let named = |sighting: Sighting| Sighting { weakness: Some("r1".to_owned()), ..sighting };
    let before = snapshot(&[
        ("r1@a", named(open(2))),
        ("r2@a", open(2)),
        ("r3@a", open(2)),
        ("r4@a", open(2)),
        ("r5@a", open(2)),
    ]);
    let before = compare(&Standing::default(), &before, &Scope::at(day(2))).standing;
    let after = snapshot(&[("r2@a", open(9)), ("r3@a", open(9)), ("r4@a", open(9)), ("r5@a", open(9))]);
    assert_eq!(events(&compare(&before, &after, &complete(9)))[0], "r1@a fix_applied 02..09");
    let mut scope = complete(9);
    scope.inactive.insert("r1".to_owned());
    assert_eq!(met(&compare(&before, &after, &scope)), ["absence_unproven"]);
}

#[test]
fn what_was_over_and_is_seen_again_is_detected_again() {
    let gone = on_the_ninth(|items| {
        items.remove(0);
    });
    let over = compare(&second_of_march(), &gone, &complete(9)).standing;
    assert!(!over.items["r1@a"].open);
    let back = on_the_ninth(|items| items[0].1 = open(11));
    assert_eq!(events(&compare(&over, &back, &complete(12))), ["r1@a redetected 11"]);
    let undated = on_the_ninth(|items| items[0].1 = Sighting { last: None, ..open(2) });
    assert_eq!(events(&compare(&over, &undated, &complete(12))), ["r1@a redetected 09..12"]);
}

#[test]
fn where_too_much_is_gone_at_once_all_of_it_is_held_for_a_person() {
    let gone = on_the_ninth(|items| {
        items.truncate(3);
    });
    let told = compare(&second_of_march(), &gone, &complete(9));
    assert_eq!((events(&told), met(&told)), (vec!["held mass_absence".to_owned()], vec!["mass_absence"]));
    assert_eq!(told.standing, second_of_march(), "nothing was concluded");
    let taken = Scope { mass_absence_taken: true, ..complete(9) };
    let told = compare(&second_of_march(), &gone, &taken);
    assert!(events(&told).contains(&"r5@a verified 09".to_owned()), "{:?}", events(&told));
    // Where a snapshot leaves things out, absence says nothing and needs nobody.
    let partial = compare(&second_of_march(), &gone, &Scope::at(day(9)));
    assert_eq!(met(&partial), ["absence_unproven", "absence_unproven"]);
}

/// A report of asset `a` alone says nothing of the others, however many they are.
#[test]
fn nothing_is_concluded_about_assets_outside_the_scope() {
    let present = on_the_ninth(|items| items.retain(|(item, _)| item.ends_with("@a")));
    let whole = compare(&second_of_march(), &present, &complete(9));
    assert_eq!(met(&whole), ["mass_absence"]);
    let part = Scope { assets: Some(["a".to_owned()].into()), ..complete(9) };
    let told = compare(&second_of_march(), &present, &part);
    assert!(met(&told).is_empty() && told.standing.items["r3@b"].open, "{told:?}");
    assert_eq!(events(&told), ["r1@a seen 09", "r2@a seen 09", "r5@a seen 09"]);
}

#[test]
fn an_older_snapshot_changes_nothing() {
    let told = compare(&second_of_march(), &snapshot(&[]), &complete(1));
    assert_eq!((told.understood.outcomes.len(), told.understood.no_event.len()), (0, 1));
    assert_eq!(told.standing, second_of_march());
}

fn rows(name: &str, settings: &Settings, file: &str) -> Snapshot {
    let mut foreign = Foreign::open(file.as_bytes(), Adapter::named(name).unwrap(), settings).unwrap();
    let mut snapshot = Snapshot::default();
    while let Some(record) = foreign.next_record().unwrap() {
        snapshot.add(&record.understood);
    }
    snapshot
}

const HEADER: &str = "Plugin ID,Host,Severity,Vulnerability State,First Found,Last Found,Last Fixed";

/// The rows tell their own ends; only what they cannot know is added.
#[test]
fn rows_of_a_file_become_a_snapshot_and_are_not_told_twice() {
    let file = |rows: &[&str]| format!("{HEADER}\n{}\n", rows.join("\n"));
    let monday = file(&[
        "1,a,High,Active,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,",
        "2,a,High,Active,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,",
        "3,a,High,Active,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,",
    ]);
    let monday = rows("tenable-csv", &Settings::default(), &monday);
    assert_eq!((monday.sightings.len(), monday.unread), (3, 0));
    let before = compare(&Standing::default(), &monday, &complete(2)).standing;
    assert_eq!((before.items["1@a"].open, before.items["1@a"].severity), (true, Some(Severity::High)));
    let friday = file(&[
        "1,a,High,Fixed,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,2026-03-05T00:00:00Z",
        "2,a,Critical,Active,2026-03-01T00:00:00Z,2026-03-06T00:00:00Z,",
        "3,a,High,Fixed,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,1999-03-05T00:00:00Z",
    ]);
    let friday = rows("tenable-csv", &Settings::default(), &friday);
    let told = compare(&before, &friday, &complete(6));
    assert_eq!(events(&told), ["2@a severity_changed 02..06"]);
    let open: Vec<bool> = told.standing.items.values().map(|stand| stand.open).collect();
    // The third one's end cannot be believed, so it is no end.
    assert_eq!(open, [false, true, true]);
}

#[test]
fn an_opening_that_is_known_is_told_by_its_item_and_moment() {
    let file = format!("{HEADER}\n1,a,Low,Active,2026-03-01T00:00:00Z,,\n2,a,Low,Active,2026-03-04T00:00:00Z,,\n");
    let adapter = Adapter::named("tenable-csv").unwrap();
    let mut foreign = Foreign::open(file.as_bytes(), adapter, &Settings::default()).unwrap();
    let mut known = second_of_march();
    known.items.insert("1@a".to_owned(), known.items["r1@a"].clone());
    let mut found = Vec::new();
    while let Some(record) = foreign.next_record().unwrap() {
        for outcome in &record.understood.outcomes {
            let Outcome::Event(draft) = outcome else { panic!("held") };
            found.push(known.is_known_opening(draft));
        }
    }
    assert_eq!(found, [true, false]);
}

/// A finding that is now below the scope is held, and its row still shows that it is there.
#[test]
fn a_row_that_is_held_is_no_absence() {
    let file = |severity: &str| format!("{HEADER}\n1,a,{severity},Active,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,\n");
    let before = compare(&Standing::default(), &rows("tenable-csv", &Settings::default(), &file("Low")), &complete(2));
    let info = rows("tenable-csv", &Settings::default(), &file("Info"));
    assert_eq!((info.unread, info.sightings["1@a"].state), (0, State::Doubtful));
    let told = compare(&before.standing, &info, &complete(9));
    assert!(told.understood.outcomes.is_empty() && told.standing.items["1@a"].open, "{told:?}");
    let nameless = format!("{HEADER}\n1,,Low,Active,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,\n");
    assert_eq!(rows("tenable-csv", &Settings::default(), &nameless).unread, 1);
}

#[test]
fn a_standing_is_small_and_stays_itself_as_json() {
    let text = serde_json::to_string(&second_of_march()).unwrap();
    assert!(text.contains(r#""r1@a":{"open":true,"first":1772323200,"last":1772409600,"severity":"high"}"#), "{text}");
    assert_eq!(serde_json::from_str::<Standing>(&text).unwrap(), second_of_march());
}

fn any_sighting() -> impl Strategy<Value = Sighting> {
    let state = prop_oneof![Just(State::Open), Just(State::Closed), Just(State::Doubtful)];
    let days = || prop::option::of((1_i64..20).prop_map(day));
    let severity = prop::option::of(prop::sample::select(Severity::ALL.to_vec()));
    let owner = prop::option::of("[a-c]");
    (state, days(), days(), days(), severity, owner).prop_map(|(state, first, last, ended, severity, owner)| Sighting {
        state,
        first,
        last,
        ended,
        severity,
        owner,
        ..Sighting::default()
    })
}

fn any_rows() -> impl Strategy<Value = Vec<(&'static str, Sighting)>> {
    let item = prop::sample::select(vec!["r1@a", "r2@a", "r3@b", "r4@b", "r5@c", "r6@c", "r7"]);
    prop::collection::vec((item, any_sighting()), 0..12)
}

proptest! {
    #[test]
    fn the_same_snapshot_twice_says_nothing_new(one in any_rows(), other in any_rows(), of in 21_i64..30) {
        let taken = Scope { mass_absence_taken: true, ..complete(of) };
        let first = compare(&Standing::default(), &snapshot(&one), &complete(20));
        let second = compare(&first.standing, &snapshot(&other), &taken);
        let again = compare(&second.standing, &snapshot(&other), &taken);
        prop_assert_eq!(&again.understood.outcomes, &Vec::new());
        prop_assert_eq!(&again.standing, &second.standing);
        let later = compare(&second.standing, &snapshot(&other), &Scope { taken_at: day(40), ..taken });
        prop_assert_eq!(&later.understood.outcomes, &Vec::new());
        prop_assert_eq!(&later.standing.items, &second.standing.items);
    }

    #[test]
    fn the_order_of_rows_does_not_matter(one in any_rows(), mut other in any_rows(), by in 0_usize..12) {
        let before = compare(&Standing::default(), &snapshot(&one), &complete(20)).standing;
        let straight = compare(&before, &snapshot(&other), &complete(25));
        let by = by.min(other.len());
        other.rotate_left(by);
        other.reverse();
        prop_assert_eq!(compare(&before, &snapshot(&other), &complete(25)), straight);
    }

    /// Every event of a difference is one that can be put on a timeline.
    #[test]
    fn nothing_but_mass_absence_is_held(one in any_rows(), other in any_rows()) {
        let before = compare(&Standing::default(), &snapshot(&one), &complete(20)).standing;
        let told = compare(&before, &snapshot(&other), &complete(25));
        let held = told.understood.outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Held(_))).count();
        prop_assert_eq!(held, usize::from(met(&told).contains(&"mass_absence")));
    }
}
