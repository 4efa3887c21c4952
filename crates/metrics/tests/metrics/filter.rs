//! A filter narrows, every set is one question, and a list has as many items as its number says.

use crate::support::{POLICY, at, found, frame, item, straight, ten_items};
use domain::{
    event_name::EventName::{Closed, Detected, FixApplied, Redetected, Ticketed, Verified},
    fact::ItemFacts,
    kind::Kind,
    label::Label,
    severity::Severity,
    view::Verification::{self, Lenient, Strict},
};
use metrics::{
    flow::{Flow, age_bands::AgeBand},
    ledger::{Actor, Filter, ItemSet, ItemState, Ledger, kind_of},
    matured::on_time,
    sla::report_records,
};

/// The ids that pass, at day 100.
fn ids(ledger: &Ledger, filter: &Filter) -> String {
    ledger.select(filter, &frame(100)).iter().map(|item| &*item.id).collect()
}

fn ten(filter: &Filter) -> String {
    ids(&ten_items(), filter)
}

fn of_set(set: ItemSet, mode: Verification) -> String {
    ten(&Filter { set: Some(set), mode, ..Filter::default() })
}

#[test]
fn the_empty_filter_keeps_everything() {
    assert_eq!(ten(&Filter::default()), "abcdefghij");
}

#[test]
fn every_set_holds_the_items_of_the_story() {
    let told = [
        (ItemSet::StillOpen, "fghij"),
        (ItemSet::Reported, "abcdehi"),
        (ItemSet::ReportedMet, "abcdhi"),
        (ItemSet::ReportedLate, "e"),
        (ItemSet::Due, "abcdefghij"),
        (ItemSet::Kept, "abc"),
        (ItemSet::Broken, "defghij"),
        (ItemSet::Overdue, "fghij"),
        (ItemSet::NeverTouched, "fgj"),
        (ItemSet::Exempt, "h"),
        (ItemSet::Paused, ""),
        (ItemSet::Untracked, "j"),
        (ItemSet::SeenAgain, ""),
        (ItemSet::Excluded, ""),
        (ItemSet::Exploited, "ab"),
        (ItemSet::ExploitedDue, "ab"),
        (ItemSet::ExploitedMet, "a"),
        (ItemSet::OriginImputed, "j"),
        (ItemSet::Watched, "abcdefghij"),
        (ItemSet::ClockRuns, "fg"),
        (ItemSet::ShownInTime, ""),
        (ItemSet::ShownLate, "fg"),
        (ItemSet::ToolJudged, "abdi"),
        (ItemSet::ToolMet, "abd"),
        (ItemSet::ToolBreached, "i"),
        (ItemSet::ToolRunning, "f"),
    ];
    for (set, want) in told {
        assert_eq!(of_set(set, Strict), want, "{set:?}");
    }
}

#[test]
fn believing_closures_moves_items_between_sets_and_no_record() {
    assert_eq!(of_set(ItemSet::StillOpen, Lenient), "fghj");
    assert_eq!(of_set(ItemSet::Kept, Lenient), "abci");
    assert_eq!(of_set(ItemSet::Reported, Lenient), of_set(ItemSet::Reported, Strict));
}

#[test]
fn kept_and_broken_share_out_what_is_due() {
    for mode in [Strict, Lenient] {
        let mut both: Vec<char> = (of_set(ItemSet::Kept, mode) + &of_set(ItemSet::Broken, mode)).chars().collect();
        both.sort_unstable();
        assert_eq!(both.into_iter().collect::<String>(), of_set(ItemSet::Due, mode));
    }
}

/// Numbers elsewhere lead to lists here, so each must have exactly as many.
#[test]
fn a_list_has_as_many_items_as_its_number() {
    let (ledger, frame) = (ten_items(), frame(100));
    let facts: Vec<&ItemFacts> = ledger.facts().collect();
    for mode in [Strict, Lenient] {
        let size = |set| of_set(set, mode).len() as u64;
        let flow = Flow::of(&facts, &POLICY, &frame.view, mode);
        let promises = on_time(ledger.facts(), &POLICY, &frame.view, mode);
        assert_eq!(size(ItemSet::StillOpen), flow.open_now);
        assert_eq!(size(ItemSet::NeverTouched), flow.never_touched);
        assert_eq!((size(ItemSet::Kept), size(ItemSet::Due)), (promises.part(), promises.of()));
        for (band, count) in flow.age_bands.iter() {
            let listed = ten(&Filter { age: Some(band), mode, ..Filter::default() });
            assert_eq!(listed.len() as u64, count, "{band:?}");
        }
        let reported = facts.iter().filter(|facts| report_records(facts, &POLICY).count() > 0).count();
        assert_eq!(size(ItemSet::Reported), reported as u64);
    }
}

#[test]
fn states_share_out_all_items() {
    let of = |state, mode| ten(&Filter { state: Some(state), mode, ..Filter::default() });
    assert_eq!(of(ItemState::Open, Strict), "fghj");
    assert_eq!(of(ItemState::ClosedUnverified, Strict), "i");
    assert_eq!(of(ItemState::Ended, Strict), "abcde");
    assert_eq!(of(ItemState::ClosedUnverified, Lenient), "");
    assert_eq!(of(ItemState::Ended, Lenient), "abcdei");
}

