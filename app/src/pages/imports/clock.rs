//! What is subtracted from the times of a source whose clock runs ahead, and who decided it.

use leptos::prelude::*;

use super::view::ClockView;
use crate::components::SectionHead;
use crate::words::source_clock as words;

/// The decision in force, those before it, and a form for the next.
#[component]
pub fn SourceClock(clock: ClockView) -> impl IntoView {
    let decisions = (!clock.decisions.is_empty()).then(|| {
        let decisions = clock.decisions.into_iter().map(|decision| view! { <li>{decision}</li> }).collect_view();
        view! { <ul class="caption">{decisions}</ul> }
    });
    view! {
        <section class="section source-clock" aria-labelledby="clock">
            <SectionHead id="clock".to_owned() title=clock.title note=words::NOTE.into()/>
            {decisions}
            {clock.action.map(form)}
        </section>
    }
    .into_any()
}

fn form(action: String) -> impl IntoView {
    view! {
        <details class="fold">
            <summary>{words::DECIDE}</summary>
            <form method="post" action=action>
                <p>{words::WHAT}</p>
                <div class="field">
                    <label for="clock-seconds">{words::SECONDS}</label>
                    <input id="clock-seconds" name="seconds" required pattern="-?[0-9]{1,5}" autocomplete="off"/>
                </div>
                <div class="field">
                    <label for="clock-why">{words::WHY}</label>
                    <input id="clock-why" name="why" required maxlength="2000" autocomplete="off"/>
                </div>
                <button class="button">{words::DO}</button>
            </form>
        </details>
    }
    .into_any()
}
