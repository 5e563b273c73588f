//! The worker of a world: its work and its reports.

use super::{
    Action, Duration, Event, Flight, Generation, Jitter, Law, Life, Out, Outcome, RenewalReason,
    Report, Ticket, Wait, Work, World, number_of,
};

use crate::agent::WorkKind;

impl World {
    pub(super) fn poll(&mut self) {
        let Some(work) = self.agent.poll_work(self.now) else {
            return;
        };
        let now = self.now.monotonic;
        self.leave_look();
        self.check(Law::OneRequestAtATime, self.out.is_none());
        let in_use = number_of(self.agent.request().unwrap().credentials());
        let ticket = match work {
            Work::Credentials(ticket) => {
                let may_ask = self.denials.ask();
                self.check(Law::ProgramIsAskedOnceMore, may_ask);
                Ticket::Credentials(ticket)
            }
            Work::Store(ticket) => {
                self.begin_lease(now);
                Ticket::Store(ticket)
            }
            Work::Exchange(ticket, _) => {
                let in_use = number_of(ticket.exchange.request().credentials());
                let is_rested = self.denials.have_rested(in_use, self.now);
                let may_send = self.denials.send();
                self.check(Law::DeniedCredentialsRest, is_rested);
                self.check(Law::NoThirdRequest, may_send);
                self.begin_lease(now);
                Ticket::Exchange(ticket)
            }
        };
        self.out = Some(Out {
            ticket,
            life: Life::born_at(self.real, self.now),
            credentials: in_use,
            election: self.elections,
            changes: self.changes,
        });
    }

    /// Starts the lease of the elected attempt again.
    fn begin_lease(&mut self, now: Duration) {
        let is_elected = self.flight.is_some_and(|flight| now < flight.lease_until);
        self.check(Law::OneAttemptAtATime, is_elected);
        self.flight = Some(Flight {
            lease_until: now + self.numbers.lease,
        });
    }

    pub(super) fn provide(&mut self, which: Option<usize>, jitter: Jitter) {
        if !matches!(&self.out, Some(out) if matches!(out.ticket, Ticket::Credentials(_))) {
            return;
        }
        let report = which.map_or(Report::NotProvided, Report::Provided);
        let event = self.report(report, jitter);
        if let Event::CredentialsChanged = event {
            // The attempt that asked for them continues, or another attempt with them replaces it.
            if self.agent.elections().0 != self.elections {
                self.flight = None;
            }
            self.changed();
            self.denials.replace();
        }
        // A provider may take longer than the lease, which starts again when it returns.
        if let (Some(flight), Some(WorkKind::Exchange)) =
            (&mut self.flight, self.agent.next_work(self.now))
        {
            flight.lease_until = self.now.monotonic + self.numbers.lease;
        }
    }

    pub(super) fn end(&mut self, outcome: Outcome, jitter: Jitter) {
        if !matches!(&self.out, Some(out) if matches!(out.ticket, Ticket::Exchange(_))) {
            return;
        }
        self.serial += 1;
        let _event = self.report(Report::Ended(outcome, self.serial), jitter);
    }

    /// Reports the result of the work that is out, and then again, which must change nothing.
    pub(super) fn report(&mut self, report: Report, jitter: Jitter) -> Event {
        let out = self.out.take().unwrap();
        let (now, before) = (self.now, self.served());
        let generation = self.agent.health(now).generation;
        let ticket = out.ticket.clone();
        let event = ticket.report(&mut self.agent, report.clone(), now, jitter);
        if let (Report::Ended(..), true) = (&report, out.changes != self.changes) {
            let is_stale = matches!(event, Event::Stale);
            self.check(Law::OldCredentialsDoNotCount, is_stale);
        }
        match &report {
            Report::Found(_) => {}
            Report::Ended(Outcome::Issued { life }, _) => {
                let life = Life {
                    seconds: life - 1,
                    ..out.life
                };
                let is_taken = self.agent.health(now).generation != generation;
                let is_expired = life.is_counted_out(now);
                self.check(Law::NoExpiredTokenReplacesAToken, !(is_taken && is_expired));
                self.denials.accept(out.credentials);
                self.issued(&event, life, &out);
            }
            Report::Ended(Outcome::InvalidClient, _) => {
                // Credentials that the program set since then count as new ones.
                if out.changes == self.changes {
                    self.denials.deny(out.credentials);
                }
                self.failed(before, &event);
            }
            Report::Ended(..) | Report::NotProvided | Report::Provided(_) => {
                self.failed(before, &event);
            }
        }
        self.report_again(out.ticket.clone(), report, jitter);
        self.no_longer_valid(out.ticket);
        event
    }

    pub(super) fn report_again(&mut self, ticket: Ticket, report: Report, jitter: Jitter) {
        let before = self.agent_digest();
        let event = ticket.report(&mut self.agent, report, self.now, jitter);
        let changes_nothing = matches!(event, Event::Stale) && before == self.agent_digest();
        self.check(Law::InvalidTicketsChangeNothing, changes_nothing);
    }

    pub(super) fn report_late(&mut self, at: usize, outcome: Outcome, jitter: Jitter) {
        let Some(ticket) = self.invalid.get(at).cloned() else {
            return;
        };
        self.serial += 1;
        let report = match ticket {
            Ticket::Credentials(_) | Ticket::Store(_) => Report::Provided(at % 2),
            Ticket::Exchange(_) => Report::Ended(outcome, self.serial),
        };
        self.report_again(ticket, report, jitter);
    }

    /// Keeps a ticket that no longer counts, so that it can be reported late.
    pub(super) fn no_longer_valid(&mut self, ticket: Ticket) {
        if self.keeps_invalid {
            self.invalid.truncate(7);
            self.invalid.insert(0, ticket);
        }
    }

    pub(super) fn work_at_once(&mut self, which: usize, outcome: Outcome, jitter: Jitter) {
        let credentials = Some(which);
        for _ in 0..2 {
            self.happen(&Action::Poll);
            self.happen(&Action::Provide {
                credentials,
                jitter,
            });
            self.happen(&Action::End { outcome, jitter });
        }
    }

    pub(super) fn lose(&mut self, jitter: Jitter) {
        let before = self.served();
        let event = self.agent.on_worker_lost(self.now, jitter);
        self.failed(before, &event);
        if let Some(out) = self.out.take() {
            self.report_again(out.ticket.clone(), Report::Provided(1), jitter);
            self.no_longer_valid(out.ticket);
        }
    }

    pub(super) fn failed(&mut self, before: Option<Generation>, event: &Event) {
        let after = self.served();
        self.check(Law::FailuresTakeNoToken, before == after);
        let Event::Failed { error, backoff, .. } = event else {
            return;
        };
        if backoff.is_zero() {
            return;
        }
        let wait = Wait::new(*backoff, self.now);
        self.flight = None;
        self.backoff = (wait, !error.is_retryable());
        self.denials.back_off(wait);
    }

    fn issued(&mut self, event: &Event, life: Life, out: &Out) {
        match event {
            Event::Renewed {
                generation, reason, ..
            } => {
                self.cached(*generation, life);
                if *reason == RenewalReason::Rejected {
                    self.rejections.record_renewal(&self.numbers, self.now);
                }
                if out.election == self.elections {
                    self.flight = None;
                }
                self.denials.issue();
            }
            event => self.failed(self.served(), event),
        }
    }
}