#[test]
fn a_label_lists_whoever_spent_a_second_under_it() {
    let of = |label, mode| ten(&Filter { label: Some(label), mode, ..Filter::default() });
    assert_eq!(of(Label::Untracked, Strict), "ej");
    assert_eq!(of(Label::Paused, Strict), "d");
    assert_eq!(of(Label::Exception, Strict), "h");
    assert_eq!(of(Label::ClosedUnverified, Strict), "i");
    assert_eq!(of(Label::ClosedUnverified, Lenient), "", "it ended when it was closed");
    assert_eq!(of(Label::RecurrenceGap, Strict), "");
}

#[test]
fn an_age_asks_for_open_items_only() {
    assert_eq!(ten(&Filter { age: Some(AgeBand::Month), ..Filter::default() }), "f");
    assert_eq!(ten(&Filter { age: Some(AgeBand::Week), ..Filter::default() }), "", "a ended after two days");
}

fn varied() -> Ledger {
    Ledger::new(vec![
        item("Alpha").on(10, Detected).team("cloud").severity(Severity::High).build(),
        item("beta").on(20, Detected).team("core").class("kiosk").build(),
        found("gamma", 30).on(31, FixApplied).by_agent().on(31, Closed).on(31, Verified).build(),
        item("delta")
            .on(40, Detected)
            .with(|event| event.kind = Some("misconfig".into()))
            .on(40, Ticketed)
            .on(41, Closed)
            .on(42, Redetected)
            .build(),
    ])
}

#[test]
fn each_field_narrows_by_itself() {
    let ledger = varied();
    let check = |narrow: &dyn Fn(&mut Filter), want: &str| {
        let mut filter = Filter::default();
        narrow(&mut filter);
        assert_eq!(ids(&ledger, &filter), want, "{filter:?}");
    };
    check(&|filter| filter.team = Some("cloud".into()), "Alpha");
    check(&|filter| filter.team = Some(String::new()), "deltagamma");
    check(&|filter| filter.severity = Some(Severity::High), "Alpha");
    check(&|filter| filter.kind = Some(Kind::Misconfiguration), "delta");
    check(&|filter| filter.kind = Some(Kind::Vulnerability), "Alphabetagamma");
    check(&|filter| filter.asset_class = Some("kiosk".into()), "beta");
    check(&|filter| filter.actor = Some(Actor::Agent), "gamma");
    check(&|filter| filter.set = Some(ItemSet::SeenAgain), "delta");
    check(&|filter| filter.source = Some("scanner".into()), "Alphabetadeltagamma");
    check(&|filter| filter.source = Some("tickets".into()), "");
    check(&|filter| filter.detected_from = Some(at(30)), "deltagamma");
    check(&|filter| filter.detected_before = Some(at(20)), "Alpha");
}

#[test]
fn a_search_looks_at_names_whatever_their_case() {
    let ledger = varied();
    let found = |text: &str| ids(&ledger, &Filter { text: Some(text.into()), ..Filter::default() });
    assert_eq!(found("ALPHA"), "Alpha");
    assert_eq!(found("kiosk"), "beta");
    assert_eq!(found("cloud"), "Alpha");
    assert_eq!(found("nothing like it"), "");
}

#[test]
fn fields_given_together_must_all_hold() {
    let both = Filter { state: Some(ItemState::Open), set: Some(ItemSet::NeverTouched), ..Filter::default() };
    assert_eq!(ten(&both), "fgj");
    assert_eq!(ten(&Filter { label: Some(Label::Untracked), ..both }), "j");
}

#[test]
fn a_reader_held_to_own_teams_sees_no_other_and_no_teamless_item() {
    let ledger = varied();
    let held = |teams: &[&str]| Filter {
        teams_allowed: Some(teams.iter().map(|team| (*team).to_owned()).collect()),
        ..Filter::default()
    };
    assert_eq!(ids(&ledger, &held(&["core"])), "beta");
    assert_eq!(ids(&ledger, &held(&[])), "");
    assert_eq!(ids(&ledger, &Filter { team: Some("cloud".into()), ..held(&["core"]) }), "");
}

#[test]
fn an_unknown_kind_counts_as_a_vulnerability() {
    let odd = straight("a", 1, 2).with(|event| event.kind = Some("wormhole".into())).build();
    assert_eq!(kind_of(&odd.facts), Kind::Vulnerability);
}

#[test]
fn a_technique_finds_its_sub_techniques_and_a_playbook_its_items() {
    let tied = |id, technique: &'static str, playbook: &'static str| {
        item(id)
            .on(10, Detected)
            .with(|event| event.ties.techniques = vec![technique.into()])
            .with(|event| event.ties.playbook = Some(playbook.into()))
            .build()
    };
    let items = vec![tied("a", "T1078.004", "ransomware"), tied("b", "T10781", "phishing"), found("c", 10).build()];
    let ledger = Ledger::new(items);
    let technique = |word: &str| Filter { technique: Some(word.to_owned()), ..Filter::default() };
    assert_eq!(ids(&ledger, &technique("T1078")), "a", "T10781 is another technique");
    assert_eq!(ids(&ledger, &technique("T1078.004")), "a");
    assert_eq!(ids(&ledger, &technique("T1078.003")), "");
    let playbook = |word: &str| Filter { playbook: Some(word.to_owned()), ..Filter::default() };
    assert_eq!(ids(&ledger, &playbook("phishing")), "b");
    assert_eq!(ids(&ledger, &playbook("")), "c", "the empty text asks for items without one");
}
