//! The answer of the page `reports`.

use super::asking::{Asking, known_at, told};
use crate::error::UiError;
use crate::format;
use crate::pages::reports::ReportsView;

/// Asks the service and writes its answer in words.
pub(crate) async fn load(query: &str) -> Result<ReportsView, UiError> {
    let asking = Asking::of(query).await?;
    let organisation = asking.services.organisation(&asking.caller).await.map_err(told)?;
    let ledger = asking.services.ledger_of(asking.caller.org, asking.view).await.map_err(told)?;
    let items = ledger.items().len() as u64;
    let moment = format!("as_of={}&known_at={}", asking.view.as_of, asking.view.known_at);
    let answer = if items == 0 {
        vec!["There is nothing to report yet.".to_owned()]
    } else {
        vec!["One page, the same sentence and the same numbers.".to_owned()]
    };
    Ok(ReportsView {
        answer,
        // Even an empty organisation gets its page: it says what is missing.
        board: Some(format!("/reports/board.pdf?{moment}")),
        facts: vec![
            ("Organisation".to_owned(), organisation.name),
            (
                "Window".to_owned(),
                format!("{} to {}", format::date(asking.view.observed_from), format::date(asking.view.as_of)),
            ),
            ("As of".to_owned(), format::minute(asking.view.as_of)),
            ("Known at".to_owned(), known_at(&asking.view)),
            ("Rests on".to_owned(), format::counted(items, "item", "items")),
            ("Definitions".to_owned(), "v1".to_owned()),
            ("Policy".to_owned(), "default".to_owned()),
        ],
        command: format!("wallclock report make --as-of {} --out board.pdf", asking.view.as_of),
    })
}
