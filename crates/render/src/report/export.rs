//! How does the model become a PDF that can be filed for ten years and read aloud?

use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::ReportError;
use super::data::document;
use super::model::{Model, SCHEMA_VERSION};
use super::world::ReportWorld;

/// Fixed, so that a newer build of the same renderer gives the same bytes.
const CREATOR: &str = "Wallclock";

/// The PDF of `model`: PDF/A-2a and PDF/UA-1, tagged, with the typefaces inside. The same model gives the same bytes.
///
/// # Errors
/// [`ReportError`] says which part of the model or of the export was refused; a PDF that breaks its standard is never
/// returned.
pub fn pdf(model: &Model) -> Result<Vec<u8>, ReportError> {
    let pages = typeset(model);
    let written = pages.and_then(|pages| write(&pages, model));
    comemo::evict(0);
    written
}

/// The laid out pages.
pub(super) fn typeset(model: &Model) -> Result<PagedDocument, ReportError> {
    if model.schema != SCHEMA_VERSION {
        return Err(ReportError::Schema(model.schema));
    }
    let today = moment(&model.as_of)?;
    let world = ReportWorld::new(document(model)?, today)?;
    typst::compile::<PagedDocument>(&world).output.map_err(|faults| ReportError::Typeset(first(&faults)))
}

fn write(pages: &PagedDocument, model: &Model) -> Result<Vec<u8>, ReportError> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|fault| ReportError::Export(fault.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(model.report_id.clone()),
        creator: Smart::Custom(Some(CREATOR.to_owned())),
        timestamp: Some(Timestamp::new_utc(moment(&model.frozen_at)?)),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(pages, &options).map_err(|faults| ReportError::Export(first(&faults)))
}

fn first(faults: &[SourceDiagnostic]) -> String {
    faults.first().map(|fault| fault.message.to_string()).unwrap_or_default()
}

/// Reads `2026-07-01T00:00:00Z`.
fn moment(text: &str) -> Result<Datetime, ReportError> {
    let fault = || ReportError::Moment(text.chars().take(40).collect());
    let plain = text.strip_suffix('Z').ok_or_else(fault)?;
    let (date, time) = plain.split_once('T').ok_or_else(fault)?;
    let [year, month, day] = numbers(date, '-').ok_or_else(fault)?;
    let [hour, minute, second] = numbers(time, ':').ok_or_else(fault)?;
    let small = |number: u16| u8::try_from(number).ok();
    let built = || {
        Datetime::from_ymd_hms(
            i32::from(year),
            small(month)?,
            small(day)?,
            small(hour)?,
            small(minute)?,
            small(second)?,
        )
    };
    built().ok_or_else(fault)
}

fn numbers(text: &str, between: char) -> Option<[u16; 3]> {
    let parts: Option<Vec<u16>> = text.split(between).map(|part| part.parse().ok()).collect();
    parts?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_needs_its_zone_and_a_real_date() {
        assert!(moment("2026-07-01T00:00:00Z").is_ok());
        for refused in ["2026-07-01T00:00:00", "2026-02-30T00:00:00Z", "yesterday", ""] {
            assert!(moment(refused).is_err(), "{refused}");
        }
    }
}
