//! Who may do what? The one table of roles, permissions and token scopes.

use super::role::Role;
use super::scope::Scope;

/// How far a permission reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Not at all.
    Nothing,
    /// Counts as everybody sees them; an opaque code stands where a name would.
    Masked,
    /// The teams of the person alone, and figures say so.
    OwnTeams,
    /// The whole organisation.
    All,
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// Something a caller may be allowed to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission { $($(#[$doc])* $name),+ }

        impl Permission {
            /// All permissions.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word as it is written in answers, logs and the audit trail.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }
        }

        /// One type for each permission, so that a grant of one cannot be used as a grant of another.
        pub mod proof {
            $(
                $(#[$doc])*
                #[derive(Clone, Copy, Debug)]
                pub struct $name;

                impl super::Proves for $name {
                    const PERMISSION: super::Permission = super::Permission::$name;
                }
            )+
        }
    };
}

/// A type that stands for one permission.
pub trait Proves: Copy + Send + Sync + 'static {
    /// The permission it stands for.
    const PERMISSION: Permission;
}

permissions! {
    /// Figures, definitions and explanations.
    FiguresRead = "figures.read",
    /// Lists of items, timelines and raw lines.
    ItemsRead = "items.read",
    /// Names of assets and people.
    NamesRead = "names.read",
    /// Drill records.
    DrillsRead = "drills.read",
    /// Record drills.
    DrillsWrite = "drills.write",
    /// Import files.
    ImportsWrite = "imports.write",
    /// Take a published import back.
    ImportsWithdraw = "imports.withdraw",
    /// Settings of a source.
    SourcesWrite = "sources.write",
    /// Outside reference data.
    ReferencesWrite = "references.write",
    /// Tokens that belong to no person.
    TokensMachine = "tokens.machine",
    /// People and their roles, never owners.
    UsersManage = "users.manage",
    /// Release and dismiss held lines.
    QuarantineWork = "quarantine.work",
    /// Registers.
    RegistersWrite = "registers.write",
    /// SLA policies, calendars, anchors, weights and thresholds.
    PolicyWrite = "policy.write",
    /// Objectives.
    ObjectivesWrite = "objectives.write",
    /// Inputs of the cost figures.
    MoneyWrite = "money.write",
    /// Freeze a report.
    ReportsFreeze = "reports.freeze",
    /// Make a share link.
    ShareMake = "share.make",
    /// Annotations.
    NotesWrite = "notes.write",
    /// Read reports.
    ReportsRead = "reports.read",
    /// Make drafts of reports.
    ReportsMake = "reports.make",
    /// Bulk files and the OData feed.
    ExportsRead = "exports.read",
    /// Own API tokens.
    TokensOwn = "tokens.own",
    /// The audit trail.
    AuditRead = "audit.read",
    /// Send events.
    EventsWrite = "events.write",
    /// Read the server's own metrics.
    MetricsScrape = "metrics.scrape",
    /// Owners, sign-in methods, keys, deletion.
    OrgManage = "org.manage",
}

impl std::fmt::Display for Permission {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

use Reach::{All as A, Masked as M, Nothing as N, OwnTeams as T};

impl Permission {
    /// How far each role reaches: owner, admin, ciso, analyst, drill lead, board viewer, and the auditor grant.
    const fn row(self) -> [Reach; 7] {
        match self {
            Self::FiguresRead | Self::ReportsRead => [A, A, A, T, T, A, A],
            Self::ItemsRead => [A, A, A, T, T, M, A],
            Self::NamesRead | Self::ExportsRead => [A, A, A, T, T, N, A],
            Self::DrillsRead => [A, A, A, T, A, M, A],
            Self::DrillsWrite => [A, N, A, N, A, N, N],
            Self::ImportsWrite => [A, A, N, A, N, N, N],
            Self::ImportsWithdraw
            | Self::SourcesWrite
            | Self::ReferencesWrite
            | Self::TokensMachine
            | Self::UsersManage => [A, A, N, N, N, N, N],
            Self::QuarantineWork => [A, A, N, T, N, N, N],
            Self::RegistersWrite => [A, A, A, A, A, N, N],
            Self::PolicyWrite | Self::ObjectivesWrite | Self::MoneyWrite | Self::ReportsFreeze | Self::ShareMake => {
                [A, N, A, N, N, N, N]
            }
            Self::NotesWrite => [A, A, A, T, A, N, N],
            Self::ReportsMake => [A, N, A, T, N, N, N],
            Self::TokensOwn => [A, A, A, A, A, N, N],
            Self::AuditRead => [A, A, A, N, N, N, A],
            Self::EventsWrite | Self::MetricsScrape => [N, N, N, N, N, N, N],
            Self::OrgManage => [A, N, N, N, N, N, N],
        }
    }

