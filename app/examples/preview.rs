//! How do the pages look before any server runs? Writes each as a file, with the fixture of the tests.
//!
//! `cargo run -p app --example preview --features ssr -- FOLDER`

#![recursion_limit = "256"]

use std::path::{Path, PathBuf};

use leptos::prelude::*;

use app::components::{ErrorPanel, PageFrame};
use app::error::UiError;
use app::pages::clocks::ClocksContent;
use app::pages::connect::ConnectContent;
use app::pages::explain::ExplainContent;
use app::pages::gap::GapContent;
use app::pages::imports::ImportsContent;
use app::pages::item::ItemContent;
use app::pages::items::ItemsContent;
use app::pages::mapping::MappingContent;
use app::pages::not_found::NotFoundContent;
use app::pages::quality::QualityContent;
use app::pages::reports::ReportsContent;
use app::pages::setup::{SetupContent, SetupTrouble, SetupView};
use app::pages::sign_in::{SignInContent, SignInTrouble, SignInView};
use app::pages::sources::SourcesContent;
use app::pages::tokens::TokensContent;
use app::place::Place;

#[path = "../tests/fixture/mod.rs"]
mod fixture;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("preview"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    for (name, html) in fixture::server_owner().with(pages) {
        write(&folder, name, &html)?;
    }
    Ok(())
}

fn write(folder: &Path, name: &str, html: &str) -> std::io::Result<()> {
    let document = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{name}</title>\
         <link rel=\"stylesheet\" href=\"wallclock.css\"></head><body>{html}</body></html>"
    );
    std::fs::write(folder.join(format!("{name}.html")), document)
}

fn framed<V: IntoView + 'static>(place: Place, content: impl FnOnce() -> V + Send + 'static) -> String {
    view! { <PageFrame frame=fixture::frame() current=place>{content()}</PageFrame> }.to_html()
}

fn pages() -> Vec<(&'static str, String)> {
    let wrong = SignInView { trouble: Some(SignInTrouble::Wrong), ..SignInView::default() };
    let weak = SetupView { code: "c0de".to_owned(), trouble: Some(SetupTrouble::WeakPassword) };
    let broken = UiError::Broken { request_id: "01J8".to_owned() };
    vec![
        ("gap", framed(Place::Gap, || view! { <GapContent view=fixture::gap::full()/> })),
        ("gap-empty", framed(Place::Gap, || view! { <GapContent view=fixture::gap::empty()/> })),
        ("gap-thin", framed(Place::Gap, || view! { <GapContent view=fixture::gap::thin()/> })),
        ("clocks", framed(Place::Clocks, || view! { <ClocksContent view=fixture::clocks::full()/> })),
        ("items", framed(Place::Items, || view! { <ItemsContent view=fixture::items::full()/> })),
        ("items-empty", framed(Place::Items, || view! { <ItemsContent view=fixture::items::empty()/> })),
        ("item", framed(Place::Items, || view! { <ItemContent view=fixture::item::full()/> })),
        ("sources", framed(Place::Sources, || view! { <SourcesContent view=fixture::sources::full()/> })),
        ("imports", framed(Place::Sources, || view! { <ImportsContent view=fixture::imports::full()/> })),
        ("quality", framed(Place::Quality, || view! { <QualityContent view=fixture::quality::full()/> })),
        ("mapping", framed(Place::Sources, || view! { <MappingContent view=fixture::mapping::full()/> })),
        ("reports", framed(Place::Reports, || view! { <ReportsContent view=fixture::small::reports()/> })),
        ("connect", framed(Place::Connect, || view! { <ConnectContent view=fixture::small::connect()/> })),
        ("tokens", framed(Place::Connect, || view! { <TokensContent view=fixture::small::tokens()/> })),
        ("explain", framed(Place::Elsewhere, || view! { <ExplainContent view=fixture::small::explanation()/> })),
        ("not-found", framed(Place::Elsewhere, || view! { <NotFoundContent/> })),
        ("broken", framed(Place::Gap, || view! { <ErrorPanel error=broken/> })),
        ("sign-in", view! { <SignInContent view=wrong/> }.to_html()),
        ("setup", view! { <SetupContent view=weak/> }.to_html()),
    ]
}
