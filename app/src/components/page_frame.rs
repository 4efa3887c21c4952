//! What stands around every answer.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;

use super::{Colophon, ErrorPanel, LabelPatterns, Masthead, PageNav, SampleRibbon, SkipLink, ViewLine};
use crate::error::{UiError, answer_with_status};
use crate::place::Place;
use crate::session::{FrameView, frame};

/// Ribbon, masthead, navigation and small print around the content of a page.
#[component]
pub fn PageFrame(frame: FrameView, current: Place, children: Children) -> impl IntoView {
    view! {
        <SkipLink/>
        <LabelPatterns/>
        {frame.is_sample.then(|| view! { <SampleRibbon/> })}
        <div class="page">
            <header>
                <Masthead organisation=frame.organisation person=frame.person theme=frame.theme/>
                <PageNav current=current query=frame.moment/>
                <ViewLine parts=frame.view feeds=frame.feeds change=frame.change/>
            </header>
            <main id="main" tabindex="-1">{children()}</main>
            <Colophon lines=frame.colophon/>
        </div>
    }
    .into_any()
}

/// Loads the frame and then the page; what goes wrong with the page leaves the frame standing.
pub fn framed<T, V>(
    current: Place,
    title: String,
    query: String,
    load: impl Future<Output = Result<T, UiError>> + Send + 'static,
    content: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    let page = Suspend::new(async move {
        let frame = frame(query).await.unwrap_or_default();
        let inner = match load.await {
            Ok(answer) => Either::Left(content(answer)),
            Err(error) => {
                answer_with_status(error.status());
                Either::Right(view! { <ErrorPanel error=error/> })
            }
        };
        view! { <PageFrame frame=frame current=current>{inner}</PageFrame> }
    });
    view! { <Title text=title/>{page} }
}
