//! The ticket tool's own verdict, from its update log through the import to the figure and the item, at any past date, on
//! both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

mod support;

use domain::{claim::Verdict, time::Timestamp};
use formats::foreign::{DateOrder, Settings};
use metrics::ledger::{Filter, ItemSet};
use service::{
    FIRST_ORG,
    authorise::{Caller, proof},
    identity::record::Origin,
    ingest::{AllowedSources, FileSaid, ImportInput, ImportOptions, ReceivedAt, SourcePlan},
    question::ask::Ask,
};
use std::sync::Arc;
use support::{Desk, NOW};

const HEADER: &str = "number,incident_state,made_sla,sys_mod_count,opened_at,sys_updated_by,sys_updated_at,priority,\
resolved_by,resolved_at,closed_at";
/// Enough items for a share to be shown, and those of them the tool calls breached in the end.
const INCIDENTS: usize = 12;
const LATE: usize = 9;

/// The updates of one incident. It waits for a day, so its promise of seven days ends on 8 March at 01:16; the tool resolves
/// it ten hours later, calls it met, and puts that right when it closes it, or never.
fn updates(number: usize) -> [String; 5] {
    let row = |update: usize, state: &str, made: bool, at: &str, end: &str| {
        format!("INC{number:02},{state},{made},{update},29/2/2016 01:16,Updated by 21,{at},1 - Critical,{end}")
    };
    let ended = "Ada,8/3/2016 11:29,13/3/2016 12:00";
    [
        row(0, "New", true, "29/2/2016 01:23", ",,"),
        row(1, "Awaiting User Info", true, "1/3/2016 09:00", ",,"),
        row(2, "Active", true, "2/3/2016 09:00", ",,"),
        row(3, "Resolved", true, "8/3/2016 11:29", ",,"),
        row(4, "Closed", number > LATE, "13/3/2016 12:00", ended),
    ]
}

fn log(rows_each: usize) -> String {
    let rows: Vec<String> = (1..=INCIDENTS).flat_map(|number| updates(number).into_iter().take(rows_each)).collect();
    format!("{HEADER}\r\n{}\r\n", rows.join("\r\n"))
}

async fn import(desk: &Desk, text: &str) {
    let settings = Settings { zone: Some("UTC".to_owned()), dates: Some(DateOrder::DayFirst), ..Settings::default() };
    let options = ImportOptions {
        name: "incidents.csv".into(),
        source: "tickets".into(),
        allowed: AllowedSources::Any,
        received_at: ReceivedAt::Stamped,
        encoding: None,
        plan: Some(SourcePlan { format: "servicenow".to_owned(), settings }),
        said: FileSaid::default(),
        origin: Origin::default(),
    };
    let input = ImportInput::Stream(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())));
    let done = desk.services.import(&desk.granted::<proof::ImportsWrite>(), input, options, Arc::new(|_| {})).await;
    assert_eq!(done.unwrap().counts.quarantined, 0);
}

fn caller() -> Caller {
    Caller::operator(FIRST_ORG, Timestamp::from_seconds(NOW))
}

fn ask(as_of: &str, known_at: Option<i64>) -> Ask {
    let known_at = known_at.map(Timestamp::from_seconds);
    Ask { as_of: Some(Timestamp::parse(as_of).unwrap()), known_at, ..Ask::default() }
}

/// Met, judged and still running by the tool's own word, and the share that is shown.
async fn claimed(desk: &Desk, ask: &Ask) -> (u64, u64, u64, Option<f64>) {
    let gap = desk.services.gap(&caller(), ask).await.unwrap();
    let judged = gap.verdicts.judged();
    for (set, size) in [
        (ItemSet::ToolMet, gap.verdicts.met),
        (ItemSet::ToolJudged, judged.of()),
        (ItemSet::ToolBreached, gap.verdicts.breached),
        (ItemSet::ToolRunning, gap.verdicts.running),
    ] {
        let narrowed = Ask { filter: Filter { set: Some(set), ..Filter::default() }, ..ask.clone() };
        assert_eq!(desk.services.gap(&caller(), &narrowed).await.unwrap().basis.items, size, "{set:?}");
    }
    (judged.part(), judged.of(), gap.verdicts.running, gap.claimed.value())
}

/// The tool's verdict on the first incident, and what our record of it says.
async fn item(desk: &Desk, ask: &Ask) -> (Option<Verdict>, Option<bool>) {
    let row = desk.services.item(&caller(), ask, "INC01").await.unwrap().detail.row;
    (row.claim.unwrap().verdict, row.reported.and_then(|reported| reported.met))
}

const RUNNING: &str = "2016-03-05T00:00:00Z";
const RESOLVED: &str = "2016-03-09T00:00:00Z";
const CLOSED: &str = "2016-03-14T00:00:00Z";

on_both_engines! {
    async fn an_update_log_gives_the_tool_its_own_verdict_at_any_past_date(place) {
        let desk = Desk::open(place).await;
        import(&desk, &log(5)).await;
        for (as_of, figure, verdict, ours) in [
            (RUNNING, (0, 0, 12, None), Verdict::Running, None),
            (RESOLVED, (12, 12, 0, Some(1.0)), Verdict::Met, Some(false)),
            (CLOSED, (3, 12, 0, Some(0.25)), Verdict::Breached, Some(false)),
        ] {
            assert_eq!(claimed(&desk, &ask(as_of, None)).await, figure, "{as_of}");
            assert_eq!(item(&desk, &ask(as_of, None)).await, (Some(verdict), ours), "{as_of}");
        }
        let now = claimed(&desk, &Ask::default()).await;
        assert_eq!(now, (3, 12, 0, Some(0.25)), "what lies in memory says what the log says");
        assert_eq!(desk.verify().await.differences, Vec::<String>::new());
        let desk = desk.reopened().await;
        assert_eq!(claimed(&desk, &Ask::default()).await, now, "and so do the stored facts");
    }

    async fn a_verdict_counts_from_when_it_was_learnt(place) {
        let desk = Desk::open(place).await;
        import(&desk, &log(4)).await;
        assert_eq!(claimed(&desk, &ask(CLOSED, None)).await.3, Some(1.0));
        desk.set_clock(NOW + 86_400);
        import(&desk, &log(5)).await;
        assert_eq!(claimed(&desk, &ask(CLOSED, None)).await.3, Some(0.25));
        assert_eq!(claimed(&desk, &ask(CLOSED, Some(NOW + 3_600))).await.3, Some(1.0), "nobody knew it then");
        assert_eq!(item(&desk, &ask(CLOSED, Some(NOW + 3_600))).await.0, Some(Verdict::Met));
    }

    async fn where_no_feed_carries_the_word_of_the_tool_there_is_none(place) {
        let desk = Desk::open(place).await;
        desk.send(&support::line("", "a", "ticketed", NOW - 900)).await;
        let gap = desk.services.gap(&caller(), &Ask::default()).await.unwrap();
        assert_eq!((gap.verdicts.items(), gap.claimed.value()), (0, None));
    }
}
