//! The answer of the page of a saved mapping.

use leptos::prelude::use_context;
use service::authorise::{Caller, Object, authorise, decide, proof};
use service::draft::plan_in_words;
use service::error::ServiceError;
use service::identity::permission::Permission;
use service::ingest::{PlanVersion, SourcePlan};
use service::services::Services;

use super::asking::told;
use crate::error::UiError;
use crate::filter::encode;
use crate::format;
use crate::pages::source_plan::{NowView, PlanView, VersionView};

/// Parts of a version that its line names.
const PARTS_SHOWN: usize = 6;

/// Asks the service and writes its answer in words.
pub(crate) async fn load(source: &str) -> Result<PlanView, UiError> {
    let caller = use_context::<Caller>().ok_or(UiError::SignInFirst)?;
    let services = use_context::<Services>().ok_or(UiError::Unavailable)?;
    let granted = authorise::<proof::ImportsWrite>(&caller, Object::OwnOrg);
    let granted = granted.map_err(|denied| told(ServiceError::NotAllowed(denied)))?;
    let versions = services.plan_versions(&granted, source).await.map_err(told)?;
    let action = format!("/sources/mapping/{}", encode(source));
    let may_change = decide(&caller, Permission::SourcesWrite, Object::OwnOrg).is_ok();
    Ok(PlanView {
        source: source.to_owned(),
        answer: answer(&versions),
        now: versions.first().and_then(|newest| newest.plan.as_ref()).map(now),
        versions: versions.iter().map(|version| line(version, &action)).collect(),
        action: may_change.then_some(action),
    })
}

fn answer(versions: &[PlanVersion]) -> Vec<String> {
    let Some(newest) = versions.first() else { return Vec::new() };
    let first = match &newest.plan {
        Some(_) => format!("Version {} is in force.", newest.version),
        None => "No mapping is in force: files of this source are asked about.".to_owned(),
    };
    let count = versions.len() as u64;
    let kept = if count == 1 { "is" } else { "are" };
    vec![first, format!("{} {kept} kept.", format::counted(count, "version", "versions"))]
}

fn now(plan: &SourcePlan) -> NowView {
    NowView {
        said: plan_in_words(plan),
        json: serde_json::to_string_pretty(plan).unwrap_or_default(),
        look_first: plan.settings.look_first,
    }
}

fn line(version: &PlanVersion, action: &str) -> VersionView {
    let said = match &version.plan {
        None => "Taken out of force.".to_owned(),
        Some(plan) => {
            let said = plan_in_words(plan);
            let shown: Vec<String> = said.iter().take(PARTS_SHOWN).map(|(of, what)| format!("{of}: {what}")).collect();
            let rest = said.len().saturating_sub(shown.len());
            let rest = if rest == 0 { String::new() } else { format!("; and {rest} more") };
            format!("{}{rest}", shown.join("; "))
        }
    };
    VersionView {
        name: format!("Version {}", version.version),
        words: format!("{} by {}", format::minute(version.saved_at), version.saved_by),
        href: version.plan.is_some().then(|| format!("{action}/{}", version.version)),
        said,
    }
}
