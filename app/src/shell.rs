//! What stands around every page: the document, its style and its script.

use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::components::Theme;
use crate::routes::App;

/// The document. The server provides a `Nonce` and the reader's [`Theme`] as context.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let theme = match use_context::<Theme>().unwrap_or_default() {
        Theme::System => None,
        chosen @ (Theme::Light | Theme::Dark) => Some(chosen.as_str()),
    };
    let style = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="stylesheet" href=style/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <HydrationScripts options=options islands=true/>
                <MetaTags/>
            </head>
            <body><App/></body>
        </html>
    }
}
