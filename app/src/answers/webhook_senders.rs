//! What is entered in each tool, so that it sends by itself?

use service::webhook::Kind;

use crate::pages::webhooks::SenderRow;

/// The name of a tool, as its own people write it.
pub(super) const fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Jira => "Jira",
        Kind::ServiceNow => "ServiceNow",
        Kind::PagerDuty => "PagerDuty",
        Kind::GitHub => "GitHub",
        Kind::SecurityHub => "AWS Security Hub, by EventBridge",
        Kind::Generic => "Anything else: a signature over the body, or CloudEvents",
    }
}

/// One row a tool.
pub(super) fn rows() -> Vec<SenderRow> {
    let row = |kind: Kind| {
        let (place, enter) = steps(kind);
        SenderRow { name: name_of(kind).to_owned(), place: place.to_owned(), enter: enter.to_owned() }
    };
    Kind::ALL.into_iter().map(row).collect()
}

const fn steps(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Jira => (
            "Settings, System, WebHooks",
            "The address as URL and the secret as Secret; tick issue created and issue updated. A JQL query leaves out what is no weakness. An older server that cannot sign takes the address with its key.",
        ),
        Kind::ServiceNow => (
            "A business rule or a flow on incident, after insert and update, with a REST message",
            "The address with its key as endpoint, method POST, the row as JSON with internal values. A script can sign instead, as Standard Webhooks do. Save a mapping with the zone of the instance: its times have none.",
        ),
        Kind::PagerDuty => (
            "Integrations, Generic Webhooks (v3)",
            "The address as URL and the events of incidents. PagerDuty makes the secret and shows it once: paste it here when you make the webhook.",
        ),
        Kind::GitHub => (
            "Settings, Webhooks of the organisation or the repository",
            "The address as Payload URL, content type application/json, the secret as Secret; tick Dependabot alerts, Code scanning alerts and Secret scanning alerts.",
        ),
        Kind::SecurityHub => (
            "EventBridge: a rule on aws.securityhub, Security Hub Findings - Imported, with an API destination",
            "The address without its key as endpoint; a connection of type API key with the name Authorization and the key as its value.",
        ),
        Kind::Generic => (
            "The tool or script that sends",
            "POST to the address, signed by HMAC-SHA256 as Standard Webhooks say: webhook-id, webhook-timestamp, webhook-signature. The body is what the API takes: lines, lists, tables, or CloudEvents alone, in a batch or with ce- headers.",
        ),
    }
}
