//! The table of transitions: what asking for a token goes through. A pair without a row changes
//! nothing, and nothing else in the lifecycle changes a phase.

/// Where the asking stands. The held token is another matter: its age alone says whether it is
/// fresh, due or over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nobody asks, and whoever has need may.
    Resting,
    /// One caller is elected, until its lease is over.
    Asking,
    /// Nobody may ask until the pause is over: trouble that passes.
    Pausing,
    /// Nobody may ask until the pause is over: a refusal that stays.
    Barred,
}

/// What moves the asking on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    /// A caller is told to ask.
    Elected,
    /// Its request leaves.
    Begun,
    /// It brought a token.
    Issued,
    /// It brought none, for a cause that passes; or it was given up.
    Failed,
    /// It brought none, for a cause that stays.
    Denied,
    /// It was not heard of for the length of its lease.
    LeaseOver,
    /// The pause is over.
    PauseOver,
    /// The program has other credentials now.
    NewCredentials,
}

use Phase::{Asking, Barred, Pausing, Resting};
use Trigger::{Begun, Denied, Elected, Failed, Issued, LeaseOver, NewCredentials, PauseOver};

/// From, by, to.
pub(super) const TABLE: [(Phase, Trigger, Phase); 10] = [
    (Resting, Elected, Asking),
    (Asking, Begun, Asking),
    (Asking, Issued, Resting),
    (Asking, Failed, Pausing),
    (Asking, Denied, Barred),
    (Asking, LeaseOver, Resting),
    (Asking, NewCredentials, Resting),
    (Pausing, PauseOver, Resting),
    (Barred, PauseOver, Resting),
    (Barred, NewCredentials, Resting),
];

impl Phase {
    /// The phase that follows, if the table knows one.
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

    /// The picture in the lifecycle's documentation, a line for every row.
    fn picture() -> String {
        let row = |(from, by, to): (Phase, Trigger, Phase)| {
            let (from, by) = (format!("{from:?}"), format!("{by:?} "));
            format!("/// {from:<8}── {by:─<16}> {to:?}\n")
        };
        TABLE.into_iter().map(row).collect()
    }

    #[test]
    fn the_picture_in_the_documentation_is_this_table() {
        let documentation = include_str!("../lifecycle.rs");

        assert!(
            documentation.contains(&picture()),
            "it should be:\n{}",
            picture()
        );
    }

    #[test]
    fn no_pair_has_two_rows() {
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
        for phase in [Resting, Asking, Pausing, Barred] {
            assert!(
                TABLE
                    .iter()
                    .any(|(from, _, to)| *from == phase && *to != phase),
                "{phase:?}"
            );
        }
    }
}
