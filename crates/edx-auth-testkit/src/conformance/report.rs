//! The results of the check.

use std::fmt;

use super::Item;

/// The results of all items.
///
/// It displays one line for each item:
///
/// ```text
/// ✓ error-bodies
/// ✗ token-redirects: followed a 307 to another port
/// - compression-bomb: not applicable: the runtime decodes what it receives, without a limit
/// ```
#[derive(Clone, Debug)]
#[must_use = "it contains the failures"]
pub struct Report {
    findings: Vec<Finding>,
}

/// The result of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The item.
    pub item: Item,
    /// Its outcome.
    pub outcome: Outcome,
}

/// The outcome of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The driver passes.
    Passed,
    /// The driver fails, with a description of what it did.
    Failed(String),
    /// The item does not apply to the HTTP stack of the driver, for this reason. It was not run.
    NotApplicable(&'static str),
}

impl Report {
    pub(super) fn of(findings: Vec<Finding>) -> Self {
        Self { findings }
    }

    /// Returns the result of each item, in the order of the list.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns whether no item failed. An item that does not apply has not failed.
    #[must_use]
    pub fn is_conforming(&self) -> bool {
        let has_failed = |finding: &Finding| matches!(finding.outcome, Outcome::Failed(_));
        !self.findings.iter().any(has_failed)
    }

    /// Asserts that no item failed.
    ///
    /// # Panics
    /// Panics with the whole report if an item failed.
    #[track_caller]
    pub fn assert_conforming(&self) {
        assert!(self.is_conforming(), "the driver does not conform:\n{self}");
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.findings
            .iter()
            .try_for_each(|finding| writeln!(f, "{finding}"))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let item = self.item;
        match &self.outcome {
            Outcome::Passed => write!(f, "✓ {item}"),
            Outcome::Failed(seen) => write!(f, "✗ {item}: {seen}"),
            Outcome::NotApplicable(reason) => write!(f, "- {item}: not applicable: {reason}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(outcomes: [Outcome; 3]) -> Report {
        let items = [
            Item::ErrorBodies,
            Item::TokenRedirects,
            Item::CompressionBomb,
        ];
        let findings = items.into_iter().zip(outcomes);
        Report::of(
            findings
                .map(|(item, outcome)| Finding { item, outcome })
                .collect(),
        )
    }

    #[test]
    fn a_report_is_a_line_for_each_item() {
        let failed = Outcome::Failed("followed a 307 to another port".to_owned());
        let shown = report([
            Outcome::Passed,
            failed,
            Outcome::NotApplicable("it decodes everything"),
        ]);

        assert_eq!(
            shown.to_string(),
            "✓ error-bodies\n\
             ✗ token-redirects: followed a 307 to another port\n\
             - compression-bomb: not applicable: it decodes everything\n"
        );
        assert!(!shown.is_conforming());
    }

    #[test]
    fn an_item_that_does_not_apply_is_not_a_failure() {
        let excused = Outcome::NotApplicable("it decodes everything");

        report([Outcome::Passed, Outcome::Passed, excused]).assert_conforming();
    }

    #[test]
    #[should_panic(expected = "✗ error-bodies: no response")]
    fn a_failure_ends_the_test_with_the_report() {
        let failed = Outcome::Failed("no response".to_owned());

        report([failed, Outcome::Passed, Outcome::Passed]).assert_conforming();
    }
}
