//! What was found.

use std::fmt;

use super::Item;

/// What came of every item.
///
/// Shown, it is one line for each:
///
/// ```text
/// ✓ error-bodies
/// ✗ token-redirects: followed a 307 to another port
/// - compression-bomb: out of reach: the runtime decodes what it receives, without a limit
/// ```
#[derive(Clone, Debug)]
#[must_use = "it says whether the driver conforms"]
pub struct Report {
    findings: Vec<Finding>,
}

/// What came of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Which one.
    pub item: Item,
    /// What came of it.
    pub outcome: Outcome,
}

/// How an item ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The driver does as it should.
    Passed,
    /// It does not; this was seen.
    Failed(String),
    /// Its stack cannot, for this reason, and the item was not run.
    OutOfReach(&'static str),
}

impl Report {
    pub(super) fn of(findings: Vec<Finding>) -> Self {
        Self { findings }
    }

    /// What came of each item, in their order.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether nothing failed. What is out of reach did not.
    #[must_use]
    pub fn is_conforming(&self) -> bool {
        let has_failed = |finding: &Finding| matches!(finding.outcome, Outcome::Failed(_));
        !self.findings.iter().any(has_failed)
    }

    /// Ends a test whose driver does not conform.
    ///
    /// # Panics
    /// With the whole report, where something failed.
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
            Outcome::OutOfReach(reason) => write!(f, "- {item}: out of reach: {reason}"),
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
            Outcome::OutOfReach("it unpacks all"),
        ]);

        assert_eq!(
            shown.to_string(),
            "✓ error-bodies\n\
             ✗ token-redirects: followed a 307 to another port\n\
             - compression-bomb: out of reach: it unpacks all\n"
        );
        assert!(!shown.is_conforming());
    }

    #[test]
    fn what_is_out_of_reach_is_no_failure() {
        let beyond = Outcome::OutOfReach("it unpacks all");

        report([Outcome::Passed, Outcome::Passed, beyond]).assert_conforming();
    }

    #[test]
    #[should_panic(expected = "✗ error-bodies: nothing came")]
    fn a_failure_ends_the_test_with_the_report() {
        let failed = Outcome::Failed("nothing came".to_owned());

        report([failed, Outcome::Passed, Outcome::Passed]).assert_conforming();
    }
}
