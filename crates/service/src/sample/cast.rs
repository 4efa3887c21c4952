//! Who works at Aldergate Mutual, on what, and with which habits?

use domain::{kind::Kind, severity::Severity};

/// A team and its habits. Shares are in thousandths, durations in hours at even quantiles.
#[derive(Debug)]
pub(super) struct Team {
    pub(super) name: &'static str,
    pub(super) people: &'static [&'static str],
    pub(super) owner: &'static str,
    pub(super) kinds: &'static [(Kind, u64)],
    pub(super) classes: &'static [(&'static str, u64)],
    /// How assets are named.
    pub(super) asset: &'static str,
    pub(super) service: &'static str,
    /// From detection to ticket.
    pub(super) ticket_lag: &'static [i64],
    pub(super) ignored: u64,
    pub(super) pauses: u64,
    pub(super) pause_length: &'static [i64],
    pub(super) pause_reasons: &'static [(&'static str, &'static str)],
    pub(super) escalates: u64,
    pub(super) downgrades: u64,
    pub(super) excepts: u64,
    /// Closed within the last tenth before the deadline.
    pub(super) bunches: u64,
    pub(super) late: u64,
    pub(super) verified: u64,
    pub(super) seen_again: u64,
    pub(super) agent: u64,
    pub(super) weight: u64,
}

/// Who checks independently of the teams.
pub(super) const VERIFIER: &str = "verification-scanner";

/// Finds most things.
pub(super) const SCANNER: &str = "exposure-scanner";

/// Opens tickets.
pub(super) const DESK: &str = "service-desk";

/// The automation that patches endpoints.
pub(super) const AGENT: &str = "patch-agent";

/// Who is asked to decide.
pub(super) const ROLES: &[&str] = &["change advisory board", "CISO", "product owner", "head of infrastructure"];

/// Severities as scanners report them.
pub(super) const SEVERITIES: &[(Severity, u64)] =
    &[(Severity::Critical, 9), (Severity::High, 28), (Severity::Medium, 40), (Severity::Low, 23)];

/// The five teams.
pub(super) const TEAMS: &[Team] = &[PLATFORM, APPS, NETWORK, IDENTITY, ENDPOINT];

/// Patches in windows, many at once, and waits for them on paper.
pub(super) const PLATFORM: Team = Team {
    name: "platform",
    people: &["a.obi", "t.hale", "m.lindqvist", "r.castellan"],
    owner: "g.marsh",
    kinds: &[(Kind::Vulnerability, 78), (Kind::Misconfiguration, 17), (Kind::AuditFinding, 5)],
    classes: &[("server", 74), ("cloud", 16), ("legacy", 10)],
    asset: "srv-core",
    service: "claims-core",
    ticket_lag: &[4, 30, 70, 130, 240, 520, 1_400],
    ignored: 80,
    pauses: 460,
    pause_length: &[24, 120, 300, 600, 1_100, 2_200],
    pause_reasons: &[
        ("change_window", "waiting for the next maintenance window"),
        ("vendor", "vendor has not released the fix for this build"),
        ("dependency", "middleware upgrade has to come first"),
    ],
    escalates: 140,
    downgrades: 90,
    excepts: 90,
    bunches: 600,
    late: 51,
    verified: 800,
    seen_again: 150,
    agent: 60,
    weight: 30,
};

/// Ranks things down before they breach, and sees them come back.
pub(super) const APPS: Team = Team {
    name: "apps",
    people: &["j.okafor", "s.whitlock", "d.ferrand", "n.iyer", "k.brandt"],
    owner: "p.adeyemi",
    kinds: &[
        (Kind::Vulnerability, 66),
        (Kind::Misconfiguration, 14),
        (Kind::DrillFinding, 8),
        (Kind::AuditFinding, 12),
    ],
    classes: &[("server", 48), ("cloud", 40), ("legacy", 12)],
    asset: "srv-apps",
    service: "quote-and-buy",
    ticket_lag: &[6, 60, 150, 260, 420, 800, 2_000],
    ignored: 110,
    pauses: 330,
    pause_length: &[24, 90, 240, 480, 900, 1_700],
    pause_reasons: &[
        ("priority", "release freeze, feature work first"),
        ("capacity", "nobody free this sprint"),
        ("context", "asked the product owner who uses this component"),
    ],
    escalates: 100,
    downgrades: 260,
    excepts: 110,
    bunches: 640,
    late: 73,
    verified: 690,
    seen_again: 230,
    agent: 20,
    weight: 26,
};

/// Accepts the risk for another quarter.
pub(super) const NETWORK: Team = Team {
    name: "network",
    people: &["v.santos", "h.reyes", "b.kowalski"],
    owner: "l.novak",
    kinds: &[(Kind::Vulnerability, 55), (Kind::Misconfiguration, 30), (Kind::Posture, 15)],
    classes: &[("network", 82), ("legacy", 18)],
    asset: "net-edge",
    service: "branch-network",
    ticket_lag: &[12, 90, 220, 380, 620, 1_100, 2_600],
    ignored: 90,
    pauses: 330,
    pause_length: &[48, 160, 360, 700, 1_300, 2_400],
    pause_reasons: &[
        ("change_window", "waiting for the quarterly network change"),
        ("approval", "change not yet approved"),
        ("vendor", "firmware announced for next quarter"),
    ],
    escalates: 210,
    downgrades: 70,
    excepts: 330,
    bunches: 520,
    late: 60,
    verified: 740,
    seen_again: 110,
    agent: 10,
    weight: 14,
};

/// Opens tickets at once, then waits for somebody to decide.
pub(super) const IDENTITY: Team = Team {
    name: "identity",
    people: &["c.moreau", "f.tanaka", "o.eriksen"],
    owner: "y.haddad",
    kinds: &[(Kind::Identity, 72), (Kind::Posture, 20), (Kind::AuditFinding, 8)],
    classes: &[("identity", 88), ("saas", 12)],
    asset: "id-realm",
    service: "workforce-identity",
    ticket_lag: &[1, 6, 20, 44, 80, 150, 500],
    ignored: 50,
    pauses: 240,
    pause_length: &[24, 72, 160, 340, 700, 1_300],
    pause_reasons: &[
        ("business_need", "manager says the access is needed for year end"),
        ("caller", "waiting for the account owner to answer"),
    ],
    escalates: 420,
    downgrades: 60,
    excepts: 150,
    bunches: 470,
    late: 28,
    verified: 640,
    seen_again: 150,
    agent: 60,
    weight: 13,
};

/// Lets an agent patch, and trusts it longer than it deserves.
pub(super) const ENDPOINT: Team = Team {
    name: "endpoint",
    people: &["e.larsson", "w.osei", "i.petrova"],
    owner: "q.bertrand",
    kinds: &[(Kind::Vulnerability, 82), (Kind::Incident, 10), (Kind::Posture, 8)],
    classes: &[("workstation", 95), ("legacy", 5)],
    asset: "wks-fleet",
    service: "end-user-computing",
    ticket_lag: &[1, 4, 14, 36, 80, 200, 700],
    ignored: 70,
    pauses: 180,
    pause_length: &[12, 48, 120, 260, 500, 1_000],
    pause_reasons: &[
        ("caller", "device not seen on the network"),
        ("dependency", "waits for the next build of the client image"),
    ],
    escalates: 40,
    downgrades: 50,
    excepts: 60,
    bunches: 420,
    late: 35,
    verified: 790,
    seen_again: 250,
    agent: 420,
    weight: 17,
};
