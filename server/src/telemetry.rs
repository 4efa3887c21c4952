//! What does the server say about itself? JSON lines on standard error, without secrets, payloads or names.

use tracing_subscriber::EnvFilter;

/// What is logged unless `WALLCLOCK_LOG` says otherwise: our own words, and warnings of others.
const DEFAULT_FILTER: &str = "warn,wallclock=info,server=info,service=info,store=info";

/// Whether a person or a program reads the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// Short lines for a terminal, warnings and errors alone.
    Plain,
}

/// Starts logging to standard error; a second start in one process changes nothing.
pub fn start(format: LogFormat, filter: Option<&str>) {
    let wanted = filter.unwrap_or(match format {
        LogFormat::Json => DEFAULT_FILTER,
        LogFormat::Plain => "warn",
    });
    let filter = EnvFilter::try_new(wanted).unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let outcome = match format {
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
        LogFormat::Plain => lines.without_time().with_target(false).try_init(),
    };
    drop(outcome);
    report_panics();
}

/// Logs where a panic happened and not what it said: the message may hold what somebody sent.
fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "unknown".to_owned(), ToString::to_string);
        tracing::error!(event = "panic", place, "a part of the program stopped unexpectedly");
    }));
}
