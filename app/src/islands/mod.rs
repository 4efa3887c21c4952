//! What reacts in the browser? A few islands; without them every page still works.

pub mod chart_focus;
pub mod file_drop;
pub mod filter_bar;
pub mod live_import;
pub mod live_preview;
pub mod progress_job;
mod request;

pub use chart_focus::ChartFocus;
pub use file_drop::FileDrop;
pub use filter_bar::FilterBar;
pub use live_import::LiveImport;
pub use live_preview::LivePreview;
pub use progress_job::{JobState, JobView, ProgressJob};
