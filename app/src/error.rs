//! What may a reader be told when a page cannot be made? Safe words only: nothing of the inside ever gets here.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Why a page or a card has nothing to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum UiError {
    /// The address holds a filter that cannot be read; the words say which part and what was expected.
    #[error("{0}")]
    BadFilter(String),
    /// Nothing lives at this address, or not for this person.
    #[error("nothing is kept at this address")]
    NotFound,
    /// Nobody is signed in.
    #[error("sign in to see this")]
    SignInFirst,
    /// The person's role does not see this; the words name a role that does.
    #[error("{0}")]
    NotAllowed(String),
    /// Too much work at once.
    #[error("too much is being asked at once; try again in {retry_after_seconds} seconds")]
    Busy {
        /// When to come back.
        retry_after_seconds: u32,
    },
    /// The question cannot be answered at the moment.
    #[error("this cannot be answered at the moment")]
    Unavailable,
    /// A fault of ours; the log knows it by this id.
    #[error("something went wrong on our side")]
    Broken {
        /// The id under which the fault was logged.
        request_id: String,
    },
}

impl UiError {
    /// The HTTP status a page with this error is sent with.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::BadFilter(_) => 400,
            Self::SignInFirst => 401,
            Self::NotAllowed(_) => 403,
            Self::NotFound => 404,
            Self::Busy { .. } | Self::Unavailable => 503,
            Self::Broken { .. } => 500,
        }
    }
}

impl FromServerFnError for UiError {
    type Encoder = JsonEncoding;

    /// What goes wrong between browser and server has no words of its own for a reader.
    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Unavailable
    }
}

/// Sends the page under construction with this status. In the browser there is nothing to send.
pub(crate) fn answer_with_status(status: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) =
        (leptos::prelude::use_context::<leptos_axum::ResponseOptions>(), axum::http::StatusCode::from_u16(status))
    {
        response.set_status(status);
    }
    let _ = status;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_error_is_told_with_a_status_of_success() {
        let errors = [
            UiError::BadFilter("unknown severity".to_owned()),
            UiError::NotFound,
            UiError::SignInFirst,
            UiError::NotAllowed("ask an analyst".to_owned()),
            UiError::Busy { retry_after_seconds: 3 },
            UiError::Unavailable,
            UiError::Broken { request_id: "r1".to_owned() },
        ];
        for error in errors {
            assert!(error.status() >= 400, "{error:?}");
        }
    }

    #[test]
    fn a_broken_answer_says_nothing_about_its_cause() {
        let words = UiError::Broken { request_id: "r1".to_owned() }.to_string();
        assert_eq!(words, "something went wrong on our side");
    }
}
