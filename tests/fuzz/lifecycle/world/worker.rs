//! The worker and its token requests.

use edx_auth_core::{Event, Jitter, Work};

use super::{World, exchange};
use crate::action::Outcome;
use crate::facts::Life;
use crate::model::{Ticket, time};
use crate::report::{Report, Why, number};

impl World {
    pub(super) fn poll(&mut self) {
        let work = self.agent.poll_work(self.now());
        let may_begin = |ticket: &Ticket| self.out.is_none() && self.model.may_begin(ticket);
        let elected = self.elected.take_if(|ticket| may_begin(ticket));
        let Some(Work::Exchange(exchange, _)) = work else {
            assert!(work.is_none() && elected.is_none(), "no work");
            return;
        };
        let mut ticket = elected.expect("an attempt that may begin");
        assert_eq!(exchange.reason(), ticket.reason);
        assert!(self.model.begin(&mut ticket));
        let until = self.model.now.monotonic + self.numbers.lease.time();
        self.facts.begun(ticket.election, until);
        self.out = Some((exchange, ticket, self.facts.real));
    }

    pub(super) fn end(&mut self, outcome: Outcome, jitter: u32) {
        let Some((exchange, ticket, real)) = self.out.take() else {
            return;
        };
        let (before, held, now) = (self.shown(), self.model.generation(), self.now());
        let event = exchange::end(
            &mut self.agent,
            exchange,
            outcome,
            (now, Jitter::from_bits(jitter)),
        );
        let (ended, foreseen) = match outcome {
            Outcome::Issued { name, expires_in } => {
                let length = exchange::life(expires_in);
                let report = self
                    .model
                    .bring(&ticket, exchange::name(name), length, jitter);
                if let Report::Renewed { generation, .. } = report {
                    let life = Life {
                        real,
                        clocks: ticket.born,
                        age: 0,
                        length,
                    };
                    self.facts.born(generation, life);
                }
                (ticket, report)
            }
            failure => self.fail(ticket, failure, jitter),
        };
        self.ended(&ended, &event, &foreseen, (&before, held));
    }

    /// Records a failure in the model, and returns the attempt that it ends. If the server does not know the
    /// client, that is the attempt that has not begun, if there is one: it would repeat the same request.
    fn fail(&mut self, ticket: Ticket, outcome: Outcome, jitter: u32) -> (Ticket, Report) {
        let (why, asked) = exchange::failure(outcome);
        let repeats = |elected: &mut Ticket| {
            why == Why::UnknownClient && elected.credentials == ticket.credentials
        };
        let ended = self.elected.take_if(repeats).unwrap_or(ticket);
        (ended, self.model.fail(&ended, why, asked, jitter))
    }

    /// Sends the token request, and ends it at once with this token.
    pub(super) fn fetch(&mut self, (name, expires_in): (u8, u32), jitter: u32) {
        self.poll();
        self.end(Outcome::Issued { name, expires_in }, jitter);
    }

    pub(super) fn lose(&mut self, jitter: u32) {
        let (before, held) = (self.shown(), self.model.generation());
        let event = self
            .agent
            .on_worker_lost(self.now(), Jitter::from_bits(jitter));
        let lost = self.out.take().map(|(_, ticket, _)| ticket);
        let Some(ticket) = lost.or_else(|| self.elected.take()) else {
            assert!(matches!(event, Event::Stale));
            assert_eq!(self.shown(), before);
            return;
        };
        let foreseen = self.model.fail(&ticket, Why::Abandoned, None, jitter);
        self.ended(&ticket, &event, &foreseen, (&before, held));
    }

    /// Checks the end of an attempt: the model foresaw the event, a stale result changes nothing, and a
    /// failure never takes a token away.
    fn ended(
        &mut self,
        ticket: &Ticket,
        event: &Event,
        foreseen: &Report,
        (before, held): (&str, Option<u64>),
    ) {
        assert_eq!(Report::from(event), *foreseen);
        self.facts.ended(ticket.election);
        let generation = self.agent.health(self.now()).generation.map(number);
        match event {
            Event::Stale => assert_eq!(self.shown(), before, "a stale result"),
            Event::Failed { error, backoff, .. } => {
                assert_eq!(generation, held, "a failure took a token");
                let backoff = time(*backoff);
                self.facts.check_wait(backoff, self.numbers.longest_wait());
                let ends_with_credentials = !error.is_retryable();
                self.facts
                    .backed_off(self.model.now, backoff, ends_with_credentials);
            }
            _ => assert!(generation > held, "a token of an older generation"),
        }
    }
}
