//! What a lifecycle should do, written to be read: times are plain whole numbers that may be
//! negative, and everything that can be worked out when it is asked for is not kept.

use std::time::Duration;

use edx_auth_core::{Reason, TokenState};

use crate::deed::Mark;
use crate::numbers::{Length, Numbers};
use crate::told::{Answer, Next, Told, Why};

/// Nanoseconds.
pub(crate) type Time = i128;

/// What both clocks show.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clocks {
    pub(crate) monotonic: Time,
    pub(crate) wall: Time,
}

pub(crate) struct Model {
    numbers: Numbers,
    pub(crate) now: Clocks,
    token: Option<Token>,
    asking: Asking,
    /// A new token was asked for by a refusal, by the program, or for new credentials.
    owed: Option<Reason>,
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
    spread: u32,
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

/// The model's side of an attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket {
    pub(crate) election: u64,
    credentials: u64,
    reason: Reason,
    pub(crate) born: Clocks,
}

#[derive(Clone, Copy)]
pub(crate) struct Need {
    pub(crate) validity: Time,
    /// This generation and those before it are of no use.
    pub(crate) refused: Option<u64>,
}

/// What callers ask.
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

    pub(crate) fn step(&mut self, need: Need) -> (Next, Option<Ticket>) {
        let serves = |token: &&Token| self.is_usable(token) && self.satisfies(token, need);
        let served = self.token.as_ref().filter(serves);
        let served = served.map(|token| (token.generation, self.usable_for(token)));
        let reason = self.why_ask(need).filter(|reason| self.may_ask(*reason));
        let ticket = reason.map(|reason| self.elect(reason));
        let next = match (served, reason) {
            (Some((token, usable_for)), None) => Next::Use { token, usable_for },
            (Some((token, _)), Some(reason)) => Next::Renew { token, reason },
            (None, Some(reason)) => Next::Fetch { reason },
            (None, None) => self.what_hinders(),
        };
        (next, ticket)
    }

    fn satisfies(&self, token: &Token, need: Need) -> bool {
        let is_refused = need
            .refused
            .is_some_and(|refused| token.generation <= refused);
        self.is_good_for(token, need.validity) && !is_refused
    }

    /// For as long as was asked, or as a fresh token surely is, or as good as can be had.
    fn is_good_for(&self, token: &Token, validity: Time) -> bool {
        let surely = (self.renewal_margin(token) - self.expiry_margin(token)).max(0);
        let has_just_come = since(token.arrived, self.now) < self.young(token);
        validity == 0 || self.usable_for(token) >= validity.min(surely) || has_just_come
    }

    fn why_ask(&self, need: Need) -> Option<Reason> {
        let Some(token) = &self.token else {
            return self.owed.or(Some(Reason::Cold));
        };
        let is_wish = |reason: &Reason| *reason != Reason::Refused;
        let is_refused = self.owed.is_some() || need.refused >= Some(token.generation);
        match self.state() {
            _ if self.owed.as_ref().is_some_and(is_wish) => self.owed,
            TokenState::Expired => Some(Reason::Expired),
            TokenState::Due => Some(Reason::Due),
            _ if !self.is_good_for(token, need.validity) => Some(Reason::Due),
            _ => is_refused.then_some(Reason::Refused),
        }
    }

    fn may_ask(&self, reason: Reason) -> bool {
        let waits_its_turn = reason == Reason::Refused && self.left(Mark::Rung) > 0;
        self.asking_now() == Asking::Nobody && !waits_its_turn
    }

    fn elect(&mut self, reason: Reason) -> Ticket {
        self.elections += 1;
        let election = self.elections;
        let until = self.now.monotonic + self.numbers.lease.time();
        self.asking = Asking::One { election, until };
        Ticket {
            election,
            credentials: self.credentials,
            reason,
            born: self.now,
        }
    }

    fn what_hinders(&self) -> Next {
        let passing = self.setback.filter(|why| why.passes());
        match self.asking_now() {
            Asking::One { .. } => Next::Join {
                wait: self.left(Mark::Free).max(MILLI),
                why: passing,
            },
            Asking::Paused { .. } => Next::Pause {
                wait: self.left(Mark::Free).max(MILLI),
                why: self.setback.expect("what it pauses for"),
            },
            Asking::Nobody => Next::Pause {
                wait: self.left(Mark::Rung).max(MILLI),
                why: passing.unwrap_or(Why::Refused),
            },
        }
    }
}

