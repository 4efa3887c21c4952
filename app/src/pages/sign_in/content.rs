//! The form, and what went wrong the last time.

use leptos::prelude::*;

use crate::components::{Door, Field, Notice, TextView};
use crate::words::{question, sign_in};

/// Why the last attempt did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInTrouble {
    /// Address or password; which of them is not said.
    Wrong,
    /// Too many attempts.
    Throttled,
    /// The session was over.
    Expired,
    Other,
}

impl SignInTrouble {
    /// The code in the address.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "wrong" => Self::Wrong,
            "throttled" => Self::Throttled,
            "expired" => Self::Expired,
            _ => Self::Other,
        }
    }

    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Wrong => "E-mail address and password do not fit together.",
            Self::Throttled => "Too many attempts; wait a minute and try again.",
            Self::Expired => "The session is over; sign in again to go on where you were.",
            Self::Other => "That did not work; try again.",
        }
    }
}

/// What the page says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignInView {
    pub trouble: Option<SignInTrouble>,
    pub signed_out: bool,
    /// Where the reader wanted to go; empty for the first page.
    pub next: String,
}

/// A plain form to `POST /sign-in`.
#[component]
pub fn SignInContent(view: SignInView) -> impl IntoView {
    let trouble =
        view.trouble.map(|trouble| view! { <Notice word="Not signed in." sentence=trouble.words().to_owned()/> });
    let farewell = view.signed_out.then(|| view! { <p class="muted">{sign_in::AFTER_SIGN_OUT}</p> });
    let next = (!view.next.is_empty()).then(|| view! { <input type="hidden" name="next" value=view.next/> });
    let email = TextView {
        name: "email",
        label: sign_in::EMAIL,
        sort: "email",
        autocomplete: "username",
        is_required: true,
        ..TextView::default()
    };
    let password = TextView {
        name: "password",
        label: sign_in::PASSWORD,
        sort: "password",
        autocomplete: "current-password",
        is_required: true,
        ..TextView::default()
    };
    view! {
        <Door question=question::SIGN_IN.into() answer=vec![sign_in::TITLE.to_owned()]>
            {trouble}
            {farewell}
            <form method="post" action="/sign-in">
                {next}
                <Field field=email/>
                <Field field=password/>
                <div class="actions"><button class="button primary">{sign_in::SEND}</button></div>
            </form>
        </Door>
    }
    .into_any()
}
