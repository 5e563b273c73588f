//! A lifecycle, written for readability: times are integers that may be negative, and no value is
//! stored that can be computed.

mod attempt;
mod respond;
mod step;
mod time;

use edx_auth_core::{RenewalReason, TokenState};

use crate::action::Mark;
use crate::numbers::Numbers;
use crate::report::Why;

pub(crate) use attempt::Ticket;
pub(crate) use step::Need;
pub(crate) use time::{Clocks, Time, duration, since, time};

use time::{doubled, share};

/// A minimal lifecycle of a token, which predicts what the agent does.
#[derive(Clone)]
pub(crate) struct Model {
    numbers: Numbers,
    pub(crate) now: Clocks,
    token: Option<Token>,
    phase: Phase,
    /// The reason of a renewal that is pending: a rejection, the program's wish, or new credentials.
    owed: Option<RenewalReason>,
    /// The token that an API rejected last.
    rejected: Option<u64>,
    /// Why the last attempt failed.
    setback: Option<Why>,
    /// Failures in a row that waiting may cure.
    passing_failures: u32,
    /// Failures in a row that waiting alone does not cure.
    lasting_failures: u32,
    rejections: Rejections,
    /// How often the credentials changed.
    credentials: u64,
    elections: u64,
    generations: u64,
    /// The numbers of tokens issued, of failures, and of rejections that count.
    pub(crate) counts: [u64; 3],
}

#[derive(Clone, Debug)]
struct Token {
    name: u8,
    generation: u64,
    /// When the token's age was known, and its age then.
    known: (Clocks, Time),
    arrived: Clocks,
    life: Time,
    jitter: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Idle,
    /// One attempt, until its lease ends; `leased` is when the lease began by the monotonic clock.
    InFlight {
        election: u64,
        leased: Time,
    },
    /// No attempt until either clock has counted `pause`. If `lasting`, waiting alone would not help, and new
    /// credentials end it.
    BackingOff {
        since: Clocks,
        pause: Time,
        lasting: bool,
    },
}

/// Renewals after rejected tokens: how many in a row, when the last token was issued, and when the
/// last rejection or token was recorded.
#[derive(Clone, Copy, Default)]
struct Rejections {
    in_a_row: u32,
    came: Clocks,
    heard: Clocks,
}

impl Model {
    pub(crate) fn new(numbers: Numbers, now: Clocks) -> Self {
        Self {
            numbers,
            now,
            token: None,
            phase: Phase::Idle,
            owed: None,
            rejected: None,
            setback: None,
            passing_failures: 0,
            lasting_failures: 0,
            rejections: Rejections::default(),
            credentials: 0,
            elections: 0,
            generations: 0,
            counts: [0; 3],
        }
    }

    pub(crate) fn state(&self) -> TokenState {
        match &self.token {
            None => TokenState::Empty,
            Some(token) if !self.is_usable(token) => TokenState::Expired,
            Some(token) if self.age(token) >= self.due(token) => TokenState::Due,
            Some(_) => TokenState::Fresh,
        }
    }

    pub(crate) fn generation(&self) -> Option<u64> {
        self.token.as_ref().map(|token| token.generation)
    }

    pub(crate) fn left_to_use(&self) -> Time {
        self.token
            .as_ref()
            .map_or(0, |token| self.usable_for(token))
    }

    pub(crate) fn is_renewing(&self) -> bool {
        matches!(self.asking_now(), Phase::InFlight { .. })
    }

    pub(crate) fn pause(&self) -> Option<(Time, Why)> {
        let is_paused = matches!(self.asking_now(), Phase::BackingOff { .. });
        let why = self.setback.filter(|_| is_paused)?;
        Some((self.left(Mark::NextAttempt), why))
    }

    /// Returns the time left until the mark, or zero if it has passed or does not exist.
    pub(crate) fn left(&self, mark: Mark) -> Time {
        let of_token = |end: fn(&Self, &Token) -> Time| {
            let left = |token: &Token| end(self, token) - self.age(token);
            self.token.as_ref().map_or(0, left)
        };
        let now = self.now.monotonic;
        let left = match mark {
            Mark::Grown => of_token(Self::young),
            Mark::Due => of_token(Self::due),
            Mark::Unusable => of_token(Self::unusable),
            Mark::Expired => of_token(|_, token| token.life),
            Mark::NextAttempt => match self.phase {
                Phase::Idle => 0,
                Phase::InFlight { leased, .. } => self.numbers.lease.time() - (now - leased).max(0),
                Phase::BackingOff {
                    since: then, pause, ..
                } => pause - since(then, self.now),
            },
            Mark::NextRejection => match self.rejections_in_a_row() {
                0 => 0,
                n => {
                    let apart = doubled(self.numbers.rejections, n - 1);
                    apart - since(self.rejections.came, self.now)
                }
            },
            Mark::RejectionsForgotten => {
                let forgotten = self.numbers.rejections_forgotten.time();
                forgotten - since(self.rejections.heard, self.now)
            }
        };
        left.max(0)
    }

    /// Returns the phase, or `Idle` if its lease or backoff has ended.
    fn asking_now(&self) -> Phase {
        if self.left(Mark::NextAttempt) == 0 {
            Phase::Idle
        } else {
            self.phase
        }
    }

    fn rejections_in_a_row(&self) -> u32 {
        if self.left(Mark::RejectionsForgotten) == 0 {
            0
        } else {
            self.rejections.in_a_row
        }
    }

    fn age(&self, token: &Token) -> Time {
        let (then, age) = token.known;
        age + since(then, self.now)
    }

    fn is_usable(&self, token: &Token) -> bool {
        self.usable_for(token) > 0
    }

    fn usable_for(&self, token: &Token) -> Time {
        (self.unusable(token) - self.age(token)).max(0)
    }

    fn unusable(&self, token: &Token) -> Time {
        token.life - self.expiry_margin(token)
    }

    fn due(&self, token: &Token) -> Time {
        let margin = self.renewal_margin(token);
        let due = token.life - margin;
        let latest = (margin / 3).min((self.unusable(token) - due) / 2);
        due + share(latest, token.jitter)
    }

    fn expiry_margin(&self, token: &Token) -> Time {
        self.numbers.expiry_margin.time().min(token.life / 8)
    }

    fn renewal_margin(&self, token: &Token) -> Time {
        self.numbers.renewal_margin.time().min(token.life / 8 * 3)
    }

    fn young(&self, token: &Token) -> Time {
        self.numbers.young.time().min(token.life / 8)
    }

    /// Returns whether the token is usable and, if one is cached, is another one and valid for longer.
    fn is_better(&self, token: &Token) -> bool {
        let beats =
            |own: &Token| token.name != own.name && self.usable_for(token) > self.usable_for(own);
        self.is_usable(token) && self.token.as_ref().is_none_or(beats)
    }

    fn hold(&mut self, mut token: Token) -> u64 {
        self.generations += 1;
        token.generation = self.generations;
        self.token = Some(token);
        self.generations
    }
}
