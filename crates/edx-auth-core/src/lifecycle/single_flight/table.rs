//! The transition table of a renewal. A trigger that has no row for a phase changes nothing. Nothing
//! else in the lifecycle changes a phase.

/// What the one renewal is doing. The cached token is another matter: its age alone says whether it
/// is fresh, due or expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::lifecycle) enum Phase {
    /// No attempt is in flight, and the next caller that needs a token is elected.
    Idle,
    /// One attempt is elected, until its lease expires.
    InFlight,
    /// No attempt starts before the backoff after a temporary failure ends.
    BackingOff,
    /// No attempt starts before the backoff after a permanent failure ends.
    Blocked,
}

/// What changes the phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::lifecycle) enum Trigger {
    /// A caller is elected.
    Elected,
    /// The elected caller's token request is sent, or its lease starts again.
    Begun,
    /// The attempt brought a token.
    Issued,
    /// The attempt failed temporarily, or was abandoned.
    Failed,
    /// The attempt failed permanently.
    Denied,
    /// The attempt did not end before its lease expired.
    LeaseExpired,
    /// The backoff has ended.
    BackoffOver,
    /// The program has other client credentials now.
    NewCredentials,
}

use Phase::{BackingOff, Blocked, Idle, InFlight};
use Trigger::{BackoffOver, Begun, Denied, Elected, Failed, Issued, LeaseExpired, NewCredentials};

/// A row for each transition: the phase before it, its trigger, and the phase after it.
pub(in crate::lifecycle) const TABLE: [(Phase, Trigger, Phase); 10] = [
    (Idle, Elected, InFlight),
    (InFlight, Begun, InFlight),
    (InFlight, Issued, Idle),
    (InFlight, Failed, BackingOff),
    (InFlight, Denied, Blocked),
    (InFlight, LeaseExpired, Idle),
    (InFlight, NewCredentials, Idle),
    (BackingOff, BackoffOver, Idle),
    (Blocked, BackoffOver, Idle),
    (Blocked, NewCredentials, Idle),
];

impl Phase {
    /// Returns the phase that follows, if the table has one.
    pub(super) fn after(self, trigger: Trigger) -> Option<Self> {
        let row = TABLE
            .iter()
            .find(|(from, by, _)| (*from, *by) == (self, trigger));
        row.map(|(_, _, to)| *to)
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use super::*;

    /// Returns the diagram in the agent's documentation, a line for every row.
    fn picture() -> String {
        let row = |(from, by, to): (Phase, Trigger, Phase)| {
            let (from, by) = (format!("{from:?}"), format!("{by:?} "));
            format!("{from:<11}── {by:─<16}> {to:?}\n")
        };
        TABLE.into_iter().map(row).collect()
    }

    #[test]
    fn the_diagram_in_the_documentation_matches_the_table() {
        let documentation = include_str!("../../agent/states.md");

        assert!(
            documentation.contains(&picture()),
            "it should be:\n{}",
            picture()
        );
    }

    #[test]
    fn no_phase_and_trigger_have_two_rows() {
        for (at, (from, by, _)) in TABLE.iter().enumerate() {
            let mut others = TABLE.iter().skip(at + 1);
            assert!(
                others.all(|(f, b, _)| (f, b) != (from, by)),
                "{from:?} {by:?}"
            );
        }
    }

    #[test]
    fn every_phase_can_be_left() {
        for phase in [Idle, InFlight, BackingOff, Blocked] {
            assert!(
                TABLE
                    .iter()
                    .any(|(from, _, to)| *from == phase && *to != phase),
                "{phase:?}"
            );
        }
    }
}
