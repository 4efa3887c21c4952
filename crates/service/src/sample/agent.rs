//! What does the automation do, and does it hold? It was good when it was new; the estate has moved on since.

use super::{cast::AGENT, closing::after_closing_by, life::Life, office::days};
use domain::{event_name::EventName, time::Timestamp};

/// Right in this many of a thousand cases when it was new, and this many fewer each quarter since.
const RIGHT_AT_FIRST: i64 = 950;
const LOST_PER_QUARTER: i64 = 32;

/// How far the sample looks back when the agent was new.
const SINCE_DAYS: i64 = 780;

/// The agent proposes and, where it may, acts. `None` when a person refused: people take over.
/// Otherwise whether, and since when, the ticket is open again.
pub(super) fn acts(life: &mut Life<'_>) -> Option<Option<Timestamp>> {
    let name = format!("act-{}-{}", life.subject.number, life.now.seconds() % 10_000);
    let right = life.dice.chance(right_share(life));
    let confidence = if right { life.dice.between(74, 99) } else { life.dice.between(66, 96) };
    let wait = life.dice.hours(&[1, 3, 12, 40]);
    let action = life.dice.pick(&["install update", "remove package", "rotate secret"], "install update");
    let said = life.later(EventName::Proposed, wait).text("actor", AGENT).text("actor_type", "agent");
    let said = said.text("agent", AGENT).text("agent_version", version(life)).text("action", action);
    let said = said.text("impact", if life.dice.chance(150) { "high" } else { "low" });
    let said =
        said.json("confidence", &format!("0.{confidence:02}")).text("truth", if right { "right" } else { "wrong" });
    life.tell(said.text("ref", &name));
    // People let nine of ten through, right or wrong: that is what makes the share of refusals worth watching.
    let refused = life.dice.chance(if right { 40 } else { 130 });
    let answer = if refused { EventName::Rejected } else { EventName::Approved };
    let review = life.dice.between(12, 900);
    let said = life.in_office(answer, review).by_person(life.person).text("ref", &name);
    life.tell(said.json("review_seconds", &review.to_string()));
    if refused {
        return None;
    }
    executes(life, &name);
    Some(if right { held_up(life) } else { was_wrong(life, &name) })
}

fn executes(life: &mut Life<'_>, name: &str) {
    for (event, wait) in [(EventName::Executed, 300), (EventName::FixApplied, 240), (EventName::Closed, 120)] {
        let said = life.later(event, wait).text("actor", AGENT).text("actor_type", "agent").text("ref", name);
        life.tell(said);
    }
}

/// A right action mostly holds.
fn held_up(life: &mut Life<'_>) -> Option<Timestamp> {
    let seen_again = life.subject.team.seen_again / 3;
    after_closing_by(life, seen_again)
}

/// A wrong action is mostly undone, and mostly the ticket is opened again with it.
fn was_wrong(life: &mut Life<'_>, name: &str) -> Option<Timestamp> {
    if life.dice.chance(550) {
        let wait = life.dice.hours(&[2, 20, 90, 300]);
        let said = life.in_office(EventName::Reverted, wait).by_person(life.person).text("ref", name);
        life.tell(said);
        if life.dice.chance(200) {
            return None;
        }
        let said = life.later(EventName::Reopened, 1_800).by_person(life.person);
        life.tell(said);
        return Some(life.now);
    }
    after_closing_by(life, 700)
}

fn quarters_in_service(life: &Life<'_>) -> i64 {
    let since = life.as_of.plus(-days(SINCE_DAYS));
    (life.now.since(since) / days(91)).clamp(0, 12)
}

fn right_share(life: &Life<'_>) -> u64 {
    u64::try_from(RIGHT_AT_FIRST - LOST_PER_QUARTER * quarters_in_service(life)).unwrap_or_default()
}

fn version(life: &Life<'_>) -> &'static str {
    match quarters_in_service(life) {
        0..=2 => "1.0",
        3..=5 => "1.1",
        _ => "2.0",
    }
}