/// What attempts come to.
impl Model {
    /// Whether the attempt still counts.
    pub(crate) fn begin(&mut self, ticket: &mut Ticket) -> bool {
        let counts = self.counts_on(ticket);
        if counts {
            let election = ticket.election;
            let until = self.now.monotonic + self.numbers.lease.time();
            self.asking = Asking::One { election, until };
            ticket.born = self.now;
        }
        counts
    }

    pub(crate) fn bring(&mut self, ticket: Ticket, name: u8, life: Time, spread: u32) -> Told {
        let token = Token {
            name,
            generation: 0,
            known: (ticket.born, 0),
            arrived: self.now,
            life,
            spread,
        };
        let counts = self.counts_on(&ticket);
        if counts && !self.is_usable(&token) {
            return self.fail(ticket, Why::DeadOnArrival, None, spread);
        }
        let is_late_gift = ticket.credentials == self.credentials && self.is_better(&token);
        if !counts && !is_late_gift {
            return Told::Stale;
        }
        if counts {
            self.asking = Asking::Nobody;
            self.setback = None;
            (self.passing_failures, self.lasting_failures) = (0, 0);
        }
        if ticket.reason == Reason::Refused {
            self.refusals = Refusals {
                in_a_row: self.refusals_in_a_row() + 1,
                came: self.now.monotonic,
                heard: self.now.monotonic,
            };
        }
        self.owed = None;
        self.counts[0] += 1;
        Told::Renewed {
            reason: ticket.reason,
            usable_for: self.usable_for(&token),
            generation: self.hold(token),
        }
    }

    /// `asked` is the wait that the server named.
    pub(crate) fn fail(
        &mut self,
        ticket: Ticket,
        why: Why,
        asked: Option<Time>,
        spread: u32,
    ) -> Told {
        if !self.counts_on(&ticket) {
            return Told::Stale;
        }
        let pause = self.count_failure(why, asked);
        let pause = pause + share(pause / 4, spread);
        let until = self.now.monotonic + pause;
        let lasting = !why.passes();
        self.asking = Asking::Paused { until, lasting };
        self.setback = Some(why);
        self.counts[1] += 1;
        let reason = ticket.reason;
        Told::Failed { why, reason, pause }
    }

    fn count_failure(&mut self, why: Why, asked: Option<Time>) -> Time {
        if !why.passes() {
            self.lasting_failures += 1;
            return doubled(self.numbers.permanent, self.lasting_failures - 1);
        }
        self.passing_failures += 1;
        let rung = doubled(self.numbers.transient, self.passing_failures - 1);
        let untold = match why {
            Why::Throttled => self.numbers.throttled.time(),
            _ => 0,
        };
        rung.max(asked.unwrap_or(untold))
    }

    /// Nobody has taken its place, and the credentials are the same.
    fn counts_on(&self, ticket: &Ticket) -> bool {
        let is_it =
            matches!(self.asking, Asking::One { election, .. } if election == ticket.election);
        is_it && ticket.credentials == self.credentials
    }
}

