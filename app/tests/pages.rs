//! Every page as HTML: complete, with one heading, and every number with a way to its items.

#![recursion_limit = "256"]

mod fixture;

use app::components::{ErrorPanel, PageFrame};
use app::error::UiError;
use app::pages::clocks::ClocksContent;
use app::pages::connect::ConnectContent;
use app::pages::explain::ExplainContent;
use app::pages::gap::GapContent;
use app::pages::imports::ImportsContent;
use app::pages::item::ItemContent;
use app::pages::items::ItemsContent;
use app::pages::mapping::{DraftView, MappingContent};
use app::pages::not_found::NotFoundContent;
use app::pages::quality::QualityContent;
use app::pages::reports::ReportsContent;
use app::pages::setup::{SetupContent, SetupView};
use app::pages::sign_in::{SignInContent, SignInTrouble, SignInView};
use app::pages::sources::SourcesContent;
use app::pages::step_up::{StepUpContent, StepUpView};
use app::pages::tokens::{Door, TokensContent};
use app::place::Place;
use leptos::prelude::*;

fn page<V: IntoView + 'static>(place: Place, content: impl FnOnce() -> V + Send + 'static) -> String {
    fixture::server_owner()
        .with(|| view! { <PageFrame frame=fixture::frame() current=place>{content()}</PageFrame> }.to_html())
}

fn door<V: IntoView>(content: impl FnOnce() -> V) -> String {
    fixture::server_owner().with(|| content().into_view().to_html())
}

fn gap() -> String {
    page(Place::Gap, || view! { <GapContent view=fixture::gap::full()/> })
}

fn items() -> String {
    page(Place::Items, || view! { <ItemsContent view=fixture::items::full()/> })
}

fn item() -> String {
    page(Place::Items, || view! { <ItemContent view=fixture::item::full()/> })
}

fn sources() -> String {
    page(Place::Sources, || view! { <SourcesContent view=fixture::sources::full()/> })
}

fn imports() -> String {
    page(Place::Sources, || view! { <ImportsContent view=fixture::imports::full()/> })
}

fn quality() -> String {
    page(Place::Quality, || view! { <QualityContent view=fixture::quality::full()/> })
}

fn mapping() -> String {
    page(Place::Sources, || view! { <MappingContent view=fixture::mapping::full()/> })
}

fn all() -> Vec<(&'static str, String)> {
    let setup = || SetupView { code: "c0de".to_owned(), trouble: None };
    vec![
        ("gap", gap()),
        ("gap without data", page(Place::Gap, || view! { <GapContent view=fixture::gap::empty()/> })),
        ("gap with little data", page(Place::Gap, || view! { <GapContent view=fixture::gap::thin()/> })),
        ("clocks", page(Place::Clocks, || view! { <ClocksContent view=fixture::clocks::full()/> })),
        ("items", items()),
        ("no items", page(Place::Items, || view! { <ItemsContent view=fixture::items::empty()/> })),
        ("item", item()),
        ("sources", sources()),
        ("imports", imports()),
        ("quality", quality()),
        ("mapping", mapping()),
        ("no draft", page(Place::Sources, || view! { <MappingContent view=DraftView::Gone/> })),
        ("reports", page(Place::Reports, || view! { <ReportsContent view=fixture::small::reports()/> })),
        ("connect", page(Place::Connect, || view! { <ConnectContent view=fixture::small::connect()/> })),
        ("tokens", page(Place::Connect, || view! { <TokensContent view=fixture::small::tokens()/> })),
        ("password again", door(|| view! { <StepUpContent view=StepUpView::default()/> })),
        ("explain", page(Place::Elsewhere, || view! { <ExplainContent view=fixture::small::explanation()/> })),
        ("not found", page(Place::Elsewhere, || view! { <NotFoundContent/> })),
        ("error", page(Place::Gap, || view! { <ErrorPanel error=UiError::Unavailable/> })),
        ("sign-in", door(|| view! { <SignInContent view=SignInView::default()/> })),
        ("set-up", door(move || view! { <SetupContent view=setup()/> })),
    ]
}

/// What stands between each opening `from` and the next `to`.
fn between<'a>(html: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    html.split(from).skip(1).filter_map(|rest| rest.split(to).next()).collect()
}

