//! What each action does to the processes and their stores, and the laws about it.

use core::mem;
use core::time::Duration;

use super::super::super::laws::exchange::{credentials, response};
use super::super::super::laws::history::Outcome;
use super::Law;
use super::fleet::{Action, Fleet, Message, REQUEST};
use super::process::{Look, Process, Seen, TokenRequest, Using, hangs};
use super::shelf::{Claim, Saved};
use crate::agent::{StoreTicket, Work};
use crate::jitter::Jitter;
use crate::lifecycle::{Event, Need};

impl Fleet {
    pub(super) fn happen(&mut self, action: Action) {
        match action {
            Action::Pass => self.pass(),
            Action::Arrive(at) => {
                let (key, message) = self.late.swap_remove(at);
                self.arrive(key, message);
            }
            Action::Acquire(id) => self.acquire(id),
            Action::Serve(id) => self.serve(id),
            Action::Deliver(id) => self.deliver(id),
            Action::GiveUp(id) => self.store_failed(id),
            Action::Fail(id) => self.fail(id),
            Action::Delay(id) => {
                self.send_late(id);
                self.fail(id);
            }
            Action::Repeat(id) => {
                self.send_late(id);
                self.left.faults -= 1;
                self.serve(id);
            }
            Action::Issue(id) => self.end(id, Outcome::Issued { life: LIFE }),
            Action::Break(id) => {
                self.left.faults -= 1;
                let request = self.processes[id].requesting.as_ref();
                request.inspect(|request| self.allowed[request.key] += 1);
                self.end(id, Outcome::Unavailable);
            }
            Action::Crash(id) => self.crash(id),
            Action::Force(id) => self.force(id),
            Action::Change(id) => self.change(id),
        }
    }

    fn pass(&mut self) {
        self.left.seconds -= 1;
        self.advance(Duration::from_secs(1));
        (0..self.processes.len()).for_each(|id| self.work(id));
    }

    pub(super) fn advance(&mut self, time: Duration) {
        self.now.monotonic += time;
        self.now.wall += time;
        let (now, allowed) = (self.now.monotonic, &mut self.allowed);
        self.due.retain(|(key, due)| {
            let is_due = now >= *due;
            allowed[*key] += i8::from(is_due);
            !is_due
        });
    }

    fn acquire(&mut self, id: usize) {
        let agent = &mut self.processes[id].agent;
        let budget = agent.wait_budget(self.now);
        let _acquired = agent.acquire(Need::any(), &budget, self.now);
        self.work(id);
    }

    /// Begins the next work of a process, as its driver does after each use of the agent.
    pub(super) fn work(&mut self, id: usize) {
        self.work_with(id, None);
    }

    /// Begins the next work of a process that has this claim.
    fn work_with(&mut self, id: usize, claim: Option<Claim>) {
        let process = &mut self.processes[id];
        let key = process.key;
        match process.agent.poll_work(self.now) {
            None => self.release(key, claim),
            Some(Work::Credentials(_)) => unreachable!("the agent has them"),
            Some(Work::Store(ticket)) => {
                self.release(key, claim);
                self.look(id, ticket);
            }
            Some(Work::Exchange(ticket, _)) => {
                // It goes on without a store that takes too long.
                self.allowed[key] += i8::from(process.uses_store()) - 1;
                let since = self.now.monotonic;
                process.requesting = Some(TokenRequest {
                    ticket,
                    key,
                    claim,
                    since,
                });
                self.check(Law::OneRequestPerLife, self.allowed[key] >= 0);
            }
        }
    }

    /// Looks into the store. That fails at once while an earlier use takes long.
    fn look(&mut self, id: usize, ticket: StoreTicket) {
        let (now, process) = (self.now, &mut self.processes[id]);
        if process.uses_store() {
            let hangs = Err("the store hangs".into());
            let _event = process.agent.on_stored(ticket, hangs, now, Jitter::NONE);
            return self.work(id);
        }
        process.using = Using::Looking(Look {
            ticket,
            key: process.key,
            since: now.monotonic,
            seen: None,
        });
    }

    pub(super) fn serve(&mut self, id: usize) {
        match mem::take(&mut self.processes[id].using) {
            Using::Looking(mut look) => {
                let claims = look.ticket.claim_within().is_some();
                let claim = if claims { self.grant(look.key) } else { None };
                let saved = self.shelves[look.key].load(self.now).cloned();
                look.seen = (claims == claim.is_some()).then_some(Seen { claim, saved });
                self.processes[id].using = Using::Looking(look);
            }
            Using::Saving(saved, claim, since) => {
                let key = saved.key;
                self.allowed[key] += i8::from(hangs(since, self.now));
                self.arrive(key, Message::Save(saved));
                self.release(key, claim);
                self.work(id);
            }
            Using::Nothing => {}
        }
    }

    /// Gives the claim, if no other process has it. Where its process has let it expire, that one may request
    /// a token as well.
    fn grant(&mut self, key: usize) -> Option<Claim> {
        let (claim, has_expired) = self.shelves[key].claim(CLAIM, self.now)?;
        self.allowed[key] += i8::from(has_expired);
        Some(claim)
    }

    fn release(&mut self, key: usize, claim: Option<Claim>) {
        if let Some(claim) = claim {
            self.shelves[key].release(claim);
        }
    }

    fn arrive(&mut self, key: usize, message: Message) {
        match message {
            Message::Claim => drop(self.grant(key)),
            Message::Save(saved) => {
                self.check(Law::TokensStayWithTheirKey, saved.key == key);
                let before = self.shelves[key].load(self.now).map(|saved| saved.fence);
                self.shelves[key].save(saved, self.now);
                let after = self.shelves[key].load(self.now).map(|saved| saved.fence);
                self.check(Law::NewerTokensStay, before <= after);
            }
        }
    }

