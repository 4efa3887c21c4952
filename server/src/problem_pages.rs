//! What does a problem's `type` lead to? A page that says what the code means and what to do.

use axum::response::Html;

use crate::extract::path::Segment;
use crate::problem::{Code, Problem};
use crate::problem_page::of_code;

/// The page of one code.
pub async fn show(Segment(word): Segment) -> Result<Html<String>, Problem> {
    let code = Code::ALL.iter().find(|code| code.as_str() == word);
    code.map(|code| Html(of_code(*code))).ok_or_else(|| Problem::new(Code::NotFound))
}
