//! The items of the analysis one by one, as JSON: facts, records, closures, flags and the two folds.

use super::Analysis;
use domain::{
    fact::{Episode, ItemFacts, SlaRecord},
    label::Label,
    view::Verification,
};
use serde_json::{Map, Value, json};

impl Analysis {
    pub(super) fn item_list(&self) -> Value {
        let all: Map<String, Value> =
            self.ledger.items().iter().map(|item| (item.id.to_string(), self.item(&item.facts))).collect();
        Value::Object(all)
    }

    fn item(&self, facts: &ItemFacts) -> Value {
        let steps: Vec<Value> =
            facts.severity_steps.iter().map(|(at, severity)| json!([at.seconds(), severity.as_str()])).collect();
        let closures: Vec<Value> = facts
            .closures
            .iter()
            .map(|closure| json!([closure.at.seconds(), closure.seen_again.map(|at| at.seconds())]))
            .collect();
        let flags: Map<String, Value> =
            facts.flags.iter().map(|(flag, count)| (flag.as_str().to_owned(), json!(count))).collect();
        json!({
            "origin": facts.origin.seconds(),
            "origin_imputed": facts.origin_imputed,
            "events": facts.events,
            "kind": facts.kind.as_deref().unwrap_or("vuln"),
            "team": facts.team.as_deref().unwrap_or("?"),
            "asset_class": facts.asset_class.as_deref().unwrap_or_default(),
            "kev_due": facts.kev_due.map(|due| due.seconds()),
            "severity_steps": steps,
            "touched": facts.touched,
            "agent": facts.agent,
            "tool_open": facts.tool_open,
            "sla_records": facts.records.iter().map(record).collect::<Vec<_>>(),
            "closures": closures,
            "flags": flags,
            "strict": self.folded(facts, Verification::Strict),
            "lenient": self.folded(facts, Verification::Lenient),
        })
    }

    /// What differs between the two modes.
    fn folded(&self, facts: &ItemFacts, mode: Verification) -> Value {
        let seconds = facts.labels(self.view.as_of, mode, &self.calendar);
        let labels: Map<String, Value> =
            Label::ALL.into_iter().map(|label| (label.as_str().to_owned(), json!(seconds.get(label)))).collect();
        let first_exit = facts.first_exit(mode);
        json!({
            "episodes": facts.episodes(mode).map(|one| episode(&one)).collect::<Vec<_>>(),
            "labels": labels,
            "first_exit": first_exit.map(|exit| json!({ "at": exit.at.seconds(), "cause": exit.cause.as_str() })),
        })
    }
}

fn episode(episode: &Episode) -> Value {
    json!({
        "start": episode.start.seconds(),
        "end": episode.end.map(|end| end.at.seconds()),
        "cause": episode.end.map(|end| end.cause.as_str()),
        "evidence": episode.end.map(|end| end.evidence.as_str()),
    })
}

fn record(record: &SlaRecord) -> Value {
    json!({
        "start": record.start.seconds(),
        "end": record.end.map(|end| end.at.seconds()),
        "severity": record.severity.as_str(),
        "outcome": record.outcome.as_str(),
        "elapsed_seconds": record.end.map(|end| end.elapsed_seconds),
        "paused_seconds": record.end.map(|end| end.paused_seconds),
        "target_seconds": record.end.map(|end| end.target_seconds),
        "met": record.met(),
    })
}