#[test]
fn every_page_has_one_heading_a_skip_link_and_a_main_part() {
    for (name, html) in all() {
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert_eq!(html.matches("<main id=\"main\"").count(), 1, "{name}");
        let first_link = html.find("<a ").map(|at| &html[at..]).unwrap_or_default();
        assert!(first_link.contains("href=\"#main\"") && first_link.find("#main") < Some(80), "{name}");
    }
}

#[test]
fn no_page_writes_a_style_or_a_script_into_itself() {
    for (name, html) in all() {
        assert!(!html.contains(" style=\""), "{name}");
        assert!(!html.contains("<script"), "{name}");
        assert!(!html.contains(" onclick="), "{name}");
    }
}

#[test]
fn every_table_has_a_caption_a_body_and_heads_that_say_what_they_head() {
    for (name, html) in all() {
        for table in between(&html, "<table", "</table>") {
            assert!(table.contains("<caption"), "{name}: {table}");
            assert!(table.contains("<tbody>"), "{name}: {table}");
            assert_eq!(
                table.matches("<th").count() - table.matches("<thead").count(),
                table.matches("scope=\"").count(),
                "{name}: {table}"
            );
        }
    }
}

#[test]
fn ids_are_unique_on_every_page() {
    for (name, html) in all() {
        let mut ids = between(&html, " id=\"", "\"");
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}: {ids:?}");
    }
}

#[test]
fn both_numbers_of_the_pair_and_every_number_of_the_rail_lead_to_their_items() {
    let html = gap();
    let values = between(&html, "<p class=\"figure-value\">", "</p>");
    assert!(values.len() >= 5, "{}", values.len());
    for value in values {
        assert!(value.contains("href=\"/items"), "{value}");
    }
    for row in between(&html, "<li><b>", "</b>") {
        assert!(row.contains("href=\"/items?"), "{row}");
    }
}

#[test]
fn every_number_says_what_it_is_by_an_entry_of_the_catalogue() {
    for (name, html) in all() {
        let metrics = between(&html, "data-metric=\"", "\"");
        let pages = between(&html, "href=\"/explain/", "\"");
        for id in metrics.into_iter().chain(pages.into_iter().map(|page| page.split('?').next().unwrap_or(page))) {
            assert!(metrics::catalogue::entry(id).is_some(), "{name}: `{id}` has no entry");
        }
    }
    let html = gap();
    for figure in between(&html, "<p class=\"figure-note\">", "</div>") {
        assert!(figure.contains("data-metric=\""), "{figure}");
    }
    assert_eq!(html.matches("<li><b>").count(), html.matches("class=\"explain-link\"").count());
}

