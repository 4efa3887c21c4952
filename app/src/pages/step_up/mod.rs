//! Is it still you?

pub mod content;
pub mod page;

pub use content::{StepUpContent, StepUpView};
pub use page::StepUpPage;
