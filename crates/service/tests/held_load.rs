//! Ten thousand held lines released by one decision: all counts add up, and readers are answered meanwhile, on both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use domain::time::Timestamp;
use service::{
    FIRST_ORG,
    authorise::Caller,
    identity::record::Origin,
    ingest::{Chosen, LINES_PER_ACT_MAX, ManyAct},
    question::quality::{ActState, HeldFilter, QualityAsk},
};
use store::batches::Counts;
use support::{Desk, NOW};

const LINES: u64 = LINES_PER_ACT_MAX as u64;

/// So many lines of a moment that has not come yet, on a thousand items.
fn early(lines: u64) -> String {
    let at = Timestamp::from_seconds(NOW + 1_000);
    (0..lines)
        .map(|line| {
            format!(
                "{{\"id\":\"e{line}\",\"item_id\":\"rule@host-{}\",\"event\":\"seen\",\"at\":\"{at}\"}}\n",
                line % 1_000
            )
        })
        .collect()
}

on_both_engines! {
    async fn ten_thousand_lines_are_released_while_readers_are_answered(place) {
        let desk = Desk::open(place).await;
        let summary = desk.import(&early(LINES)).await;
        assert_eq!(summary.counts, Counts { received: LINES, accepted: 0, duplicate: 0, quarantined: LINES });
        desk.set_clock(NOW + 2_000);
        let caller = Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW + 2_000));
        let all = Chosen::Matching { filter: HeldFilter::default(), up_to: None };
        let begun = desk.services.begin_many(&desk.granted(), &Origin::default(), "k", &all, ManyAct::Release).await.unwrap();
        let work = tokio::spawn(begun.work.unwrap().run());
        let (mut answers, mut last) = (0_u64, LINES);
        let mut between = false;
        while !work.is_finished() {
            let quality = desk.services.quality(&caller, &QualityAsk { act: Some(begun.id), ..QualityAsk::default() }).await.unwrap();
            assert!(quality.matching <= last, "a reader never sees lines come back");
            let act = quality.act.unwrap();
            assert!(act.counts.accepted <= LINES - quality.matching, "no more is written down than was done");
            between |= quality.matching > 0 && quality.matching < LINES;
            (answers, last) = (answers + 1, quality.matching);
            tokio::task::yield_now().await;
        }
        work.await.unwrap().unwrap();
        assert!(answers > 0 && between, "{answers} answers");
        let ask = QualityAsk { act: Some(begun.id), ..QualityAsk::default() };
        let quality = desk.services.quality(&caller, &ask).await.unwrap();
        let act = quality.act.unwrap();
        assert_eq!((act.state, act.counts.accepted, act.counts.duplicate, act.counts.kept), (ActState::Done, LINES, 0, 0));
        assert_eq!(quality.matching, 0);
        let granted = desk.granted::<service::authorise::proof::ImportsWrite>();
        let import = desk.services.import_of(&granted, summary.id).await.unwrap();
        assert_eq!(import.counts, Counts { received: LINES, accepted: LINES, duplicate: 0, quarantined: 0 });
        let report = desk.verify().await;
        assert_eq!((report.differences, report.events, report.items), (Vec::new(), LINES, 1_000));
    }
}
