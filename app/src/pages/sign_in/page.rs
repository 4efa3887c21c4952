//! Who is reading?

use leptos::prelude::*;
use leptos_meta::Title;

use super::content::{SignInContent, SignInTrouble, SignInView};
use crate::routes::value_of_page;
use crate::words::sign_in;

/// Reads what the last attempt left in the address: a code, never a text.
#[component]
pub fn SignInPage() -> impl IntoView {
    let view = SignInView {
        trouble: value_of_page("error").map(|code| SignInTrouble::from_code(&code)),
        signed_out: value_of_page("signed_out").is_some(),
        next: value_of_page("next").filter(|next| is_own_page(next)).unwrap_or_default(),
    };
    view! { <Title text=sign_in::TITLE/><SignInContent view=view/> }
}

/// One leading slash and no backslash: an address of this server and of no other.
pub(crate) fn is_own_page(address: &str) -> bool {
    address.starts_with('/') && !address.starts_with("//") && !address.contains('\\')
}

#[cfg(test)]
mod tests {
    use super::is_own_page;

    #[test]
    fn the_way_back_after_sign_in_never_leads_to_another_server() {
        assert!(is_own_page("/items?team=network"));
        for foreign in ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "javascript:1"] {
            assert!(!is_own_page(foreign), "{foreign}");
        }
    }
}
