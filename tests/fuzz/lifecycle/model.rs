//! What a lifecycle should do, written to be read: times are plain whole numbers that may be
//! negative, and everything that can be worked out when it is asked for is not kept.

mod answer;
mod attempt;
mod step;
mod time;

use edx_auth_core::{RenewalReason, TokenState};

use crate::deed::Mark;
use crate::numbers::Numbers;
use crate::told::Why;

pub(crate) use attempt::Ticket;
pub(crate) use step::Need;
pub(crate) use time::{Clocks, Time, duration, since, time};

use time::{doubled, share};

/// A lifecycle in as few words as will do.
#[derive(Clone)]
pub(crate) struct Model {
    numbers: Numbers,
    pub(crate) now: Clocks,
    token: Option<Token>,
    asking: Asking,
    /// A new token was asked for by a refusal, by the program, or for new credentials.
    owed: Option<RenewalReason>,
    setback: Option<Why>,
    passing_failures: u32,
    lasting_failures: u32,
    refusals: Refusals,
    credentials: u64,
    elections: u64,
    generations: u64,
    /// Tokens taken, failures, refusals that count.
    pub(crate) counts: [u64; 3],
}

#[derive(Clone, Debug)]
struct Token {
    name: u8,
    generation: u64,
    /// When its age was known, and what it was.
    known: (Clocks, Time),
    arrived: Clocks,
    life: Time,
    jitter: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum Asking {
    Nobody,
    /// One attempt, until its lease is over.
    One {
        election: u64,
        until: Time,
    },
    /// Nobody may, until then; new credentials end it where the trouble would not pass.
    Paused {
        until: Time,
        lasting: bool,
    },
}

/// Renewals because of refused tokens: how many in a row, when the last token came, and when any
/// of this was last heard of.
#[derive(Clone, Copy, Default)]
struct Refusals {
    in_a_row: u32,
    came: Time,
    heard: Time,
}

impl Model {
    pub(crate) fn new(numbers: Numbers, now: Clocks) -> Self {
        Self {
            numbers,
            now,
            token: None,
            asking: Asking::Nobody,
            owed: None,
            setback: None,
            passing_failures: 0,
            lasting_failures: 0,
            refusals: Refusals::default(),
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

    pub(crate) fn is_asking(&self) -> bool {
        matches!(self.asking_now(), Asking::One { .. })
    }

    pub(crate) fn pause(&self) -> Option<(Time, Why)> {
        let is_paused = matches!(self.asking_now(), Asking::Paused { .. });
        let why = self.setback.filter(|_| is_paused)?;
        Some((self.left(Mark::Free), why))
    }

    /// How long it is until then; zero where that has passed, or where there is no such thing.
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
            Mark::Dead => of_token(|_, token| token.life),
            Mark::Free => match self.asking {
                Asking::Nobody => 0,
                Asking::One { until, .. } | Asking::Paused { until, .. } => until - now,
            },
            Mark::Rung => match self.refusals_in_a_row() {
                0 => 0,
                n => self.refusals.came + doubled(self.numbers.refusals, n - 1) - now,
            },
            Mark::Calm => self.refusals.heard + self.numbers.refusals_forgotten.time() - now,
        };
        left.max(0)
    }

    /// Leases and pauses end by themselves.
    fn asking_now(&self) -> Asking {
        match self.asking {
            Asking::One { until, .. } | Asking::Paused { until, .. }
                if self.now.monotonic >= until =>
            {
                Asking::Nobody
            }
            asking => asking,
        }
    }

    fn refusals_in_a_row(&self) -> u32 {
        if self.left(Mark::Calm) == 0 {
            0
        } else {
            self.refusals.in_a_row
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
        token.life - margin + share(margin / 3, token.jitter)
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

    /// Usable, another one, and for longer than what is at hand.
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
