//! What does a reader see when a page cannot be shown? Plain HTML without script, made without the page engine: it must
//! work when that is what failed.

use crate::api::error::waiting_import;
use crate::middleware::gate::CONFIRM;
use crate::problem::{Code, Problem};

/// The page of one refusal.
#[must_use]
pub fn html(problem: &Problem, request_id: &str) -> String {
    let code = problem.code;
    let mut text = format!("<h1>{}</h1>", sentence(code.title()));
    for words in [problem.detail.as_deref(), problem.hint.as_deref()].into_iter().flatten() {
        text.push_str(&format!("<p>{}</p>", sentence(words)));
    }
    let confirm = problem.members.iter().find(|(name, _)| *name == CONFIRM);
    if let Some(place) = confirm.and_then(|(_, place)| place.as_str()) {
        text.push_str(&format!("<p><a class=\"button\" href=\"{}\">Confirm your password</a></p>", escape(place)));
    }
    if let Some(import) = waiting_import(problem) {
        let words = "Say what it means";
        text.push_str(&format!("<p><a class=\"button\" href=\"/imports?id={import}\">{words}</a></p>"));
    }
    text.push_str(&format!(
        "<p class=\"muted\">{} · <a href=\"/problems/{}\">{}</a> · request {}</p><p><a href=\"/\">To the first page</a></p>",
        code.status().as_u16(),
        code.as_str(),
        code.as_str(),
        escape(request_id)
    ));
    page(code.title(), &text)
}

/// The page behind the `type` of a problem.
#[must_use]
pub fn of_code(code: Code) -> String {
    let mut text = format!("<h1>{}</h1>", sentence(code.title()));
    if let Some(hint) = code.hint() {
        text.push_str(&format!("<p>Next step: {}</p>", sentence(hint)));
    }
    text.push_str(&format!(
        "<p class=\"muted\">Answered with status {} and the code <code>{}</code>.</p><p><a href=\"/\">To the first page</a></p>",
        code.status().as_u16(),
        code.as_str()
    ));
    page(code.title(), &text)
}

fn page(title: &str, body: &str) -> String {
    let css = &crate::assets::site().manifest().css;
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{} · Wallclock</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"stylesheet\" href=\"{}\"></head><body><main class=\"problem-page\">{body}</main></body></html>",
        escape(title),
        escape(css)
    )
}

/// A sentence for a page: capital first, escaped.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    escape(&format!("{first}{}", letters.as_str()))
}

/// Text that stays text.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            control if control.is_control() => safe.push_str(&format!("\\u{{{:x}}}", u32::from(control))),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let problem = Problem::new(Code::BadParameter).detail("`<script>alert(1)</script>` is no date");
        let html = html(&problem, "r\"1");
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("&lt;script&gt;"), "{html}");
        assert!(html.contains("r&quot;1"), "{html}");
    }

    #[test]
    fn each_code_has_a_page() {
        for code in Code::ALL {
            assert!(of_code(*code).contains(code.as_str()), "{code:?}");
        }
        for code in [Code::MassAbsence, Code::HeldImportsFull] {
            assert!(of_code(code).contains("on the page of imports"), "{code:?}");
        }
    }

    #[test]
    fn what_waits_for_a_person_leads_to_its_import() {
        let waits = service::Refusal::new("mass_absence", "8 of 10").waiting(domain::id::ImportId::from_row(4));
        let html = html(&crate::api::error::problem_of(waits.into()), "r1");
        assert!(html.contains("href=\"/imports?id=4\""), "{html}");
    }
}
