//! How old is what each source told, whoever told of its items first, whatever stops to count, and whether it was news?
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{
    id::ImportId,
    time::{DAY_SECONDS, Timestamp},
    view::View,
};
use service::{
    FIRST_ORG,
    authorise::{Caller, proof},
    identity::record::Origin,
    ingest::{Delivery, Push, Pushed, SendEvents},
    question::quality::QualityAsk,
    webhook::Kind,
};
use std::collections::BTreeMap;
use support::{Desk, NOW, line};

const JIRA: &str = include_str!("../../formats/tests/foreign/pushes/jira_updated.json");
const DAY: i64 = DAY_SECONDS;

fn operator() -> Caller {
    Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW))
}

/// The last event of each source in a view that ends and knows at these moments.
async fn last_events(desk: &Desk, as_of: i64, known_at: i64) -> Vec<(String, Option<i64>)> {
    let at = Timestamp::from_seconds;
    let view = View { as_of: at(as_of), known_at: at(known_at), observed_from: at(0) };
    let mut ages = desk.services.source_ages(&operator(), &view).await.unwrap();
    ages.sort_by(|one, other| one.source.cmp(&other.source));
    ages.into_iter().map(|age| (age.source, age.last_event.map(|last| last.seconds() - NOW))).collect()
}

fn told(pairs: &[(&str, Option<i64>)]) -> Vec<(String, Option<i64>)> {
    pairs.iter().map(|(source, last)| ((*source).to_owned(), *last)).collect()
}

async fn send(desk: &Desk, source: &str, lines: &[String]) {
    desk.try_send(SendEvents::new(source, lines.concat().into_bytes())).await.unwrap();
}

async fn push(desk: &Desk, body: &str, id: &str) -> Pushed {
    let push = Push {
        source: "jira".to_owned(),
        kind: Kind::Jira,
        body: body.as_bytes().to_vec(),
        encoding: None,
        attributes: BTreeMap::new(),
        delivery: (!id.is_empty()).then(|| Delivery { id: id.to_owned(), is_signed: false }),
        origin: Origin::default(),
    };
    desk.services.push(&desk.granted::<proof::EventsWrite>(), push).await.unwrap()
}

