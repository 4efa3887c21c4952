//! Under which name does each form of an incident or alert hold its fields?

use crate::json::Value;

/// A place inside a record.
pub(super) type Path = &'static [&'static str];

/// What a record is.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// An incident or alert as it stands.
    Snapshot(&'static Names),
    /// One change of an incident.
    Row,
    /// A vulnerability of a device.
    Weakness,
}

/// Where a snapshot holds its fields; of several places the first that says something counts.
pub(super) struct Names {
    pub(super) id: &'static [Path],
    pub(super) first: Path,
    pub(super) last: Path,
    pub(super) created: Path,
    pub(super) modified: Path,
    /// Where it says when it was closed, if it does.
    pub(super) closed: Option<Path>,
    pub(super) status: Path,
    pub(super) severity: Path,
    pub(super) classification: Path,
    pub(super) reason: &'static [Path],
    pub(super) owner: &'static [Path],
    pub(super) asset: &'static [Path],
    pub(super) techniques: Path,
}

/// An incident of Sentinel's own interface.
static SENTINEL: Names = Names {
    id: &[&["name"], &["properties", "incidentNumber"]],
    first: &["properties", "firstActivityTimeUtc"],
    last: &["properties", "lastActivityTimeUtc"],
    created: &["properties", "createdTimeUtc"],
    modified: &["properties", "lastModifiedTimeUtc"],
    closed: None,
    status: &["properties", "status"],
    severity: &["properties", "severity"],
    classification: &["properties", "classification"],
    reason: &[&["properties", "classificationComment"], &["properties", "classificationReason"]],
    owner: &[
        &["properties", "owner", "userPrincipalName"],
        &["properties", "owner", "email"],
        &["properties", "owner", "assignedTo"],
    ],
    asset: &[],
    techniques: &["properties", "additionalData", "techniques"],
};

/// An alert of the Graph.
static GRAPH: Names = Names {
    id: &[&["id"]],
    first: &["firstActivityDateTime"],
    last: &["lastActivityDateTime"],
    created: &["createdDateTime"],
    modified: &["lastUpdateDateTime"],
    closed: Some(&["resolvedDateTime"]),
    status: &["status"],
    severity: &["severity"],
    classification: &["classification"],
    reason: &[&["determination"]],
    owner: &[&["assignedTo"]],
    asset: &[],
    techniques: &["mitreTechniques"],
};

/// An alert of Defender's own interface.
static DEFENDER: Names = Names {
    id: &[&["id"]],
    first: &["firstEventTime"],
    last: &["lastEventTime"],
    created: &["alertCreationTime"],
    modified: &["lastUpdateTime"],
    closed: Some(&["resolvedTime"]),
    status: &["status"],
    severity: &["severity"],
    classification: &["classification"],
    reason: &[&["determination"]],
    owner: &[&["assignedTo"]],
    asset: &[&["computerDnsName"], &["machineId"]],
    techniques: &["mitreTechniques"],
};

impl Form {
    pub(super) fn of(value: &Value<'_>) -> Option<Self> {
        let has = |paths: &[Path]| paths.iter().all(|path| value.at(path).is_some());
        if has(&[SENTINEL.created, &["properties", "incidentNumber"]]) {
            Some(Self::Snapshot(&SENTINEL))
        } else if has(&[&["IncidentNumber"], &["ModifiedBy"], &["CreatedTime"]]) {
            Some(Self::Row)
        } else if has(&[GRAPH.created, GRAPH.first, &["incidentId"]]) {
            Some(Self::Snapshot(&GRAPH))
        } else if has(&[DEFENDER.created, DEFENDER.first]) {
            Some(Self::Snapshot(&DEFENDER))
        } else if has(&[&["cveId"], &["machineId"]]) || has(&[&["cveId"], &["deviceId"]]) {
            Some(Self::Weakness)
        } else {
            None
        }
    }
}

/// The first word under one of several places.
pub(super) fn first_word(value: &Value<'_>, paths: &[Path]) -> Option<String> {
    paths.iter().find_map(|path| value.word_at(path))
}
