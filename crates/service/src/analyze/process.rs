//! The process view of the analysis, as JSON: what follows what, hand-offs, and how far from the playbook.

use super::{Analysis, AnalyzeError};
use domain::event::ItemEvent;
use metrics::process::{
    handover::{handoffs, most_frequent},
    playbook::Playbook,
    trace::{Trace, followed_by, repeated, variants},
};
use serde_json::{Map, Value, json};

/// Pairs of actors that are printed.
const HANDOVERS_SHOWN: usize = 5;

impl Analysis {
    pub(super) fn process(&self) -> Value {
        let traces = &self.traces;
        let pairs: Map<String, Value> = followed_by(traces)
            .into_iter()
            .map(|((one, next), count)| (format!("{one}>{next}"), json!(count)))
            .collect();
        let (ways, hands) = (variants(traces), handoffs(traces));
        let fit = self.playbook.fit(traces);
        json!({
            "dfg": pairs,
            "variants": ways.distinct,
            "top_variant_share": ways.top_share,
            "handoffs": hands.changes,
            "ping_pong": hands.came_back,
            "rework_events": repeated(traces),
            "playbook_fitness_mean": fit.mean,
            "playbook_perfect_share": fit.perfect,
            "handover_top": most_frequent(traces, HANDOVERS_SHOWN),
        })
    }
}

/// What the events of one item say of the process.
pub(super) fn trace_of(events: &[ItemEvent]) -> Trace {
    let actors = events.iter().filter_map(|event| event.actor.clone());
    Trace {
        names: events.iter().map(|event| event.name).collect(),
        moments: events.iter().map(|event| event.at).collect(),
        actors: actors.filter(|actor| !actor.is_empty()).collect(),
    }
}

/// A playbook is refused when it is no list of words, so that a wrong file is not silently the default.
pub(super) fn playbook_of(text: Option<&str>) -> Result<Playbook, AnalyzeError> {
    let Some(text) = text else {
        return Ok(Playbook::default());
    };
    let value: Value = serde_json::from_str(text).map_err(|_fault| AnalyzeError::Playbook)?;
    let steps = value.get("steps").unwrap_or(&value).as_array().ok_or(AnalyzeError::Playbook)?;
    let words: Option<Vec<&str>> = steps.iter().map(Value::as_str).collect();
    Ok(Playbook::of(words.ok_or(AnalyzeError::Playbook)?))
}
