//! By which names do tools call what a mapping needs? The surest first; `!id` must not be among the words of a name.

/// Words that must all be in the name of a column.
pub(super) type Wishes = &'static [&'static str];

pub(super) const WEAKNESS: Wishes = &[
    "plugin id",
    "qid",
    "vulnerability id",
    "vuln id",
    "rule id",
    "check id",
    "control id",
    "cve",
    "plugin",
    "rule",
    "check",
    "control",
    "weakness",
    "vulnerability !score !severity",
    "entitlement",
    "permission",
    "privilege",
    "finding !id !key !number !uuid",
    "issue !id !key !number !type !uuid",
    "title",
    "summary",
];

pub(super) const HOST: Wishes = &[
    "asset id",
    "host name",
    "hostname",
    "asset name",
    "host",
    "fqdn",
    "dns",
    "server",
    "configuration item",
    "resource id",
    "resource !group",
    "asset !group !class !type",
    "device",
    "machine",
    "computer",
    "instance",
    "ip",
    "image",
    "container",
    "repository",
    "application",
    "identity",
    "user",
    "account",
    "system !operating",
    "cluster",
    "url",
];

/// Names of columns that hold identities, where [`HOST`] found one.
pub(super) const IDENTITY: Wishes = &["identity", "user", "account"];

pub(super) const NATIVE: Wishes =
    &["finding id", "issue key", "issue id", "record id", "uuid", "guid", "key", "id", "number"];
pub(super) const SEVERITY: Wishes = &["severity", "risk", "priority", "criticality", "cvss", "score"];
pub(super) const STATUS: Wishes = &["status", "state", "workflow"];
pub(super) const TEAM: Wishes = &["team", "assignment group", "group", "department", "squad"];
pub(super) const OWNER: Wishes = &["owner", "assignee", "assigned", "responsible"];
pub(super) const TICKET: Wishes = &["ticket", "jira", "incident number"];
pub(super) const PORT: Wishes = &["port"];
pub(super) const CVE: Wishes = &["cve"];

pub(super) const FIRST: Wishes = &[
    "first seen",
    "first found",
    "first",
    "discovered",
    "detected",
    "found",
    "identified",
    "created",
    "opened",
    "reported",
    "since",
    "start",
    "raised",
];
pub(super) const LAST: Wishes = &["last seen", "last found", "last", "most recently", "seen", "updated"];
pub(super) const TICKETED: Wishes = &["ticket", "opened", "created"];
pub(super) const END: Wishes = &["fixed", "remediated", "resolved", "closed", "mitigated", "completed", "end"];
pub(super) const AGAIN: Wishes = &["reopened", "resurfaced", "reintroduced", "redetected"];
pub(super) const DUE: Wishes = &["due", "deadline", "target", "sla"];
/// Times of the weakness in the world, not of the item.
pub(super) const PUBLIC: Wishes = &["published", "publication", "release", "released", "patch"];

/// Whether a name has all these words; `ticket` finds `tickets` as well.
pub(super) fn has(words: &[String], wish: &str) -> bool {
    let holds = |wanted: &str| words.iter().any(|word| word == wanted || word.strip_suffix('s') == Some(wanted));
    wish.split(' ').all(|wanted| match wanted.strip_prefix('!') {
        Some(unwanted) => !holds(unwanted),
        None => holds(wanted),
    })
}

/// The words of a name: `firstSeen_At` is `first`, `seen`, `at`.
pub(super) fn words(name: &str) -> Vec<String> {
    let (mut found, mut word, mut was_lower) = (Vec::new(), String::new(), false);
    for sign in name.chars() {
        let begins = !sign.is_alphanumeric() || (sign.is_uppercase() && was_lower);
        if begins && !word.is_empty() {
            found.push(std::mem::take(&mut word));
        }
        if sign.is_alphanumeric() {
            word.extend(sign.to_lowercase());
        }
        was_lower = sign.is_lowercase() || sign.is_ascii_digit();
    }
    if !word.is_empty() {
        found.push(word);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_come_apart_into_words() {
        assert_eq!(words("firstSeen_At"), ["first", "seen", "at"]);
        assert_eq!(words("Asset IP-Address"), ["asset", "ip", "address"]);
        assert_eq!(words("CVEs"), ["cves"]);
        assert!(has(&words("Open Tickets"), "ticket"));
        assert!(has(&words("Finding"), "finding !id") && !has(&words("Finding ID"), "finding !id"));
    }
}