    /// How far `role` reaches with this permission.
    #[must_use]
    pub const fn of_role(self, role: Role) -> Reach {
        let [owner, admin, ciso, analyst, drill_lead, board_viewer, _] = self.row();
        match role {
            Role::Owner => owner,
            Role::Admin => admin,
            Role::Ciso => ciso,
            Role::Analyst => analyst,
            Role::DrillLead => drill_lead,
            Role::BoardViewer => board_viewer,
        }
    }

    /// How far the auditor grant reaches with this permission.
    #[must_use]
    pub const fn of_auditor(self) -> Reach {
        let [.., auditor] = self.row();
        auditor
    }

    /// The token scopes that carry this permission; empty where no token ever does.
    #[must_use]
    pub const fn scopes(self) -> &'static [Scope] {
        match self {
            Self::FiguresRead | Self::ItemsRead | Self::NamesRead => &[Scope::ReadApi, Scope::ReadBi],
            Self::DrillsRead => &[Scope::ReadApi],
            Self::DrillsWrite => &[Scope::WriteDrills],
            Self::ImportsWrite => &[Scope::WriteImports],
            Self::QuarantineWork => &[Scope::WriteQuarantine],
            Self::RegistersWrite => &[Scope::WriteRegisters],
            Self::ReferencesWrite => &[Scope::WriteReferences],
            Self::ReportsRead => &[Scope::ReadReports],
            Self::ReportsMake => &[Scope::MakeReports],
            Self::ExportsRead => &[Scope::ReadBi],
            Self::AuditRead => &[Scope::ReadAudit],
            Self::EventsWrite => &[Scope::WriteEvents],
            Self::MetricsScrape => &[Scope::ReadMetrics],
            Self::ImportsWithdraw
            | Self::SourcesWrite
            | Self::TokensMachine
            | Self::UsersManage
            | Self::PolicyWrite
            | Self::ObjectivesWrite
            | Self::MoneyWrite
            | Self::ReportsFreeze
            | Self::ShareMake
            | Self::NotesWrite
            | Self::TokensOwn
            | Self::OrgManage => &[],
        }
    }

    /// Whether only tokens carry it: no role does, so a token is not held to what its maker may do.
    #[must_use]
    pub const fn is_for_tokens_alone(self) -> bool {
        matches!(self, Self::EventsWrite | Self::MetricsScrape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_one_word_and_reads_back() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse::<Role>(), Ok(*role));
        }
    }

    #[test]
    fn a_board_viewer_sees_figures_and_reports_but_no_names() {
        let reach = |permission: Permission| permission.of_role(Role::BoardViewer);
        assert_eq!(reach(Permission::FiguresRead), Reach::All);
        assert_eq!(reach(Permission::ReportsRead), Reach::All);
        assert_eq!(reach(Permission::ItemsRead), Reach::Masked);
        assert_eq!(reach(Permission::NamesRead), Reach::Nothing);
        assert_eq!(reach(Permission::ImportsWrite), Reach::Nothing);
    }

    #[test]
    fn definitions_and_accounts_are_in_different_hands_except_for_owners() {
        for role in Role::ALL.iter().filter(|role| **role != Role::Owner) {
            let both = Permission::PolicyWrite.of_role(*role) == Reach::All
                && Permission::UsersManage.of_role(*role) == Reach::All;
            assert!(!both, "{} holds both", role.as_str());
        }
    }

    #[test]
    fn an_auditor_changes_nothing() {
        for permission in Permission::ALL {
            if permission.of_auditor() != Reach::Nothing {
                assert!(permission.as_str().ends_with(".read"), "{permission}");
            }
        }
    }

    #[test]
    fn what_no_role_carries_a_token_scope_does() {
        for permission in Permission::ALL {
            let by_nobody = Role::ALL.iter().all(|role| permission.of_role(*role) == Reach::Nothing);
            assert_eq!(by_nobody, permission.is_for_tokens_alone(), "{permission}");
            if by_nobody {
                assert!(!permission.scopes().is_empty(), "{permission}");
            }
        }
    }
}
