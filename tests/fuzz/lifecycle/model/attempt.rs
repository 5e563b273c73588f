//! The model's attempts to get a token: how they begin and end.

use edx_auth_core::RenewalReason;

use super::time::{Clocks, Time, doubled, share};
use super::{Model, Phase, Rejections, Token};
use crate::report::{Report, Why};

/// The model's side of an attempt; `born` is when its token request was sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket {
    pub(crate) election: u64,
    pub(crate) credentials: u64,
    pub(crate) reason: RenewalReason,
    pub(crate) born: Clocks,
}

impl Model {
    /// Begins the attempt if it still counts; returns whether it does.
    pub(crate) fn begin(&mut self, ticket: &mut Ticket) -> bool {
        let counts = self.counts_on(ticket);
        if counts {
            let election = ticket.election;
            let leased = self.now.monotonic;
            self.phase = Phase::InFlight { election, leased };
            ticket.born = self.now;
        }
        counts
    }

    pub(crate) fn bring(&mut self, ticket: &Ticket, name: u8, life: Time, jitter: u32) -> Report {
        let token = Token {
            name,
            generation: 0,
            known: (ticket.born, 0),
            arrived: self.now,
            life,
            jitter,
        };
        let counts = self.counts_on(ticket);
        if counts && !self.is_usable(&token) {
            return self.fail(ticket, Why::DeadOnArrival, None, jitter);
        }
        let is_late_gift = ticket.credentials == self.credentials && self.is_better(&token);
        if !counts && !is_late_gift {
            return Report::Stale;
        }
        if counts {
            self.phase = Phase::Idle;
            self.setback = None;
            (self.passing_failures, self.lasting_failures) = (0, 0);
        }
        if ticket.reason == RenewalReason::Rejected {
            self.rejections = Rejections {
                in_a_row: self.rejections_in_a_row() + 1,
                came: self.now,
                heard: self.now,
            };
        }
        self.owed = None;
        self.counts[0] += 1;
        Report::Renewed {
            reason: ticket.reason,
            usable_for: self.usable_for(&token),
            generation: self.hold(token),
        }
    }

    /// Records a failure; `asked` is the wait that the server requested.
    pub(crate) fn fail(
        &mut self,
        ticket: &Ticket,
        why: Why,
        asked: Option<Time>,
        jitter: u32,
    ) -> Report {
        if !self.counts_on(ticket) {
            return Report::Stale;
        }
        let pause = self.count_failure(why, asked);
        let pause = pause + share(pause / 4, jitter);
        self.phase = Phase::BackingOff {
            since: self.now,
            pause,
            lasting: !why.passes(),
        };
        self.setback = Some(why);
        self.counts[1] += 1;
        let reason = ticket.reason;
        Report::Failed { why, reason, pause }
    }

    fn count_failure(&mut self, why: Why, asked: Option<Time>) -> Time {
        if !why.passes() {
            self.lasting_failures += 1;
            return doubled(self.numbers.permanent, self.lasting_failures - 1);
        }
        self.passing_failures += 1;
        let backoff = doubled(self.numbers.transient, self.passing_failures - 1);
        let untold = match why {
            Why::Throttled => self.numbers.throttled.time(),
            _ => 0,
        };
        backoff.max(asked.unwrap_or(untold))
    }

    /// Returns whether the attempt's token request may be sent now.
    pub(crate) fn may_begin(&self, ticket: &Ticket) -> bool {
        self.counts_on(ticket) && self.asking_now() != Phase::Idle
    }

    /// Returns whether the attempt is the current one, with the current credentials.
    fn counts_on(&self, ticket: &Ticket) -> bool {
        let is_it =
            matches!(self.phase, Phase::InFlight { election, .. } if election == ticket.election);
        is_it && ticket.credentials == self.credentials
    }
}