    pub(super) fn deliver(&mut self, id: usize) {
        let Some((look, seen)) = self.take_look(id) else {
            return;
        };
        let now = self.now;
        let process = &mut self.processes[id];
        let left = |saved: &Saved| saved.token.left(now);
        let before = process.agent.export(now).map(|token| token.left(now));
        let found = seen.saved.as_ref().map(|saved| saved.token.clone());
        let event = process
            .agent
            .on_stored(look.ticket, Ok(found), now, Jitter::NONE);
        if let (Event::Restored { .. }, Some(saved)) = (&event, seen.saved) {
            process.held = saved.number;
            let is_own = saved.key == process.key;
            self.check(Law::TokensStayWithTheirKey, is_own);
            self.check(Law::NewerTokensStay, before < Some(left(&saved)));
        }
        if let Event::Stale = event {
            self.release(look.key, seen.claim);
            return self.work(id);
        }
        self.work_with(id, seen.claim);
    }

    /// Takes a look that the store has served.
    fn take_look(&mut self, id: usize) -> Option<(Look, Seen)> {
        match mem::take(&mut self.processes[id].using) {
            Using::Looking(mut look) => {
                let seen = look.seen.take()?;
                Some((look, seen))
            }
            Using::Nothing | Using::Saving(..) => None,
        }
    }

    fn fail(&mut self, id: usize) {
        self.left.faults -= 1;
        self.store_failed(id);
    }

    /// Reports that the store failed, for which another token may be requested. A claim that it has given all
    /// the same expires.
    pub(super) fn store_failed(&mut self, id: usize) {
        let (now, process) = (self.now, &mut self.processes[id]);
        match mem::take(&mut process.using) {
            Using::Looking(look) => {
                let fails = Err("the store fails".into());
                let event = process
                    .agent
                    .on_stored(look.ticket, fails, now, Jitter::NONE);
                self.allowed[look.key] += i8::from(!matches!(event, Event::Stale));
            }
            Using::Saving(saved, ..) => self.allowed[saved.key] += 1,
            Using::Nothing => {}
        }
        self.work(id);
    }

    /// Lets what the process tells the store arrive later.
    fn send_late(&mut self, id: usize) {
        let late = match &self.processes[id].using {
            Using::Looking(look) => (look.key, Message::Claim),
            Using::Saving(saved, ..) => (saved.key, Message::Save(saved.clone())),
            Using::Nothing => return,
        };
        self.late.push(late);
    }

    /// Ends a token request.
    pub(super) fn end(&mut self, id: usize, outcome: Outcome) {
        let (now, number) = (self.now, self.last + 1);
        let process = &mut self.processes[id];
        let response = response(outcome, number);
        let Some((request, response)) = process.requesting.take().zip(response) else {
            return;
        };
        let (key, claim) = (request.key, request.claim);
        self.allowed[key] += i8::from(hangs(request.since, now));
        let event = process
            .agent
            .on_response(request.ticket, response, now, Jitter::NONE);
        let token = process.agent.export(now);
        let (Event::Renewed { .. }, Some(token)) = (event, token) else {
            self.release(key, claim);
            return self.work(id);
        };
        process.held = number;
        self.last = number;
        let due = now.monotonic + token.left(now).saturating_sub(DUE_BEFORE_END);
        self.due.push((key, due));
        let saved = Saved {
            token,
            number,
            key: process.key,
            fence: claim.map_or(0, |claim| claim.fence),
        };
        self.check(Law::TokensStayWithTheirKey, saved.key == key);
        self.save(id, saved, claim);
        self.advance(Duration::ZERO);
    }

    /// Saves a token, unless an earlier use of the store takes long: then no other process learns of it.
    fn save(&mut self, id: usize, saved: Saved, claim: Option<Claim>) {
        let process = &mut self.processes[id];
        if process.uses_store() {
            self.allowed[saved.key] += 1;
            self.release(saved.key, claim);
        } else {
            process.using = Using::Saving(saved, claim, self.now.monotonic);
        }
    }

    /// Replaces a process. Its claim expires; without one, its token request counts for nothing.
    fn crash(&mut self, id: usize) {
        self.left.faults -= 1;
        let process = mem::replace(&mut self.processes[id], Process::new());
        if let Some(TokenRequest {
            key, claim: None, ..
        }) = process.requesting
        {
            self.allowed[key] += 1;
        }
        if let Using::Saving(saved, None, _) = process.using {
            self.allowed[saved.key] += 1;
        }
    }

    fn force(&mut self, id: usize) {
        self.left.changes -= 1;
        let process = &mut self.processes[id];
        self.allowed[process.key] += 1;
        let need = process.agent.renew_now();
        let budget = process.agent.wait_budget(self.now);
        let _acquired = process.agent.acquire(need, &budget, self.now);
        self.work(id);
    }

    /// Changes the client credentials. What is requested with the old ones counts for nothing.
    fn change(&mut self, id: usize) {
        self.left.changes -= 1;
        let now = self.now;
        let process = &mut self.processes[id];
        if let Some(request) = &process.requesting {
            self.allowed[request.key] += 1;
        }
        process.key = 1 - process.key;
        let _event = process.agent.set_credentials(credentials(process.key), now);
        self.work(id);
    }
}

/// The `expires_in` of each token: eight seconds, and the one that the agent subtracts for rounding.
const LIFE: u64 = 9;

/// How long before its end a token is due for renewal, by the policy of the processes.
const DUE_BEFORE_END: Duration = Duration::from_secs(3);

/// How long a claim lasts: a second longer than a token request.
const CLAIM: Duration = Duration::from_secs(REQUEST.as_secs() + 1);