on_both_engines! {
    async fn each_source_has_the_last_event_it_told_of_itself(place) {
        let desk = Desk::open(place).await;
        send(&desk, "scanner", &[line("a", "item-1", "detected", NOW - 9 * DAY), line("b", "item-1", "seen", NOW - 8 * DAY)])
            .await;
        desk.set_clock(NOW + 100);
        send(&desk, "jira", &[line("c", "item-1", "ticketed", NOW - 7 * DAY), line("d", "item-1", "triaged", NOW - 2 * DAY)])
            .await;
        let all = told(&[("jira", Some(-2 * DAY)), ("scanner", Some(-8 * DAY))]);
        assert_eq!(last_events(&desk, NOW + 200, NOW + 200).await, all, "scanner told of the item first");
        let before = told(&[("jira", Some(-7 * DAY)), ("scanner", Some(-8 * DAY))]);
        assert_eq!(last_events(&desk, NOW - 2 * DAY, NOW + 200).await, before, "the end of a view is not part of it");
        let unknown = told(&[("jira", None), ("scanner", Some(-8 * DAY))]);
        assert_eq!(last_events(&desk, NOW + 200, NOW + 99).await, unknown, "nothing of jira was known");
        let page = desk.services.sources(&operator()).await.unwrap();
        let seen: Vec<_> = page.sources.iter().map(|one| (one.name.as_str(), one.last_event.unwrap().seconds() - NOW, one.items)).collect();
        assert_eq!(seen, [("jira", -2 * DAY, 0), ("scanner", -8 * DAY, 1)]);
    }

    async fn an_import_that_is_taken_back_tells_of_nothing_any_more(place) {
        let desk = Desk::open(place).await;
        send(&desk, "scanner", &[line("a", "item-1", "detected", NOW - 9 * DAY)]).await;
        desk.set_clock(NOW + 100);
        desk.import(&line("b", "item-1", "seen", NOW - 3 * DAY)).await;
        assert_eq!(last_events(&desk, NOW + 900, NOW + 900).await, told(&[("scanner", Some(-3 * DAY))]));
        desk.set_clock(NOW + 200);
        let granted = desk.granted::<proof::ImportsWithdraw>();
        desk.services.withdraw_import(&granted, &Origin::default(), ImportId::from_row(1)).await.unwrap();
        assert_eq!(last_events(&desk, NOW + 900, NOW + 900).await, told(&[("scanner", Some(-9 * DAY))]));
        assert_eq!(last_events(&desk, NOW + 900, NOW + 150).await, told(&[("scanner", Some(-3 * DAY))]), "what was known");
    }

    async fn an_event_that_lost_its_place_is_not_the_last_one(place) {
        let desk = Desk::open(place).await;
        let carried = |at: i64, received: i64| {
            let received = format!(",\"received_at\":\"{}\"}}", Timestamp::from_seconds(received));
            line("a", "item-1", "detected", at).replace('}', &received)
        };
        desk.send_carried(&carried(NOW - 2 * DAY, NOW - DAY)).await;
        assert_eq!(last_events(&desk, NOW + 900, NOW + 900).await, told(&[("scanner", Some(-2 * DAY))]));
        desk.send_carried(&carried(NOW - 5 * DAY, NOW - 4 * DAY)).await;
        assert_eq!(last_events(&desk, NOW + 900, NOW + 900).await, told(&[("scanner", Some(-5 * DAY))]));
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }

    async fn the_rules_of_pushes_are_counted_once_and_added_to_those_of_imports(place) {
        let desk = Desk::open(place).await;
        let first = push(&desk, JIRA, "d1").await;
        let (rule, met) = first.notes.met.first_key_value().unwrap();
        assert!(met.count > 0 && first.receipt.accepted > 0, "{:?}", first.notes);
        assert!(push(&desk, JIRA, "d1").await.came_before);
        let quality = desk.services.quality(&operator(), &QualityAsk::default()).await.unwrap();
        assert_eq!((quality.rules.pushes, quality.rules.received), (1, first.receipt.received), "told again changes nothing");
        assert_eq!(quality.rules.rules[rule].count, met.count);
        assert_eq!(quality.rules.rules[rule].by_source["jira"], met.count);
        push(&desk, JIRA, "d2").await;
        let quality = desk.services.quality(&operator(), &QualityAsk::default()).await.unwrap();
        assert_eq!((quality.rules.pushes, quality.rules.rules[rule].count), (2, 2 * met.count));
        let midnight = Timestamp::from_seconds(NOW - NOW % DAY);
        for (from, before, pushes) in [(midnight, midnight.plus(DAY), 2), (midnight.plus(DAY), midnight.plus(2 * DAY), 0)] {
            let ask = QualityAsk { from: Some(from), before: Some(before), ..QualityAsk::default() };
            assert_eq!(desk.services.quality(&operator(), &ask).await.unwrap().rules.pushes, pushes);
        }
    }

    async fn a_push_without_news_is_heard(place) {
        let desk = Desk::open(place).await;
        push(&desk, JIRA, "d1").await;
        let revision = desk.services.present_moment(FIRST_ORG).await.unwrap().revision;
        desk.set_clock(NOW + 6 * DAY);
        let comment = push(&desk, "{\"webhookEvent\":\"comment_created\"}", "d2").await;
        assert_eq!((comment.receipt.received, comment.notes.no_event["comment_created"]), (0, 1));
        let view = View { as_of: Timestamp::from_seconds(NOW + 8 * DAY), known_at: Timestamp::from_seconds(NOW + 8 * DAY), observed_from: Timestamp::from_seconds(0) };
        let ages = desk.services.source_ages(&operator(), &view).await.unwrap();
        let age = ages.first().unwrap();
        assert_eq!((age.silent_seconds, age.is_unusual), (2 * DAY, false));
        assert_eq!(desk.services.sources(&operator()).await.unwrap().sources[0].last_sent.seconds(), NOW + 6 * DAY);
        assert_eq!(desk.services.present_moment(FIRST_ORG).await.unwrap().revision, revision, "nothing was learnt");
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
    }
}