/// What programs and servers tell.
impl Model {
    pub(crate) fn invalidate(&mut self, generation: u64) -> Answer {
        let held = self
            .token
            .clone()
            .filter(|token| token.generation == generation);
        let Some(token) = held else {
            return Answer::AlreadyReplaced;
        };
        if self.age(&token) < self.young(&token) {
            let wait = self.left(Mark::Grown).max(MILLI);
            return Answer::TooYoung { wait };
        }
        if self.is_usable(&token) {
            self.counts[2] += 1;
            self.refusals.in_a_row = self.refusals_in_a_row();
            self.refusals.heard = self.now.monotonic;
            self.owed = self.owed.or(Some(Reason::Refused));
        }
        let need = Need {
            validity: 0,
            refused: Some(generation),
        };
        let rung = match self.why_ask(need) {
            Some(Reason::Refused) => self.left(Mark::Rung),
            _ => 0,
        };
        let pause = match self.asking_now() {
            Asking::Paused { .. } => self.left(Mark::Free),
            _ => 0,
        };
        Answer::WillRenew {
            wait: rung.max(pause).max(MILLI),
        }
    }

    pub(crate) fn force(&mut self) -> Told {
        if self.owed != Some(Reason::NewCredentials) {
            self.owed = Some(Reason::Forced);
        }
        match self.asking_now() {
            Asking::One { .. } => Told::Joined(Reason::Forced),
            _ => Told::Owed(Reason::Forced),
        }
    }

    /// Ends what was begun with the old ones, and a pause that they caused.
    pub(crate) fn change_credentials(&mut self) -> Told {
        self.credentials += 1;
        self.lasting_failures = 0;
        self.setback = self.setback.filter(|why| why.passes());
        if !matches!(self.asking, Asking::Paused { lasting: false, .. }) {
            self.asking = Asking::Nobody;
        }
        self.owed = Some(Reason::NewCredentials);
        Told::Owed(Reason::NewCredentials)
    }

    pub(crate) fn adopt(&mut self, (name, life, born): (u8, Time, Time), spread: u32) -> Told {
        let token = Token {
            name,
            generation: 0,
            known: (self.now, (self.now.wall - born).max(0)),
            arrived: self.now,
            life,
            spread,
        };
        let tolerance = self.expiry_margin(&token).min(5_000 * MILLI);
        if born - self.now.wall > tolerance || !self.is_better(&token) {
            return Told::NotAdopted;
        }
        self.owed = self.owed.filter(|reason| *reason != Reason::Refused);
        Told::Adopted {
            usable_for: self.usable_for(&token),
            generation: self.hold(token),
        }
    }

    /// The token at hand: name, life and birth by the wall clock.
    pub(crate) fn store(&self) -> Option<(u8, Time, Time)> {
        let is_refused = self.owed == Some(Reason::Refused);
        let good = |token: &&Token| self.is_usable(token) && !is_refused;
        let token = self.token.as_ref().filter(good)?;
        let born = (self.now.wall - self.age(token)).max(0);
        Some((token.name, token.life, born))
    }
}

/// What stands at this moment.
impl Model {
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
        token.life - margin + share(margin / 3, token.spread)
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

    fn hold(&mut self, token: Token) -> u64 {
        self.generations += 1;
        let generation = self.generations;
        self.token = Some(Token {
            generation,
            ..token
        });
        generation
    }
}

pub(crate) fn duration(time: Time) -> Duration {
    let (seconds, nanos) = (time / SECOND, time % SECOND);
    let seconds = u64::try_from(seconds).expect("a time that was clipped");
    Duration::new(seconds, u32::try_from(nanos).expect("below a second"))
}

pub(crate) fn time(duration: Duration) -> Time {
    Time::try_from(duration.as_nanos()).expect("a time of this world")
}

/// The clock that counted more is believed; neither counts backwards.
pub(crate) fn since(then: Clocks, now: Clocks) -> Time {
    let [monotonic, wall] = [now.monotonic - then.monotonic, now.wall - then.wall];
    monotonic.max(wall).max(0)
}

fn doubled([first, longest]: [Length; 2], times: u32) -> Time {
    (first.time() << times.min(64)).min(longest.time())
}

/// In whole milliseconds.
fn share(stretch: Time, spread: u32) -> Time {
    stretch / MILLI * Time::from(spread) / Time::from(u32::MAX) * MILLI
}

const MILLI: Time = 1_000_000;
const SECOND: Time = 1_000 * MILLI;
