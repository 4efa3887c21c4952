//! How does each label of a second look? One order, one look and one letter, everywhere.

use domain::label::Label;

use crate::svg::{Canvas, Look, Shape, TextSize, Tone};

/// The labels from what the SLA report shows to what only the wall clock knows.
pub const DRAWING_ORDER: [Label; 10] = [
    Label::OnClockFinal,
    Label::OnClockReset,
    Label::OffCalendar,
    Label::Paused,
    Label::Exception,
    Label::Untracked,
    Label::AwaitingVerification,
    Label::FalselyClosed,
    Label::ClosedUnverified,
    Label::RecurrenceGap,
];

/// The letter that stands for a label in charts and tables.
#[must_use]
pub const fn label_letter(label: Label) -> &'static str {
    match label {
        Label::OnClockFinal => "C",
        Label::OnClockReset => "R",
        Label::OffCalendar => "N",
        Label::Paused => "P",
        Label::Exception => "E",
        Label::Untracked => "U",
        Label::AwaitingVerification => "V",
        Label::FalselyClosed => "F",
        Label::ClosedUnverified => "X",
        Label::RecurrenceGap => "G",
    }
}

/// The name of a label as a reader sees it.
#[must_use]
pub const fn label_name(label: Label) -> &'static str {
    match label {
        Label::OnClockFinal => "on clock",
        Label::OnClockReset => "on clock, later reset",
        Label::OffCalendar => "off calendar",
        Label::Paused => "paused",
        Label::Exception => "exception",
        Label::Untracked => "untracked",
        Label::AwaitingVerification => "awaiting verification",
        Label::FalselyClosed => "falsely closed",
        Label::ClosedUnverified => "closed unverified",
        Label::RecurrenceGap => "recurrence gap",
    }
}

const fn fill(label: Label) -> Shape {
    match label {
        Label::OnClockFinal => Shape::LabelC,
        Label::OnClockReset => Shape::LabelR,
        Label::OffCalendar => Shape::LabelN,
        Label::Paused => Shape::LabelP,
        Label::Exception => Shape::LabelE,
        Label::Untracked => Shape::LabelU,
        Label::AwaitingVerification => Shape::LabelV,
        Label::FalselyClosed => Shape::LabelF,
        Label::ClosedUnverified => Shape::LabelX,
        Label::RecurrenceGap => Shape::LabelG,
    }
}

/// The rim of a hatched label; a solid one has none, and an outlined one is its own rim.
const fn rim(label: Label) -> Option<Shape> {
    match label {
        Label::OnClockReset | Label::OffCalendar => Some(Shape::LabelRimPaper),
        Label::Paused | Label::Exception | Label::AwaitingVerification | Label::ClosedUnverified => {
            Some(Shape::LabelRim)
        }
        Label::OnClockFinal | Label::Untracked | Label::FalselyClosed | Label::RecurrenceGap => None,
    }
}

pub(super) fn draw_label(canvas: &Canvas, label: Label, at: (f64, f64), width: f64, height: f64) {
    canvas.rect(fill(label), at, width, height);
    if let Some(rim) = rim(label) {
        canvas.rect(rim, at, width, height);
    }
}

/// How the letter is written on an area of this label.
pub(super) const fn letter_look(label: Label) -> Look {
    let look = match label {
        Label::OnClockFinal => Look::tone(Tone::OnPaper),
        Label::FalselyClosed => Look::tone(Tone::OnPractice),
        Label::Untracked | Label::RecurrenceGap => Look::ink(),
        Label::OnClockReset
        | Label::OffCalendar
        | Label::Paused
        | Label::Exception
        | Label::AwaitingVerification
        | Label::ClosedUnverified => Look::ink().halo(),
    };
    look.strong().sized(TextSize::S14).middle()
}
