//! What a source's one thread is at.

use edx_auth_core::Attempt;

/// Whether the source has a thread at work, and which attempt is next for it.
///
/// One thread is enough, since one attempt counts: a second one would only hang where the first
/// does, in a slow look-up or a slow function of the program's.
#[derive(Debug, Default)]
pub(super) enum Errand {
    #[default]
    Nobody,
    AtWork(Option<Attempt>),
}

impl Errand {
    /// The attempt back where nobody is at work: then whoever brought it sets somebody to work.
    pub(super) fn take_up(&mut self, attempt: Attempt) -> Option<Attempt> {
        match self {
            Self::Nobody => {
                *self = Self::AtWork(None);
                Some(attempt)
            }
            // One that waits here already has lost its lease.
            Self::AtWork(next) => {
                *next = Some(attempt);
                None
            }
        }
    }

    /// The attempt that has taken the place of the one being made.
    pub(super) fn next(&mut self) -> Option<Attempt> {
        match self {
            Self::Nobody => None,
            Self::AtWork(next) => next.take(),
        }
    }

    /// What is next when one attempt is done; without any, the work is.
    pub(super) fn go_on(&mut self) -> Option<Attempt> {
        let next = self.next();
        if next.is_none() {
            *self = Self::Nobody;
        }
        next
    }

    /// The work ends in the middle; what was next for it.
    pub(super) fn break_off(&mut self) -> Option<Attempt> {
        let next = self.next();
        *self = Self::Nobody;
        next
    }
}
