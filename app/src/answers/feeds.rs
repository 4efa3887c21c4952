//! The feeds of the page `sources`, in words.

use domain::enrichment::FeedKind;
use service::question::feeds::{FeedAge, FeedState};

use crate::format;
use crate::pages::sources::FeedRow;

/// Each feed with its age.
pub(crate) fn rows(ages: &[FeedAge]) -> Vec<FeedRow> {
    ages.iter().map(|age| row(age.kind, age.newest.as_ref())).collect()
}

fn row(kind: FeedKind, newest: Option<&FeedState>) -> FeedRow {
    let name = match kind {
        FeedKind::Kev => "KEV catalogue",
        FeedKind::Epss => "EPSS scores",
    };
    let name = name.to_owned();
    let Some(newest) = newest else {
        return FeedRow { name, age: "never kept".to_owned(), state: String::new(), stale: String::new() };
    };
    let version = newest.version.as_ref().map(|version| format!(", version {}", format::visible(version)));
    FeedRow {
        name,
        age: match newest.days_old {
            0 => "last published today".to_owned(),
            days => format!("last published {} ago", format::counted(days, "day", "days")),
        },
        state: format!("{}{}", newest.published_on, version.unwrap_or_default()),
        stale: if newest.stale { "too old to say what is exploited now".to_owned() } else { String::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_one_of_days() {
        let state = |days_old| FeedState {
            published_on: "2026-06-22".parse().unwrap(),
            version: None,
            days_old,
            stale: days_old > 30,
        };
        let age = |days_old| row(FeedKind::Kev, Some(&state(days_old))).age;
        assert_eq!(age(0), "last published today");
        assert_eq!(age(1), "last published 1 day ago");
        assert_eq!(age(9), "last published 9 days ago");
        assert!(row(FeedKind::Kev, Some(&state(31))).stale.starts_with("too old"));
        assert_eq!(row(FeedKind::Epss, None).age, "never kept");
    }
}
