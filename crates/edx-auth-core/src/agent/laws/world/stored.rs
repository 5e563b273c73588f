//! The store of a world: what the worker finds there, and looks that hang.

use super::{
    Duration, Event, Jitter, Life, Out, RenewalReason, Report, StoredToken, Ticket, World, token,
};
use crate::agent::laws::history::Found;

impl World {
    pub(super) fn find(&mut self, found: Found, jitter: Jitter) {
        if !matches!(&self.out, Some(out) if matches!(out.ticket, Ticket::Store(_))) {
            return;
        }
        let (stored, life) = self.stored(found);
        let (before, (_, reason)) = (self.served(), self.agent.elections());
        match self.report(Report::Found(stored), jitter) {
            Event::Restored { generation, .. } => {
                self.cached(generation, life);
                if self.agent.elections().1.is_none() {
                    self.shared(reason);
                }
            }
            event => self.failed(before, &event),
        }
    }

    /// Returns what the store has, and the life of a token of another process.
    fn stored(&mut self, found: Found) -> (Result<Option<StoredToken>, &'static str>, Life) {
        let mut life = Life::born_at(self.real, self.now);
        let stored = match found {
            Found::Nothing => Ok(None),
            Found::Own => Ok(self.own.clone()),
            Found::Failure => Err("the store fails"),
            Found::Token { life: seconds, age } => {
                self.serial += 1;
                (life.seconds, life.age_then) = (seconds - 1, age);
                let born = self.now.wall.saturating_sub(age);
                let lifetime = Duration::from_secs(life.seconds);
                Ok(Some(StoredToken::new(token(self.serial), lifetime, born)))
            }
        };
        (stored, life)
    }

    /// Notes that the token of another process has ended the attempt.
    fn shared(&mut self, reason: Option<RenewalReason>) {
        self.flight = None;
        if reason == Some(RenewalReason::Rejected) {
            self.rejections.record_renewal(&self.numbers, self.now);
        }
    }

    /// Leaves a look that hangs, which may end late.
    pub(super) fn leave_look(&mut self) {
        let now = self.now.monotonic;
        let hangs = |within: Duration, since: Duration| now >= since + within + READ_WITHIN;
        let left = self.out.take_if(|out| match &out.ticket {
            Ticket::Store(ticket) => {
                let within = ticket.claim_within().unwrap_or_default();
                hangs(within, out.life.since.1.monotonic)
            }
            Ticket::Credentials(_) | Ticket::Exchange(_) => false,
        });
        self.end_late(left);
    }

    /// Reports the result of a look that no longer counts, which must change nothing.
    pub(super) fn end_late(&mut self, left: Option<Out>) {
        if let Some(Out { ticket, .. }) = left {
            self.report_again(ticket.clone(), Report::Found(Ok(None)), Jitter::NONE);
            self.no_longer_valid(ticket);
        }
    }
}

/// A store that takes longer than this to read hangs.
const READ_WITHIN: Duration = Duration::from_secs(2);
