//! The password once more, and the way back.

use leptos::prelude::*;

use crate::components::{Door, Field, Notice, TextView};
use crate::pages::sign_in::SignInTrouble;
use crate::words::{question, step_up};

/// What the page says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepUpView {
    pub trouble: Option<SignInTrouble>,
    /// Where the reader was; empty for the first page.
    pub next: String,
}

/// A plain form to `POST /step-up`.
#[component]
pub fn StepUpContent(view: StepUpView) -> impl IntoView {
    let trouble = view.trouble.map(|trouble| {
        let sentence = if trouble == SignInTrouble::Wrong { step_up::WRONG } else { trouble.words() };
        view! { <Notice word="Not confirmed." sentence=sentence.to_owned()/> }
    });
    let back = if view.next.is_empty() { "/".to_owned() } else { view.next.clone() };
    let next = (!view.next.is_empty()).then(|| view! { <input type="hidden" name="next" value=view.next/> });
    let password = TextView {
        name: "password",
        label: step_up::PASSWORD,
        sort: "password",
        help: step_up::PASSWORD_HELP,
        autocomplete: "current-password",
        is_required: true,
        ..TextView::default()
    };
    view! {
        <Door question=question::STEP_UP.into() answer=vec![step_up::TITLE.to_owned()] standfirst=step_up::STANDFIRST>
            {trouble}
            <form method="post" action="/step-up">
                {next}
                <Field field=password/>
                <div class="actions">
                    <button class="button primary">{step_up::SEND}</button>
                    <a class="button" href=back>{step_up::LEAVE}</a>
                </div>
            </form>
        </Door>
    }
}
