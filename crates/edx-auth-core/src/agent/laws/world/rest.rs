//! The end of every history: a caller that keeps asking gets a token.

use core::time::Duration;

use super::super::exchange::{Report, number_of};
use super::super::history::Outcome;
use super::{Law, World};
use crate::agent::Acquire;
use crate::jitter::Jitter;
use crate::lifecycle::{Need, WaitBudget};

impl World {
    /// Lets the program and the site succeed from now on, and checks that a caller that keeps asking gets a
    /// token.
    pub(in crate::agent) fn come_to_rest(&mut self) {
        if self.out.is_some() {
            self.lose(Jitter::NONE);
        }
        for _ in 0..20 {
            let budget = WaitBudget::new(Duration::from_secs(25), self.now);
            let wait = match self.agent.acquire(Need::any(), &budget, self.now) {
                Acquire::Ready(_) => return,
                Acquire::Wait(wait) => wait,
                Acquire::Failed(error) => error.retry_after().unwrap_or(Duration::from_secs(1)),
            };
            if !self.work() {
                self.pass(wait.min(self.numbers.longest_wait));
            }
        }
        self.broken.push(Law::NoCallerIsStuck);
    }

    /// Does all the work there is, with success. Reports whether there was any.
    fn work(&mut self) -> bool {
        let mut has_worked = false;
        while let Some(work) = self.agent.poll_work(self.now) {
            has_worked = true;
            self.serial += 1;
            let in_use = self
                .agent
                .request()
                .map(|request| number_of(request.credentials()));
            let (ticket, report) = match work {
                crate::Work::Credentials(ticket) => (
                    super::Ticket::Credentials(ticket),
                    Report::Provided(in_use.unwrap_or_default()),
                ),
                crate::Work::Store(ticket) => (super::Ticket::Store(ticket), Report::NotProvided),
                crate::Work::Exchange(ticket, _) => (
                    super::Ticket::Exchange(ticket),
                    Report::Ended(Outcome::Issued { life: 3600 }, self.serial),
                ),
            };
            let _event = ticket.report(&mut self.agent, report, self.now, Jitter::NONE);
        }
        has_worked
    }
}
