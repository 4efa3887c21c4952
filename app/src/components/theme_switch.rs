//! System, light or dark: a plain form, so that it works without script.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Which scheme the reader asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the reader's system says.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// The word in the cookie and in the form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The scheme a cookie asks for; anything unknown follows the system.
    #[must_use]
    pub fn from_cookie(value: &str) -> Self {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.as_str() == value).unwrap_or_default()
    }
}

/// Three buttons; the one in force is pressed.
#[component]
pub fn ThemeSwitch(theme: Theme) -> impl IntoView {
    let buttons = [Theme::System, Theme::Light, Theme::Dark].map(|choice| {
        let pressed = if choice == theme { "true" } else { "false" };
        view! { <button class="link-button" name="theme" value=choice.as_str() aria-pressed=pressed>{choice.as_str()}</button> }
    });
    view! {
        <form method="post" action="/theme">
            <span class="theme-switch" role="group" aria-label="Colours">{buttons.into_iter().collect_view()}</span>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_cookie_follows_the_system() {
        assert_eq!(Theme::from_cookie("dark"), Theme::Dark);
        assert_eq!(Theme::from_cookie("<script>"), Theme::System);
    }
}
