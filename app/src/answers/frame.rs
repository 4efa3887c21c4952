//! What stands around the pages of this reader.

use domain::view::Verification;
use leptos::prelude::use_context;
use service::identity::sessions::SignedIn;
use service::question::source_ages::SourceAge;

use super::asking::{Asking, known_at, told};
use super::quality::lasted;
use crate::components::{ChangeView, Theme};
use crate::error::UiError;
use crate::filter::Filter;
use crate::format;
use crate::session::FrameView;

/// Asks the service and writes its answer in words.
pub(crate) async fn load(query: &str) -> Result<FrameView, UiError> {
    let person = use_context::<SignedIn>().map_or_else(String::new, |signed_in| signed_in.email);
    let theme = use_context::<Theme>().unwrap_or_default();
    // A filter that cannot be read is told by the page itself; the frame around it stays.
    let query = if Filter::parse(query).is_ok() { query } else { "" };
    let asking = Asking::of(query).await?;
    let organisation = asking.services.organisation(&asking.caller).await.map_err(told)?;
    let feeds = asking.services.source_ages(&asking.caller, &asking.view).await.map_err(told)?;
    let present = asking.services.present_moment(asking.caller.org).await.map_err(told)?;
    let known = known_at(&asking.view);
    let sample = if organisation.is_sample { " (sample)" } else { "" };
    Ok(FrameView {
        colophon: vec![
            format!("{}{sample}", organisation.name),
            format!("As of {}", format::minute(asking.view.as_of)),
            format!("Known at {known}"),
            format!(
                "{}, {}",
                format::counted(present.items, "item", "items"),
                format::counted(present.events, "event", "events")
            ),
            "Definitions v1".to_owned(),
            "Policy: default".to_owned(),
        ],
        organisation: organisation.name,
        is_sample: organisation.is_sample,
        person,
        theme,
        view: parts(&asking, known),
        feeds: feed_line(&asking, &feeds),
        change: Some(change(&asking.filter)),
        moment: asking.filter.moment_only().print(),
    })
}

fn parts(asking: &Asking, known: String) -> Vec<(String, String)> {
    let mode = match asking.filter.mode {
        Verification::Strict => "strict, lenient edge shown",
        Verification::Lenient => "lenient: every close believed",
    };
    let part = |name: &str, value: String| (name.to_owned(), value);
    vec![
        part("Watched since", format::date(asking.view.observed_from)),
        part("Mode", mode.to_owned()),
        part("As of", format::minute(asking.view.as_of)),
        part("Known at", known),
    ]
}

/// The stalest feed whose silence is unusual; where there is none, the one that told the latest event.
fn feed_line(asking: &Asking, ages: &[SourceAge]) -> Option<(String, String)> {
    let unusual = ages.iter().find(|age| age.is_unusual);
    let told = unusual.or_else(|| ages.iter().max_by_key(|age| age.last_event))?;
    let ago = |moment| format!("{} ago", lasted(asking.view.as_of.since(moment)));
    let last = match told.last_event {
        Some(event) => format!("Last event {}", ago(event)),
        None => format!("Last received {}", ago(told.last_received)),
    };
    let source = format::visible(&told.source);
    let unusually = ages.iter().filter(|age| age.is_unusual).count();
    let rest = match (unusually, ages.len()) {
        (0, 1) => format!(", source {source}"),
        (0, all) => format!(", source {source}; none of {all} sources is unusually silent"),
        (1, _) => format!(", source {source}: unusually silent"),
        (many, all) => format!(", source {source}: unusually silent, as {many} of {all} sources"),
    };
    let moment = asking.filter.moment_only().address("/quality");
    Some((format!("{last}{rest}"), format!("{moment}#feeds")))
}

fn change(filter: &Filter) -> ChangeView {
    let rest = Filter { mode: Verification::Strict, as_of: None, ..filter.clone() };
    let query = rest.print();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    ChangeView {
        is_lenient: filter.mode == Verification::Lenient,
        as_of: filter.as_of.map_or_else(String::new, |moment| moment.to_string()),
        hidden: pairs.map(|(name, value)| (crate::filter::decode(name), crate::filter::decode(value))).collect(),
    }
}
