//! Many held lines at once: what is foreseen is what happens, whatever cannot go stays held, and the ledger still adds up,
//! on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{id::QuarantineId, quarantine::Reason, time::Timestamp, view::View};
use formats::mend::{Mend, Where};
use service::{
    FIRST_ORG, ServiceError,
    authorise::{Caller, Granted, Object, authorise, proof},
    identity::{
        record::Origin,
        role::{Role, Standing},
    },
    ingest::{Chosen, Fate, Foreseen, ManyAct, StoredAct},
    question::{
        ask::Ask,
        quality::{ActState, HeldFilter, QualityAsk},
    },
};
use store::batches::Counts;
use support::{Desk, NOW, refusal};

fn operator() -> Caller {
    Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW))
}

/// Twelve faulty lines: eight times without an offset (one of them in an hour that Madrid skipped, two of them the same
/// event), two severities below low, one unknown word, one that is no JSON; and one good line, which a naive line tells
/// again.
fn faulty() -> String {
    let mut text = String::new();
    let mut naive = |id: &str, at: &str, rest: &str| {
        text.push_str(&format!(
            "{{\"id\":\"{id}\",\"item_id\":\"{id}@host\",\"event\":\"detected\",\"at\":\"{at}\"{rest}}}\n"
        ));
    };
    for number in 1..=4 {
        naive(&format!("n{number}"), &format!("2026-03-0{number} 10:00:00"), "");
    }
    naive("gap", "2026-03-29 02:30:00", "");
    naive("twin", "2026-03-05 10:00:00", "");
    naive("twin", "2026-03-05 10:00", "");
    naive("good", "2026-03-06 10:00:00", "");
    naive("low1", "2026-03-07T10:00:00Z", ",\"severity\":\"info\"");
    naive("low2", "2026-03-07T11:00:00Z", ",\"severity\":\"none\"");
    naive("good", "2026-03-06T09:00:00Z", "");
    text.push_str(
        "{\"id\":\"w\",\"item_id\":\"w@host\",\"event\":\"done\",\"at\":\"2026-03-08T10:00:00Z\"}\nno json\n",
    );
    text
}

fn all() -> Chosen {
    Chosen::Matching { filter: HeldFilter::default(), up_to: None }
}

fn because(reason: Reason) -> Chosen {
    Chosen::Matching { filter: HeldFilter { reason: Some(reason), ..HeldFilter::default() }, up_to: None }
}

fn madrid() -> ManyAct {
    ManyAct::Mend(Mend::Zone("Europe/Madrid".to_owned()))
}

async fn foresee(desk: &Desk, chosen: &Chosen, act: &ManyAct) -> Foreseen {
    desk.services.foresee_many(&desk.granted(), chosen, act).await.unwrap()
}

async fn decide(desk: &Desk, key: &str, chosen: &Chosen, act: ManyAct) -> StoredAct {
    let begun = desk.services.begin_many(&desk.granted(), &Origin::default(), key, chosen, act).await.unwrap();
    if let Some(work) = begun.work {
        work.run().await.unwrap();
    }
    let ask = QualityAsk { act: Some(begun.id), ..QualityAsk::default() };
    desk.services.quality(&operator(), &ask).await.unwrap().act.unwrap()
}

async fn held(desk: &Desk) -> u64 {
    let quality = desk.services.quality(&operator(), &QualityAsk::default()).await.unwrap();
    assert_eq!(quality.matching, quality.groups.iter().map(|group| group.lines).sum::<u64>());
    quality.matching
}

fn kept(act: &StoredAct) -> Vec<(String, u64)> {
    let kept: Vec<serde_json::Value> = serde_json::from_str(&act.counts.why_kept).unwrap();
    kept.iter().map(|one| (one["code"].as_str().unwrap().to_owned(), one["lines"].as_u64().unwrap())).collect()
}

