//! What would the report say if it counted risk, and everybody? The SLA share by severity and by exposure, and with the
//! excluded classes in it (D10, D17).

use super::{
    ground::Ground,
    size::{Size, SizeUnit},
};
use crate::{
    flow::exposure::Exposure,
    ledger::Frame,
    real::{days, whole},
    sla::{SlaReport, is_excluded, report_records},
};
use domain::{fact::ItemFacts, label::Label, policy::Policy};

/// Met among records in per cent, each record with a weight; nothing without weight.
fn percent<'a>(ground: &Ground<'a>, weight: impl Fn(&'a ItemFacts, &domain::fact::SlaRecord) -> f64) -> Option<f64> {
    let (mut met, mut all) = (0.0, 0.0);
    for facts in &ground.facts {
        for record in report_records(facts, ground.frame.policy) {
            let weight = weight(facts, record);
            all += weight;
            met += if record.met() == Some(true) { weight } else { 0.0 };
        }
    }
    (all > 0.0).then(|| 100.0 * met / all)
}

/// D17: the SLA share with each record weighing as much as its severity, and as much as the time its item was there,
/// less the plain one.
#[must_use]
pub fn by_risk(ground: &Ground<'_>) -> Vec<Size> {
    let plain = ground.report.met.percent();
    let less = |weighted: Option<f64>| weighted.zip(plain).map(|(weighted, plain)| weighted - plain);
    let by_severity = percent(ground, |_, record| ground.frame.policy.weights.get(record.severity));
    let as_of = ground.frame.view.as_of;
    let by_exposure = percent(ground, |facts, _| whole(facts.wall_seconds(as_of, ground.mode)));
    let records = ground.report.met.of();
    vec![
        Size::new("d17", "weighted_by_severity", SizeUnit::Points, less(by_severity), records),
        Size::new("d17", "weighted_by_exposure", SizeUnit::Points, less(by_exposure), records),
    ]
}

/// D10: the SLA share without exclusions less the one reported, and what the excluded classes hold of exposure and time.
#[must_use]
pub fn excluded(ground: &Ground<'_>) -> Vec<Size> {
    let everybody = Policy { excluded_classes: Vec::new(), ..ground.frame.policy.clone() };
    let with_all = SlaReport::of(ground.facts.iter().copied(), &everybody).met;
    let points = with_all.percent().zip(ground.report.met.percent()).map(|(all, reported)| all - reported);
    let left_out: Vec<&ItemFacts> =
        ground.facts.iter().copied().filter(|facts| is_excluded(facts, ground.frame.policy)).collect();
    let exposure =
        |items: &[&ItemFacts], frame: &Frame<'_>| Exposure::of(items, frame.policy, &frame.view, ground.mode).days();
    let (own, all) = (exposure(&left_out, &ground.frame), exposure(&ground.facts, &ground.frame));
    let seconds: i64 = left_out
        .iter()
        .map(|facts| facts.labels(ground.frame.view.as_of, ground.mode, ground.frame.calendar))
        .flat_map(|labels| Label::ALL.map(|label| labels.get(label)))
        .sum();
    let some = |value: f64| (ground.count() > 0).then_some(value);
    vec![
        Size::new("d10", "reported_without_exclusions", SizeUnit::Points, points, with_all.of()),
        Size::new("d10", "excluded_days", SizeUnit::Days, some(days(seconds)), ground.count()),
        Size::new("d10", "share_of_exposure_excluded", SizeUnit::Share, (all > 0.0).then(|| own / all), ground.count()),
    ]
}
