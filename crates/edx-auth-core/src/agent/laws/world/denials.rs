//! Which client credentials the token endpoint rejected, and what may be done with them.

use core::hash::{Hash as _, Hasher};
use core::time::Duration;

use super::super::history::CREDENTIALS;
use super::wait::Wait;
use crate::time::Moment;

/// The rejections of client credentials as the program and the site saw them.
#[derive(Clone, Default)]
pub(super) struct Denials {
    denied: [Option<Denial>; CREDENTIALS],
    /// The last credentials that were rejected, until a token is issued.
    last: Option<usize>,
    /// Whether the credentials were rejected since the last election.
    is_denied: bool,
    /// How often the program was asked for credentials since that rejection, or since the last election.
    questions: u8,
    /// How many token requests were sent for the last election.
    requests: u8,
}

#[derive(Clone, Copy)]
enum Denial {
    /// They must not be sent, and no backoff has begun.
    Open,
    /// They must not be sent until this wait has ended.
    Until(Wait),
}

impl Denials {
    /// Notes that the token endpoint rejected these credentials.
    pub(super) fn deny(&mut self, which: usize) {
        self.denied[which] = Some(Denial::Open);
        self.last = Some(which);
        self.is_denied = true;
        self.questions = 0;
    }

    /// Notes that an attempt failed, and that none starts before this wait has ended.
    pub(super) fn back_off(&mut self, wait: Wait) {
        for denial in self.denied.iter_mut().flatten() {
            if let Denial::Open = denial {
                *denial = Denial::Until(wait);
            }
        }
    }

    /// Forgets the denials whose wait has ended: they stay forgotten even if a clock is set back later.
    pub(super) fn rest(&mut self, now: Moment) {
        for denial in &mut self.denied {
            denial.take_if(|denial| matches!(denial, Denial::Until(wait) if wait.has_ended(now)));
        }
    }

    /// Notes that the token endpoint issued a token for these credentials, even if it came too late.
    pub(super) fn accept(&mut self, which: usize) {
        self.denied[which] = None;
        self.last = self.last.filter(|last| *last != which);
    }

    /// Notes that a token was cached.
    pub(super) fn issue(&mut self) {
        *self = Self::default();
    }

    /// Notes that the program announced a change of its credentials.
    pub(super) fn announce(&mut self) {
        self.denied = [None; CREDENTIALS];
        self.elect();
    }

    /// Notes that the program set these credentials, and that the agent took them.
    pub(super) fn set(&mut self, which: usize) {
        self.denied[which] = None;
        self.elect();
    }

    /// Notes that the program provided others: the attempt with the rejected ones has ended.
    pub(super) fn replace(&mut self) {
        self.back_off(Wait::default());
    }

    /// Notes that a caller was elected.
    pub(super) fn elect(&mut self) {
        self.is_denied = false;
        self.questions = 0;
        self.requests = 0;
    }

    /// Notes that the program is asked for its credentials. Reports whether that is allowed.
    pub(super) fn ask(&mut self) -> bool {
        self.questions = self.questions.saturating_add(1);
        !self.is_denied || self.questions <= 1
    }

    /// Notes that a token request is sent. Reports whether that is allowed.
    pub(super) fn send(&mut self) -> bool {
        self.requests = self.requests.saturating_add(1);
        self.requests <= 2
    }

    /// Reports whether these credentials may be tried.
    pub(super) fn have_rested(&self, which: usize, now: Moment) -> bool {
        match self.denied[which] {
            None => true,
            Some(Denial::Open) => false,
            Some(Denial::Until(wait)) => wait.has_ended(now),
        }
    }

    pub(super) fn last(&self) -> Option<usize> {
        self.last
    }

    /// Hashes everything that matters from now on, without absolute times.
    pub(super) fn project(&self, now: Moment, into: &mut impl Hasher) {
        for denial in &self.denied {
            let left = match denial {
                None => None,
                Some(Denial::Open) => Some(Duration::MAX),
                Some(Denial::Until(wait)) => Some(wait.left(now)),
            };
            left.filter(|left| !left.is_zero()).hash(into);
        }
        (self.last, self.is_denied, self.questions, self.requests).hash(into);
    }
}