on_both_engines! {
    async fn what_is_foreseen_is_what_happens_and_the_ledger_adds_up(place) {
        let desk = Desk::open(place).await;
        let summary = desk.import(&faulty()).await;
        assert_eq!(summary.counts, Counts { received: 13, accepted: 1, duplicate: 0, quarantined: 12 });
        let (chosen, act) = (because(Reason::NaiveTime), madrid());
        let foreseen = foresee(&desk, &chosen, &act).await;
        assert_eq!((foreseen.chosen, foreseen.accepted, foreseen.duplicate), (8, 5, 2), "{foreseen:?}");
        assert_eq!(foreseen.kept.iter().map(|kept| (kept.code.as_str(), kept.lines)).collect::<Vec<_>>(), [("dst_gap", 1)]);
        assert_eq!(foreseen.examples[0].fate, Fate::Accepted);
        assert!(foreseen.examples[0].after.as_ref().unwrap().windows(9).any(|part| part == b"T09:00:00"));
        assert_eq!(held(&desk).await, 12, "looking changes nothing");
        let done = decide(&desk, "k1", &chosen, act).await;
        let counts = &done.counts;
        assert_eq!((done.state, done.chosen), (ActState::Done, 8));
        assert_eq!((counts.accepted, counts.duplicate, counts.dismissed, counts.kept), (5, 2, 0, 1));
        assert_eq!(kept(&done), [("dst_gap".to_owned(), 1)]);
        assert_eq!(held(&desk).await, 5);
        let ledger = desk.services.sources(&operator()).await.unwrap();
        assert_eq!(ledger.ledger.received, 13, "a release is not received again");
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn the_same_form_acts_once(place) {
        let desk = Desk::open(place).await;
        desk.import(&faulty()).await;
        let first = decide(&desk, "k1", &because(Reason::NaiveTime), madrid()).await;
        let again = decide(&desk, "k1", &all(), ManyAct::Dismiss("all".to_owned())).await;
        assert_eq!(first, again);
        assert_eq!(held(&desk).await, 5);
        let other = decide(&desk, "k2", &all(), ManyAct::Dismiss("not ours".to_owned())).await;
        assert_eq!((other.id, other.counts.dismissed, held(&desk).await), (2, 5, 0));
    }

    async fn words_are_set_low_is_taken_and_the_rest_says_why_it_stays(place) {
        let desk = Desk::open(place).await;
        desk.import(&faulty()).await;
        let set = Mend::Set { field: "event".to_owned(), value: "closed".to_owned(), when: Where::Holds("done".to_owned()) };
        let done = decide(&desk, "k1", &all(), ManyAct::Mend(set)).await;
        assert_eq!((done.counts.accepted, done.counts.kept), (1, 11));
        assert_eq!(kept(&done), [("not_touched".to_owned(), 10), ("unreadable".to_owned(), 1)]);
        let low = decide(&desk, "k2", &because(Reason::BelowScope), ManyAct::Mend(Mend::AsLow)).await;
        assert_eq!((low.counts.accepted, low.counts.kept), (2, 0));
        let as_is = decide(&desk, "k3", &all(), ManyAct::Release).await;
        assert_eq!((as_is.counts.accepted, as_is.counts.kept), (0, 9));
        assert_eq!(held(&desk).await, 9, "what cannot go stays held");
    }

    async fn ticked_lines_alone_are_decided_about_and_later_lines_are_not(place) {
        let desk = Desk::open(place).await;
        desk.import(&faulty()).await;
        let lines = [2, 1, 2, 99].map(QuarantineId::from_row).to_vec();
        let ticked = decide(&desk, "k1", &Chosen::Lines(lines), ManyAct::Dismiss("two".to_owned())).await;
        assert_eq!((ticked.chosen, ticked.counts.dismissed), (3, 2));
        assert_eq!(kept(&ticked), [("not_found".to_owned(), 1)]);
        let up_to = foresee(&desk, &all(), &ManyAct::Release).await.up_to;
        desk.import("{\"later\":1}\n").await;
        let seen = Chosen::Matching { filter: HeldFilter::default(), up_to: Some(up_to) };
        let shown = decide(&desk, "k2", &seen, ManyAct::Dismiss("shown".to_owned())).await;
        assert_eq!((shown.chosen, held(&desk).await), (10, 1), "what came later was not shown");
        let again = decide(&desk, "k3", &Chosen::Lines(vec![QuarantineId::from_row(1)]), ManyAct::Release).await;
        assert_eq!(kept(&again), [("already_settled".to_owned(), 1)]);
    }

    async fn a_decision_that_cannot_be_followed_is_refused_before_anything_is_done(place) {
        let desk = Desk::open(place).await;
        desk.import(&faulty()).await;
        let granted = desk.granted();
        let origin = Origin::default();
        for (key, chosen, act, code) in [
            ("k1", all(), ManyAct::Dismiss(" ".to_owned()), "missing_field"),
            ("k1", all(), ManyAct::Mend(Mend::Zone("Mars".to_owned())), "bad_parameter"),
            ("k1", Chosen::Lines(Vec::new()), ManyAct::Release, "nothing_chosen"),
            ("k1", because(Reason::Future), ManyAct::Release, "nothing_chosen"),
            ("", all(), ManyAct::Release, "missing_field"),
        ] {
            let outcome = desk.services.begin_many(&granted, &origin, key, &chosen, act).await;
            assert_eq!(refusal(outcome.map(|begun| begun.id)), code);
        }
        let many = Chosen::Lines((1..=10_001).map(QuarantineId::from_row).collect());
        assert_eq!(refusal(desk.services.foresee_many(&granted, &many, &ManyAct::Release).await), "too_many_lines");
        assert_eq!(held(&desk).await, 12);
    }

    async fn whoever_is_held_to_teams_sees_no_line_and_decides_about_none(place) {
        let desk = Desk::open(place).await;
        desk.import(&faulty()).await;
        let standing = Standing { teams: vec!["Cloud".to_owned()], ..Standing::active(Role::Analyst) };
        let now = Timestamp::from_seconds(NOW);
        let lead = Caller::person(FIRST_ORG, domain::id::PersonId::from_row(7), standing, now);
        let searched = QualityAsk {
            filter: HeldFilter { text: Some("gap".to_owned()), ..HeldFilter::default() },
            ..QualityAsk::default()
        };
        let quality = desk.services.quality(&lead, &searched).await.unwrap();
        assert_eq!((quality.lines.len(), quality.matching), (0, 12), "a search would tell what stands in the lines");
        assert!(!quality.may_see_lines && !quality.may_decide && quality.imports.is_empty());
        let file = desk.services.held_lines_of(&lead, &HeldFilter::default()).await;
        assert!(matches!(file, Err(ServiceError::NotAllowed(_))), "{file:?}");
        let granted: Granted<proof::QuarantineWork> = authorise(&lead, Object::OwnOrg).unwrap();
        let foreseen = desk.services.foresee_many(&granted, &all(), &ManyAct::Release).await;
        assert!(matches!(foreseen, Err(ServiceError::NotAllowed(_))), "{foreseen:?}");
        let whole = desk.services.held_lines_of(&operator(), &HeldFilter::default()).await.unwrap();
        assert_eq!(whole.len(), 12);
    }

    async fn flags_count_their_items_and_feeds_know_their_age(place) {
        let desk = Desk::open(place).await;
        desk.import(&faulty()).await;
        desk.send("{\"item_id\":\"s@host\",\"event\":\"seen\",\"at\":\"2026-03-08T10:00:00Z\"}\n").await;
        let evidence = desk.services.evidence(&operator(), &Ask::default()).await.unwrap();
        let flag = |word: &str| {
            let found = evidence.flags.iter().find(|one| one.flag.as_str() == word);
            found.map(|one| (one.items, one.times))
        };
        assert_eq!((evidence.items, flag("origin_imputed"), flag("ignored_close")), (2, Some((1, 1)), None));
        assert_eq!(evidence.guards.len(), 6);
        let later = Timestamp::from_seconds(NOW + 8 * 86_400);
        let view = View { as_of: later, known_at: later, observed_from: Timestamp::from_seconds(0) };
        let ages = desk.services.source_ages(&operator(), &view).await.unwrap();
        assert_eq!((ages.len(), ages[0].source.as_str(), ages[0].silent_seconds), (1, "scanner", 8 * 86_400));
        assert_eq!((ages[0].is_unusual, ages[0].usual_gap_seconds), (true, None));
        assert_eq!(ages[0].last_event, Some(Timestamp::parse("2026-03-08T10:00:00Z").unwrap()));
    }
}
