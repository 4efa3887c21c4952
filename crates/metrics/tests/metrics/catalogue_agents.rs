//! The worked examples of agents, waiting and people.

use crate::{
    agents, agents_over_time, process_measures,
    support::{at, frame},
};
use domain::{fact::ItemFacts, time::DAY_SECONDS, view::Verification::Strict};
use metrics::{
    agent::{
        actions_of,
        approval::{lapsed, latency},
        confidence::settled,
        context::Context,
        decay::{Decay, decay, weeks},
        guardrail::OutOfScope,
        override_rate::Overrides,
        reversal::Reversals,
        rubber_stamp::too_fast,
        time_saved::{TimeSaved, perception, time_saved},
        unapproved::without_approval,
        value::Value,
    },
    calibration::brier,
    ledger::LedgerItem,
    process::{
        bottleneck::bottleneck,
        edges::edges,
        people::{Doers, deeds_in},
        playbook::Playbook,
        replay::replay,
        trace::Trace,
        waiting::{Feeds, Waiting},
    },
    real::{days as in_days, whole},
};

type Example = Option<Option<f64>>;

pub(crate) fn of_answers(id: &str) -> Example {
    let judged = agents::judged_by_people();
    let overrides = Overrides::of(actions_of(&judged));
    let waiting = agents::waiting_for_an_answer();
    Some(match id {
        "agent_acceptance" => overrides.accepted.value(),
        "agent_bias" => overrides.bias.value(),
        "agent_under_trust" => overrides.under_trust.value(),
        "agent_calibration" => brier(&settled(actions_of(&agents::sure_of_themselves()))),
        "agent_rubber_stamp" => too_fast(actions_of(&agents::approved_at_a_glance()), 60).value(),
        "agent_approval_latency" => latency(actions_of(&waiting), at(11)).quantile(0.5).map(in_days),
        "agent_auto_expired" => lapsed(actions_of(&waiting), at(11)).value(),
        "agent_unapproved_high_impact" => without_approval(actions_of(&agents::dangerous_ones())).value(),
        _ => return None,
    })
}

fn saved() -> Option<TimeSaved> {
    time_saved(&agents_over_time::with_and_without(), &frame(100).view, Strict, 90)
}

fn decayed(all: &[ItemFacts]) -> Decay {
    decay(weeks(actions_of(all), at(0), at(400)), "patch-agent")
}

pub(crate) fn of_effects(id: &str) -> Example {
    Some(match id {
        "agent_reversal_30" => Reversals::of(actions_of(&agents::did_not_hold()), at(100)).within_days(30),
        "agent_time_saved" => saved().and_then(|saved| saved.days.value()),
        "agent_perception_gap" => perception(&[0.9, 0.7], saved().as_ref()).map(|gap| gap.gap_points),
        "agent_decay" => decayed(&agents_over_time::steady_decline()).slope_a_week,
        "agent_change_point" => decayed(&agents_over_time::sudden_decline()).change.map(|(week, _)| whole(week)),
        "agent_out_of_scope" => OutOfScope::of(actions_of(&agents::reaching_too_far())).executed.per_thousand(),
        "agent_context_score" => Context::of(actions_of(&agents::with_context())).mean_score(),
        "agent_net_minutes" => Value::of(actions_of(&agents::claiming_to_save())).net_minutes(Some(1_200)),
        "shadow_ai_share" => agents::tools_in_use().unregistered.value(),
        "shadow_ai_age" => agents::tools_in_use().median_age(at(100)).map(|age| whole(age) / whole(DAY_SECONDS)),
        _ => return None,
    })
}

fn waiting() -> Waiting {
    let items = process_measures::touched_and_waiting();
    Waiting::of(&items.iter().collect::<Vec<&LedgerItem>>(), &Feeds::of(&items), at(30), Strict)
}

pub(crate) fn of_work(id: &str) -> Example {
    let full = Playbook::default().steps().iter().flatten().copied().collect();
    let both = [Trace { names: full, ..Trace::default() }, Trace::default()];
    Some(match id {
        "process_replay" => replay(&Playbook::default(), &both).mean,
        "process_waiting" => waiting().share(),
        "process_flow_efficiency" => waiting().flow_efficiency(),
        "process_bottleneck" => bottleneck(&edges(&process_measures::closing_and_checking()), 32.0).explained,
        "process_effective_people" => {
            Doers::of(deeds_in(&process_measures::doing_people(), &frame(10).view)).effective()
        }
        _ => return None,
    })
}
