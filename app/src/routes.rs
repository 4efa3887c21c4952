//! Which address shows which page?

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::{SsrMode, path};

use crate::filter::decode;
use crate::pages::clocks::ClocksPage;
use crate::pages::connect::ConnectPage;
use crate::pages::explain::ExplainPage;
use crate::pages::gap::GapPage;
use crate::pages::imports::ImportsPage;
use crate::pages::item::ItemPage;
use crate::pages::items::ItemsPage;
use crate::pages::mapping::MappingPage;
use crate::pages::not_found::NotFoundPage;
use crate::pages::quality::QualityPage;
use crate::pages::reports::ReportsPage;
use crate::pages::setup::SetupPage;
use crate::pages::sign_in::SignInPage;
use crate::pages::source_plan::SourcePlanPage;
use crate::pages::sources::SourcesPage;
use crate::pages::step_up::StepUpPage;
use crate::pages::tokens::TokensPage;
use crate::pages::webhooks::WebhooksPage;

/// Every page. All are made as a whole before the first byte is sent, so that a fault still has its own status.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title| format!("{title} · Wallclock")/>
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=GapPage ssr=SsrMode::Async/>
                <Route path=path!("/clocks") view=ClocksPage ssr=SsrMode::Async/>
                <Route path=path!("/items") view=ItemsPage ssr=SsrMode::Async/>
                <Route path=path!("/items/:id") view=ItemPage ssr=SsrMode::Async/>
                <Route path=path!("/explain/:metric") view=ExplainPage ssr=SsrMode::Async/>
                <Route path=path!("/sources") view=SourcesPage ssr=SsrMode::Async/>
                <Route path=path!("/imports") view=ImportsPage ssr=SsrMode::Async/>
                <Route path=path!("/quality") view=QualityPage ssr=SsrMode::Async/>
                <Route path=path!("/sources/map/:id") view=MappingPage ssr=SsrMode::Async/>
                <Route path=path!("/sources/mapping/:id") view=SourcePlanPage ssr=SsrMode::Async/>
                <Route path=path!("/reports") view=ReportsPage ssr=SsrMode::Async/>
                <Route path=path!("/connect") view=ConnectPage ssr=SsrMode::Async/>
                <Route path=path!("/settings/tokens") view=TokensPage ssr=SsrMode::Async/>
                <Route path=path!("/settings/webhooks") view=WebhooksPage ssr=SsrMode::Async/>
                <Route path=path!("/step-up") view=StepUpPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/setup/:code") view=SetupPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}

/// One value of the address of this page, decoded.
pub(crate) fn value_of_page(name: &str) -> Option<String> {
    value_in(&query_of_page(), name)
}

/// One value of what stands behind `?`, decoded.
pub(crate) fn value_in(query: &str, name: &str) -> Option<String> {
    let pairs = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(known, _)| *known == name).map(|(_, value)| decode(value)).next()
}

/// What stands behind `?` in the address of this page.
pub(crate) fn query_of_page() -> String {
    use_location().search.get_untracked()
}
