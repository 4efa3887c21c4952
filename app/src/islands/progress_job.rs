//! An import while it runs: a number for every moment, never a spinner.

use std::time::Duration;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::request;
use crate::components::{Equation, EquationView};
use crate::format;

/// Often enough to look alive, seldom enough to cost nothing.
const EVERY: Duration = Duration::from_millis(500);

/// Where an import stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// In the queue.
    #[default]
    Waiting,
    Reading,
    Done,
    Failed,
}

/// What `/sources/import/{id}/status` answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobView {
    pub id: String,
    /// The name of the file as it was sent.
    pub file: String,
    pub state: JobState,
    pub received: u64,
    pub accepted: u64,
    pub duplicate: u64,
    pub quarantined: u64,
    /// Bytes read so far, and of the whole file.
    pub bytes: u64,
    pub total_bytes: u64,
    /// Lines a second.
    pub rate: u64,
    /// Why it failed, or what else there is to say; may be empty.
    #[serde(default)]
    pub message: String,
    /// The number of its import, where that waits for a person who says what it means.
    #[serde(default)]
    pub waits: Option<i64>,
}

impl JobView {
    const fn is_over(&self) -> bool {
        matches!(self.state, JobState::Done | JobState::Failed)
    }

    /// The address of the page that shows what became of it: of what waits for a person, the one that asks.
    #[must_use]
    pub fn page(&self) -> String {
        match self.waits {
            Some(import) => format!("/imports?id={import}"),
            None => format!("/sources?import={}", crate::filter::encode(&self.id)),
        }
    }

    /// The state of the work in one sentence.
    #[must_use]
    pub fn words(&self) -> String {
        let lines = format::counted(self.received, "line", "lines");
        match self.state {
            JobState::Waiting => "Waiting for its turn.".to_owned(),
            JobState::Failed if self.waits.is_some() => format!("{}.", format::capitalised(&self.message)),
            JobState::Failed => format!("Stopped after {lines}: {}.", self.message),
            JobState::Done => {
                format!("{lines} read, {}. {}", format::bytes(self.total_bytes), self.message).trim_end().to_owned()
            }
            JobState::Reading => {
                let size = format!("{} of {}", format::bytes(self.bytes), format::bytes(self.total_bytes));
                let left = self.seconds_left().map(|left| format!(", about {} left", format::span(left)));
                let rate = format::counted(self.rate, "line", "lines");
                format!("{lines}, {size}, {rate} a second{}.", left.unwrap_or_default())
            }
        }
    }

    /// From the bytes still to read, at the pace of the lines so far.
    fn seconds_left(&self) -> Option<u64> {
        let bytes_a_line = self.bytes.checked_div(self.received)?;
        let lines_left = self.total_bytes.saturating_sub(self.bytes).checked_div(bytes_a_line)?;
        lines_left.checked_div(self.rate)
    }

    /// Its counts as the ledger equation.
    #[must_use]
    pub fn equation(&self) -> EquationView {
        EquationView {
            received: format::count(self.received),
            accepted: format::count(self.accepted),
            duplicate: format::count(self.duplicate),
            quarantined: format::count(self.quarantined),
            accepted_href: None,
            quarantined_href: (self.quarantined > 0).then(|| "#quarantine".to_owned()),
        }
    }
}

/// The import `job`; with script it asks for news until it is over and then shows the page anew.
#[island]
pub fn ProgressJob(job: JobView) -> impl IntoView {
    let address = format!("/sources/import/{}/status", crate::filter::encode(&job.id));
    let was_running = !job.is_over();
    let (job, set_job) = signal(job);
    Effect::new(move |_| {
        if was_running {
            follow(address.clone(), set_job);
        }
    });
    view! {
        <div class="progress-job" aria-live="polite">
            <progress
                max=move || job.read().total_bytes.max(1).to_string()
                value=move || shown_bytes(&job.read()).to_string()
                aria-label="Bytes read"
            ></progress>
            <p class="caption">{move || job.read().words()}</p>
            {move || view! { <Equation equation=job.read().equation()/> }}
        </div>
    }
}

/// The bar is full when the work is done, also where the size was never known.
fn shown_bytes(job: &JobView) -> u64 {
    if job.state == JobState::Done { job.total_bytes.max(1) } else { job.bytes }
}

fn follow(address: String, set_job: WriteSignal<JobView>) {
    let handle = StoredValue::new(None::<IntervalHandle>);
    let ask = move || {
        let sent = request::get(&address, move |reply| {
            let Ok(news) = leptos::serde_json::from_str::<JobView>(&reply.text) else {
                return;
            };
            if news.is_over() {
                if let Some(handle) = handle.get_value() {
                    handle.clear();
                }
                go_to(&news.page());
            }
            set_job.set(news);
        });
        if let Err(error) = sent {
            leptos::logging::warn!("could not ask for news of the import: {error:?}");
        }
    };
    match set_interval_with_handle(ask, EVERY) {
        Ok(made) => handle.set_value(Some(made)),
        Err(error) => leptos::logging::warn!("could not follow the import: {error:?}"),
    }
}

/// Shows `address`, also when it is the one already shown.
pub(super) fn go_to(address: &str) {
    let here = window().location();
    let same = here.pathname().unwrap_or_default() + &here.search().unwrap_or_default();
    let gone = if same == address { here.reload() } else { here.assign(address) };
    if let Err(error) = gone {
        leptos::logging::warn!("could not go to {address}: {error:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading() -> JobView {
        JobView {
            id: "7".to_owned(),
            file: "scan.ndjson".to_owned(),
            state: JobState::Reading,
            received: 21_640,
            accepted: 21_478,
            duplicate: 85,
            quarantined: 77,
            bytes: 5_900_000,
            total_bytes: 8_300_000,
            rate: 1_900,
            message: String::new(),
            waits: None,
        }
    }

    #[test]
    fn a_running_import_says_how_far_it_is_and_how_long_it_still_takes() {
        let words = reading().words();
        assert_eq!(words, "21\u{202f}640 lines, 5.9 MB of 8.3 MB, 1\u{202f}900 lines a second, about 4 s left.");
    }

    #[test]
    fn an_import_that_has_read_nothing_yet_promises_no_end() {
        let words = JobView { received: 0, bytes: 0, rate: 0, ..reading() }.words();
        assert!(!words.contains("left"), "{words}");
    }

    #[test]
    fn what_waits_for_a_person_leads_to_the_page_that_asks() {
        let waits = JobView {
            state: JobState::Failed,
            waits: Some(4),
            message: "8 of 10 open items are gone at once; import 4 waits for a person".to_owned(),
            ..reading()
        };
        assert_eq!(waits.words(), "8 of 10 open items are gone at once; import 4 waits for a person.");
        assert_eq!((waits.page().as_str(), reading().page().as_str()), ("/imports?id=4", "/sources?import=7"));
    }

    #[test]
    fn the_status_is_read_as_the_server_writes_it() {
        let text = r#"{"id":"7","file":"a","state":"done","received":3,"accepted":2,"duplicate":1,"quarantined":0,"bytes":9,"total_bytes":9,"rate":3}"#;
        let job: JobView = leptos::serde_json::from_str(text).unwrap();
        assert_eq!(job.state, JobState::Done);
        assert_eq!(job.received, job.accepted + job.duplicate + job.quarantined);
    }
}
