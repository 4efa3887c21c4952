//! How likely weaknesses are exploited, as EPSS publishes it: scores of one day. Without that day they say nothing.

use super::{Adapter, Given, Rule, Settings, Shape, Translate, Understood, kev::cve, table::Row};
use crate::{
    drill::hold,
    held::{Fault, Held, shown},
};
use domain::{
    day::Day,
    enrichment::{Enriched, EpssScore, Feed, FeedKind, PartsPerBillion},
    quarantine::Reason,
};
use serde::{Deserialize, Serialize};

/// What a person says about scores that do not say it themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EpssSettings {
    /// The day of the scores, as in `2026-03-01`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_date: Option<String>,
}

impl EpssSettings {
    /// Whether nothing was said.
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it can be followed.
    pub(super) fn check(&self) -> Result<(), String> {
        match self.score_date.as_deref().map(str::parse::<Day>) {
            Some(Err(error)) => Err(error.to_string()),
            Some(Ok(_)) | None => Ok(()),
        }
    }
}

pub(super) const ADAPTER: Adapter = Adapter {
    name: "epss",
    title: "EPSS scores",
    recognise: |head| {
        let row = head.header_with(&["cve", "epss", "percentile"])?;
        Some(Shape::Table { delimiter: row.delimiter, preamble: row.preamble })
    },
    begin: |settings| Box::new(Epss::of(settings)),
};

struct Epss {
    version: Option<String>,
    score_date: Option<Day>,
    told: bool,
}

impl Epss {
    fn of(settings: &Settings) -> Self {
        let score_date = settings.epss.score_date.as_deref().and_then(|day| day.parse().ok());
        Self { version: None, score_date, told: false }
    }
}

impl Translate for Epss {
    /// `#model_version:v2025.03.14,score_date:2026-03-01T00:00:00+0000`
    fn beside(&mut self, _: &str, line: &str) {
        for part in line.trim_start_matches('#').split(',') {
            match part.split_once(':') {
                Some(("model_version", version)) => self.version = Some(version.trim().to_owned()),
                Some(("score_date", day)) => {
                    self.score_date = day.trim().get(..10).and_then(|day| day.parse().ok()).or(self.score_date);
                }
                _ => {}
            }
        }
    }

    fn record(&mut self, record: &Given<'_>, understood: &mut Understood) {
        let Given::Row(row) = record else { return };
        if self.score_date.is_none() {
            return self.undated(understood);
        }
        match score(row) {
            Ok(score) => understood.enriched.push(Enriched::Epss(score)),
            Err(fault) => hold(Held::because(fault), understood),
        }
    }

    fn finish(&mut self, understood: &mut Understood) {
        let (kind, version) = (FeedKind::Epss, self.version.take());
        understood.feed = self.score_date.map(|published_on| Feed { kind, version, published_on });
    }
}

impl Epss {
    /// One line is held for all of them: nobody wants a quarter of a million.
    fn undated(&mut self, understood: &mut Understood) {
        if self.told {
            return understood.quiet("score without a date");
        }
        self.told = true;
        understood.meet(Rule::EpssWithoutDate, "the file");
        let detail = "the file does not say of which day its scores are".to_owned();
        let fault = Fault::of("score_date", Reason::EpssWithoutDate, detail);
        hold(
            Held::because(fault.hint("keep its first line, or say the day in the settings of the source")),
            understood,
        );
    }
}

fn score(row: &Row<'_>) -> Result<EpssScore, Fault> {
    let share = |name: &str| -> Result<PartsPerBillion, Fault> {
        let text = row.raw(name).unwrap_or_default();
        let wrong = || Fault::of(name, Reason::BadValue, format!("`{}` in `{name}`, expected 0 to 1", shown(text)));
        text.parse().map_err(|_| wrong())
    };
    Ok(EpssScore {
        cve: cve(row.raw("cve").unwrap_or_default())?,
        score: share("epss")?,
        percentile: share("percentile")?,
    })
}