#[test]
fn an_explanation_tells_value_counts_view_version_and_addresses() {
    let view = fixture::small::explanation();
    let html = page(Place::Elsewhere, move || view! { <ExplainContent view=view/> });
    for part in [
        "97.1\u{202f}%",
        "Taken over",
        "href=\"/items?set=reported\"",
        "As of",
        "Known at",
        "/api/v1/gap",
        "Worked example",
        "Version",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn the_answer_of_the_gap_names_both_numbers_with_the_interval_inside() {
    let html = gap();
    let answer = between(&html, "<h1>", "</h1>").join("");
    for part in ["96.7\u{202f}%", "14.2\u{202f}%", "(12.9–15.7)"] {
        assert!(answer.contains(part), "{answer}");
    }
}

#[test]
fn a_figure_that_rests_on_too_few_says_so_and_shows_no_number() {
    let html = page(Place::Gap, || view! { <GapContent view=fixture::gap::thin()/> });
    assert!(html.contains("too few (n = 4, needs 10)"));
    assert!(!html.contains(">14.2\u{202f}%</a>"));
}

#[test]
fn a_page_without_data_offers_the_one_next_step() {
    let html = page(Place::Gap, || view! { <GapContent view=fixture::gap::empty()/> });
    assert!(html.contains("href=\"/sources#import\""));
    assert!(!html.contains("class=\"figure"));
}

#[test]
fn an_emptied_list_says_which_filter_emptied_it() {
    let html = page(Place::Items, || view! { <ItemsContent view=fixture::items::empty()/> });
    assert!(html.contains("Without “team network” 12 items would match."));
    assert!(!html.contains("<table class=\"table stack items-table"));
}

#[test]
fn the_navigation_lists_the_pages_that_exist_and_marks_where_the_reader_is() {
    let html = items();
    let line = between(&html, "aria-label=\"Pages\"", "</ul>").join("");
    assert_eq!(line.matches("<li>").count(), Place::NAVIGATION.len());
    assert!(line.contains("<a href=\"/items\" aria-current=\"page\">Items</a>"), "{line}");
    for later in ["/backlog", "/maturity", "/drills", "/money", "/settings"] {
        assert!(!html.contains(&format!("href=\"{later}")), "{later}");
    }
}

#[test]
fn the_labels_of_an_item_add_up_to_its_wall_clock() {
    let labels = fixture::item::full().labels;
    let sum: f64 = labels.rows.iter().map(|row| row.days.parse::<f64>().unwrap()).sum();
    assert!((sum - labels.total.days.parse::<f64>().unwrap()).abs() < 0.05 * 7.0);
    assert!(item().contains("<tfoot>"));
}

#[test]
fn a_hostile_raw_line_stays_text() {
    let html = sources();
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!html.contains("<script>alert"));
}

#[test]
fn what_is_asked_of_a_file_leads_to_its_field_and_stays_text() {
    let html = mapping();
    assert!(html.contains("href=\"#zone\"") && html.contains("id=\"zone\""), "{html}");
    for field in between(&html, "aria-invalid=\"true\"", ">") {
        let note = between(field, "aria-describedby=\"", "\"").join("");
        assert!(html.contains(&format!("id=\"{note}\"")), "{field}");
    }
    assert_eq!(
        html.matches("aria-invalid=\"true\"").count(),
        6,
        "the zone, the order, a column, an id, a value, a filter: {html}"
    );
    for markup in ["<script>alert", "<b>zu</b>", "<img src", "<u>no zone", "zu \"<i>"] {
        assert!(!html.contains(markup), "{markup}: {html}");
    }
    assert_eq!(html.matches("name=\"act\"").count(), 7, "three buttons twice, and the one that Enter presses");
}

#[test]
fn forms_that_change_something_are_posts_that_act_once() {
    let html = sources();
    for form in between(&html, "<form", "</form>") {
        if form.contains("method=\"get\"") {
            continue;
        }
        let is_post = form.contains("method=\"post\"");
        let acts_once = form.contains("name=\"idempotency\"") || form.contains("/sign-out") || form.contains("/theme");
        assert!(is_post && acts_once, "{form}");
    }
    let releases = html.matches("/release\"").count();
    assert_eq!(releases, fixture::sources::full().quarantine.groups.len());
}

#[test]
fn a_person_decides_about_a_file_and_about_a_clock_by_plain_forms() {
    let html = imports();
    for choice in ["accept", "partial", "cancel"] {
        assert_eq!(html.matches(&format!("method=\"post\" action=\"/imports/2/{choice}\"")).count(), 1, "{choice}");
    }
    let clock = between(&html, "aria-labelledby=\"clock\"", "</section>").join("");
    assert!(clock.contains("<details class=\"fold\">") && clock.contains("action=\"/sources/clock/scanner\""));
    assert!(clock.contains("name=\"seconds\"") && !clock.contains("inputmode"), "a minus sign can be typed: {clock}");
    for markup in ["<script>alert", "<i>its clock", "findings <b>"] {
        assert!(!html.contains(markup), "{markup}: {html}");
    }
}

#[test]
fn a_clock_about_which_nothing_was_decided_has_no_empty_list() {
    let mut view = fixture::imports::full();
    view.clock.as_mut().unwrap().decisions.clear();
    let html = page(Place::Sources, move || view! { <ImportsContent view=view/> });
    let clock = between(&html, "aria-labelledby=\"clock\"", "</section>").join("");
    assert!(clock.contains("/sources/clock/scanner") && !clock.contains("<ul"), "{clock}");
}

#[test]
fn many_lines_are_decided_about_in_two_steps_and_ticks_belong_to_the_form() {
    let html = quality();
    for form in between(&html, "<form", "</form>") {
        let acts_once = form.contains("name=\"idempotency\"") || form.contains("/sign-out") || form.contains("/theme");
        assert!(form.contains("method=\"get\"") || (form.contains("method=\"post\"") && acts_once), "{form}");
    }
    let decide = between(&html, "id=\"decide\"", "</form>").join("");
    assert!(decide.contains("method=\"get\"") && decide.contains("name=\"zone\"") && decide.contains("Europe/Madrid"));
    assert_eq!(
        html.matches("form=\"decide\"").count(),
        fixture::quality::full().lines.map_or(0, |lines| lines.rows.len())
    );
    assert_eq!(html.matches("action=\"/quality/act\"").count(), 1);
}

#[test]
fn a_line_that_would_end_its_field_stays_text_in_it() {
    let html = quality();
    let field = between(&html, "<textarea", "</textarea>").join("");
    assert!(field.contains("&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;"), "{field}");
    assert!(!html.contains("<script>alert"));
    assert_eq!(html.matches("</textarea>").count(), html.matches("<textarea").count());
}

#[test]
fn every_page_says_how_old_its_feed_is() {
    for (name, html) in all().into_iter().filter(|(_, html)| html.contains("class=\"view-line\"")) {
        let line = between(&html, "<a href=\"/quality#feeds\" class=\"feeds\"", "</a>").join("");
        assert!(line.contains("Last event 9 days 4 h ago"), "{name}: {line}");
    }
}

#[test]
fn a_reader_who_may_not_release_is_offered_no_release() {
    let mut view = fixture::sources::full();
    view.upload = None;
    for line in view.quarantine.groups.iter_mut().flat_map(|group| &mut group.entries) {
        line.idempotency = None;
    }
    let html = page(Place::Sources, move || view! { <SourcesContent view=view/> });
    assert!(!html.contains("/release") && !html.contains("/sources/import\""));
}

#[test]
fn the_filter_form_of_the_list_works_without_script() {
    let html = items();
    let form = between(&html, "<form method=\"get\" action=\"/items\"", "</form>").join("");
    for part in ["name=\"q\"", "name=\"team\"", "name=\"severity\"", "<button", "selected", "name=\"as_of\""] {
        assert!(form.contains(part), "{part}");
    }
}

#[test]
fn an_id_with_a_slash_leads_to_its_own_page() {
    assert!(items().contains("href=\"/items/CVE-2026-10001%2Fhost-with-a-very-long-name.example\""));
}

#[test]
fn sign_in_does_not_say_which_of_the_two_was_wrong() {
    let view = SignInView { trouble: Some(SignInTrouble::from_code("wrong")), ..SignInView::default() };
    let html = door(move || view! { <SignInContent view=view/> });
    assert!(html.contains("E-mail address and password do not fit together."));
    assert!(html.contains("autocomplete=\"current-password\""));
}

#[test]
fn a_new_token_is_shown_with_a_warning_and_what_was_typed_stays() {
    let html = page(Place::Connect, || view! { <TokensContent view=fixture::small::tokens()/> });
    assert!(html.contains("wc_k3v9x2aa_secret") && html.contains("Copy it now."));
    assert!(!html.contains("<b>spreadsheet"), "a name stays text");
    let form = between(&html, "action=\"/settings/tokens\"", "</form>").join("");
    let parts =
        ["name=\"id\"", "value=\"abcd2345\"", "value=\"500\"", "aria-invalid=\"true\"", "name=\"scope:read:bi\""];
    for part in parts {
        assert!(form.contains(part), "{part} in {form}");
    }
    assert_eq!(form.matches(" checked").count(), 1, "{form}");
    assert_eq!(html.matches("/revoke\"").count(), 1, "what has ended is not revoked again");
}

#[test]
fn before_the_password_there_is_no_form_that_needs_it() {
    let mut view = fixture::small::tokens();
    view.door = Door::Confirm("/step-up?next=/settings/tokens".to_owned());
    let html = page(Place::Connect, move || view! { <TokensContent view=view/> });
    assert!(html.contains("href=\"/step-up?next=/settings/tokens\""));
    assert!(!html.contains("action=\"/settings/tokens") && !html.contains("/revoke"));
}

#[test]
fn the_password_page_leads_back_to_where_the_reader_was() {
    let view = StepUpView { next: "/settings/tokens".to_owned(), ..StepUpView::default() };
    let html = door(move || view! { <StepUpContent view=view/> });
    let form = between(&html, "action=\"/step-up\"", "</form>").join("");
    assert!(form.contains("name=\"next\" value=\"/settings/tokens\""), "{form}");
    assert!(form.contains("autocomplete=\"current-password\""));
}

#[test]
fn a_broken_page_names_the_id_of_the_log_and_nothing_of_the_inside() {
    let error = UiError::Broken { request_id: "01J8".to_owned() };
    let html = page(Place::Gap, move || view! { <ErrorPanel error=error/> });
    assert!(html.contains("<code>01J8</code>"));
}
