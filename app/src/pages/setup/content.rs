//! The form that makes the organisation and its first owner.

use leptos::prelude::*;

use crate::components::{Door, Field, Notice, TextView};
use crate::filter::encode;
use crate::words::{question, setup};

/// Why the form was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupTrouble {
    /// The address was used, or its hour is over.
    Spent,
    /// Too short, or in the list of common ones.
    WeakPassword,
    BadEmail,
    Other,
}

impl SetupTrouble {
    /// The code in the address.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "spent" => Self::Spent,
            "password" => Self::WeakPassword,
            "email" => Self::BadEmail,
            _ => Self::Other,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Spent => "This address was used before, or its hour is over; start the server again for a new one.",
            Self::WeakPassword => "The password is too short or too common; choose at least 12 characters.",
            Self::BadEmail => "That is not an e-mail address.",
            Self::Other => "That did not work; try again.",
        }
    }
}

/// What the page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupView {
    /// The secret part of the address.
    pub code: String,
    pub trouble: Option<SetupTrouble>,
}

/// A plain form to `POST /setup/{code}`.
#[component]
pub fn SetupContent(view: SetupView) -> impl IntoView {
    let SetupView { code, trouble } = view;
    let action = format!("/setup/{}", encode(&code));
    let fields = fields(trouble).map(|field| view! { <Field field=field/> }).into_iter().collect_view();
    let trouble = trouble.map(|trouble| view! { <Notice word="Not made." sentence=trouble.words().to_owned()/> });
    view! {
        <Door question=question::SET_UP.into() answer=vec![setup::TITLE.to_owned()] standfirst=setup::STANDFIRST>
            {trouble}
            <form method="post" action=action>
                {fields}
                <div class="actions"><button class="button primary">{setup::SEND}</button></div>
            </form>
        </Door>
    }
    .into_any()
}

fn fields(trouble: Option<SetupTrouble>) -> [TextView; 3] {
    let wrong = |with: SetupTrouble| trouble.filter(|trouble| *trouble == with).map(|t| t.words().to_owned());
    let organisation = TextView {
        name: "organisation",
        label: setup::ORGANISATION,
        sort: "text",
        autocomplete: "organization",
        is_required: true,
        ..TextView::default()
    };
    let email = TextView {
        name: "email",
        label: setup::EMAIL,
        sort: "email",
        autocomplete: "username",
        is_required: true,
        error: wrong(SetupTrouble::BadEmail).unwrap_or_default(),
        ..TextView::default()
    };
    let password = TextView {
        name: "password",
        label: setup::PASSWORD,
        sort: "password",
        help: setup::PASSWORD_HELP,
        autocomplete: "new-password",
        is_required: true,
        error: wrong(SetupTrouble::WeakPassword).unwrap_or_default(),
        ..TextView::default()
    };
    [organisation, email, password]
}
