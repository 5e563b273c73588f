//! Whether a caller gets its token from here on, in every manner of the store.

use core::time::Duration;

use super::super::super::laws::history::Outcome;
use super::fleet::Fleet;
use super::process::Using;
use super::{Law, Seen};
use crate::agent::Acquire;
use crate::lifecycle::Need;

/// What the store does from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Works,
    Fails,
    Hangs,
    /// It returns its token, and gives no claim.
    GivesNoClaim,
}

impl Fleet {
    /// Checks that a caller of each process gets its token, while the site issues tokens and the other
    /// processes have stopped; once for each state of a process and its store.
    pub(super) fn check_rest(&mut self, rested: &mut Seen) {
        for id in 0..self.processes.len() {
            if !rested.insert(self.digest_alone(id)) {
                continue;
            }
            for manner in MANNERS {
                let is_served = self.clone().serves(id, manner);
                self.check(Law::NoCallFailsForTheStore, is_served);
            }
            let process = &self.processes[id];
            let is_looking = matches!(process.using, Using::Looking(_));
            let is_new = !is_looking && !process.agent.health(self.now).is_renewing;
            let has_claim = !is_new || self.clone().claims(id);
            self.check(Law::ClaimsEnd, has_claim);
        }
    }

    fn serves(mut self, id: usize, manner: Manner) -> bool {
        let budget = self.processes[id].agent.wait_budget(self.now);
        loop {
            let agent = &mut self.processes[id].agent;
            let wait = match agent.acquire(Need::any(), &budget, self.now) {
                Acquire::Ready(_) => return true,
                Acquire::Failed(_) => return false,
                Acquire::Wait(wait) => wait,
            };
            self.work(id);
            if !self.goes_on(id, manner) {
                // A caller looks again when its wait ends, or something was reported.
                let until = self.gives_up_in(id).filter(|_| manner != Manner::Hangs);
                self.advance(until.map_or(wait, |until| until.min(wait)));
            }
        }
    }

    /// Reports whether a process gets its token without giving up on a claim.
    fn claims(mut self, id: usize) -> bool {
        let budget = self.processes[id].agent.wait_budget(self.now);
        loop {
            let agent = &mut self.processes[id].agent;
            match agent.acquire(Need::any(), &budget, self.now) {
                Acquire::Ready(_) => return true,
                Acquire::Failed(_) => return false,
                Acquire::Wait(_) => {}
            }
            self.work(id);
            if self.gives_up_in(id) == Some(Duration::ZERO) {
                return false;
            }
            if !self.goes_on(id, Manner::Works) {
                self.advance(SECOND);
            }
        }
    }

    /// Returns how much longer the process waits for its claim.
    fn gives_up_in(&self, id: usize) -> Option<Duration> {
        match &self.processes[id].using {
            Using::Looking(look) if look.seen.is_none() => {
                let within = look.ticket.claim_within()?;
                Some((look.since + within).saturating_sub(self.now.monotonic))
            }
            _ => None,
        }
    }

    /// Lets the site and the store do their part. Reports whether they did anything.
    fn goes_on(&mut self, id: usize, manner: Manner) -> bool {
        let now = self.now;
        let process = &self.processes[id];
        match &process.using {
            _ if process.requesting.is_some() => self.end(id, Outcome::Issued { life: 9 }),
            Using::Nothing => return false,
            _ if manner == Manner::Hangs => return false,
            _ if manner == Manner::Fails => self.store_failed(id),
            Using::Looking(look) if look.seen.is_some() => self.deliver(id),
            Using::Looking(look) if look.has_waited(now) => self.store_failed(id),
            Using::Looking(look) if look.ticket.claim_within().is_none() => self.serve(id),
            Using::Looking(_) if manner == Manner::GivesNoClaim => return false,
            Using::Looking(_) => {
                self.serve(id);
                let using = &self.processes[id].using;
                return matches!(using, Using::Looking(look) if look.seen.is_some());
            }
            Using::Saving(..) => self.serve(id),
        }
        true
    }
}

const MANNERS: [Manner; 4] = [
    Manner::Works,
    Manner::Fails,
    Manner::Hangs,
    Manner::GivesNoClaim,
];

const SECOND: Duration = Duration::from_secs(1);
