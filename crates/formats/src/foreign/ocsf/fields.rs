//! Where does an OCSF record hold what is asked of it? Producers differ in what they fill.

use super::{super::severity::Meant, Ocsf, SCALE, class::Class, record::Record};

impl Record<'_> {
    /// The oldest class has its state under a key of its own; there `status` says whether an action worked.
    pub(super) fn number(&self) -> Option<String> {
        self.value.word_at(&["state_id"]).or_else(|| self.value.word_at(&["status_id"]))
    }

    /// The status in the words of its producer.
    pub(super) fn word(&self) -> Option<String> {
        let named = if self.value.at(&["state_id"]).is_some() { "state" } else { "status" };
        self.value.word_at(&[named]).or_else(|| self.number())
    }

    pub(super) fn owner(&self) -> Option<String> {
        let named = ["name", "email_addr", "uid"].iter().find_map(|key| self.value.word_at(&["assignee", key]));
        named.or_else(|| self.value.word_at(&["assignee"]))
    }

    /// Whether the check passed, where the record tells of a check.
    pub(super) fn compliance(&self) -> Option<bool> {
        if self.class != Class::Compliance {
            return None;
        }
        match self.value.word_at(&["compliance", "status_id"]).as_deref() {
            Some("1") => Some(true),
            Some("3") => Some(false),
            Some("0" | "2" | "99") => None,
            _ => match self.value.text_at(&["compliance", "status"])? {
                word if word.eq_ignore_ascii_case("pass") || word.eq_ignore_ascii_case("passed") => Some(true),
                word if word.eq_ignore_ascii_case("fail") || word.eq_ignore_ascii_case("failed") => Some(false),
                _ => None,
            },
        }
    }

    pub(super) fn raw_severity(&self) -> Option<String> {
        self.value.word_at(&["severity"]).or_else(|| self.value.word_at(&["severity_id"]))
    }

    pub(super) fn severity(&self, ocsf: &Ocsf) -> Option<Meant> {
        let number = self.value.word_at(&["severity_id"]).filter(|number| !matches!(number.as_str(), "0" | "99"));
        let word = number.or_else(|| self.value.word_at(&["severity"]))?;
        Some(Meant::on(SCALE, &ocsf.settings, &word))
    }

    /// What it sits on: the resources, else the account or device the record is about.
    pub(super) fn resources(&self) -> Vec<String> {
        let listed = self.texts(&["resources"], &[&["uid"], &["name"]]);
        if !listed.is_empty() {
            return listed;
        }
        let single: [&[&str]; 7] = [
            &["resource", "uid"],
            &["resource", "name"],
            &["user", "uid"],
            &["user", "name"],
            &["device", "uid"],
            &["device", "hostname"],
            &["application", "uid"],
        ];
        single.iter().find_map(|path| self.value.word_at(path)).into_iter().collect()
    }

    pub(super) fn info_attacks(&self) -> Vec<String> {
        self.info.list_at(&["attacks"]).iter().filter_map(|attack| attack.word_at(&["technique", "uid"])).collect()
    }

    /// The first text under one of the paths of each element of a list, each once.
    pub(super) fn texts(&self, list: &[&str], paths: &[&[&str]]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for element in self.value.list_at(list) {
            let text = paths.iter().find_map(|path| element.word_at(path));
            found.extend(text.filter(|text| !found.contains(text)));
        }
        found
    }
}
