//! The worker: does the agent's work, one piece at a time, on this crate's own threads.

use std::sync::{Arc, MutexGuard};
use std::time::Duration;

use edx_auth_core::{
    CredentialsTicket, Event, ExchangeTicket, FormBody, Moment, TokenAgent, Work, WorkKind,
};
use http::{Request, Response};

use super::{Engine, State};
use crate::clock::jitter;
use crate::guarded::guarded;
use crate::threads::{EXCHANGES, FUNCTIONS, Job, LOOKS, Lane, SAVES};
use crate::trace::{self, TraceContext};

/// One piece of work on its way to a thread.
pub(super) struct Task {
    pub(super) engine: Arc<Engine>,
    pub(super) kind: WorkKind,
    pub(super) context: TraceContext,
}

impl Job for Task {
    fn run(&self) {
        self.context.with(|| self.engine.work(self.kind));
    }

    fn lost(&self) {
        let event = self.engine.report_to(|state, now| {
            state.queued = None;
            state.agent.on_worker_lost(now, jitter())
        });
        self.engine.give_back();
        self.context.with(|| self.engine.reported(&event));
    }
}

impl Engine {
    /// Queues work if there is any, unless other work waits already. While some runs there is none, except
    /// that a store hangs.
    pub(super) fn start_work(self: &Arc<Self>, mut state: MutexGuard<'_, State>, now: Moment) {
        let has_late_save = state.has_late_save(now);
        if let Some(kind) = state.queued {
            drop(state);
            // Another job may have held its place for too long.
            lane(kind).dispatch();
        } else if let Some(kind) = state.next_work(now) {
            state.queued = Some(kind);
            drop(state);
            self.submit(kind);
        } else {
            drop(state);
        }
        if has_late_save {
            // It may wait for the place of a save that hangs.
            SAVES.dispatch();
        }
    }

    fn submit(self: &Arc<Self>, kind: WorkKind) {
        let task = Task {
            engine: Arc::clone(self),
            kind,
            context: TraceContext::current(),
        };
        lane(kind).submit(self.host(), Box::new(task));
    }

    /// Does one piece of work and reports it.
    pub(super) fn work(self: &Arc<Self>, kind: WorkKind) {
        match self.begin(kind) {
            Some(Work::Credentials(ticket)) => self.provide(ticket),
            Some(Work::Store(ticket)) => self.look_for_token(ticket),
            Some(Work::Exchange(ticket, request)) => self.exchange(ticket, request),
            // The agent has other work by now, or none.
            None => {
                self.give_back();
                self.start_next();
            }
        }
    }

    /// Takes the work from the agent, if it is still of this kind.
    fn begin(&self, kind: WorkKind) -> Option<Work> {
        let (mut state, now) = self.enter();
        state.queued = None;
        if state.next_work(now) != Some(kind) {
            return None;
        }
        state.agent.poll_work(now)
    }

    fn provide(self: &Arc<Self>, ticket: CredentialsTicket) {
        let provided = guarded(|| match &self.credentials {
            Some(provide) => provide(),
            None => Err("there are no credentials".into()),
        });
        let event = self.report(|agent, now| match provided {
            Some(provided) => agent.on_credentials(ticket, provided, now, jitter()),
            None => agent.on_worker_lost(now, jitter()),
        });
        self.reported(&event);
    }

    fn exchange(self: &Arc<Self>, ticket: ExchangeTicket, request: Request<FormBody>) {
        if let Err(wait) = self.count_request() {
            return self.stay_in_limit(ticket, wait);
        }
        let span = trace::exchange(request.uri(), ticket.reason(), &self.label());
        let rules = ticket.rules();
        let sent = span.in_scope(|| guarded(|| self.transport.send(request, rules)));
        let response = sent.as_ref().and_then(|sent| sent.as_ref().ok());
        let status = response.map(Response::status);
        let mut unsaved = None;
        let event = self.report_to(|state, now| {
            let event = match sent {
                Some(result) => state.agent.on_result(ticket, result, now, jitter()),
                None => state.agent.on_worker_lost(now, jitter()),
            };
            unsaved = self.unsaved(state, &event, now);
            event
        });
        // Before any caller learns of it: a program may end with its caller.
        span.close(status, &event, || self.trace(&event));
        self.tell(&event);
        match unsaved {
            Some(unsaved) => self.save(unsaved),
            None => self.give_back(),
        }
        self.proceed();
    }

    fn count_request(&self) -> Result<(), Duration> {
        let limit = self.limit.as_ref();
        limit.map_or(Ok(()), |limit| limit.take(&self.host()))
    }

    /// Ends the attempt without its token request, which may be sent after this wait.
    fn stay_in_limit(self: &Arc<Self>, ticket: ExchangeTicket, wait: Duration) {
        let over = |agent: &mut TokenAgent, now| agent.on_over_limit(ticket, wait, now, jitter());
        let event = self.report(over);
        self.give_back();
        self.reported(&event);
    }

    /// Reports to the agent.
    fn report(&self, report: impl FnOnce(&mut TokenAgent, Moment) -> Event) -> Event {
        self.report_to(|state, now| report(&mut state.agent, now))
    }

    /// Reports to the agent, beside what else the engine keeps.
    pub(super) fn report_to(&self, report: impl FnOnce(&mut State, Moment) -> Event) -> Event {
        let (mut state, now) = self.enter();
        let event = report(&mut state, now);
        state.questions.on_event(&event, now);
        event
    }

    /// Traces the event, tells the listener, notifies the callers that wait, and continues with the next
    /// work.
    pub(super) fn reported(self: &Arc<Self>, event: &Event) {
        if let Event::StoreFailed { .. } = event {
            self.store_failed(event);
        } else {
            self.trace(event);
            self.tell(event);
        }
        self.proceed();
    }

    pub(super) fn trace(&self, event: &Event) {
        trace::event(event, &self.label(), &self.reported_once);
    }

    /// Notifies the callers that wait, and continues with the next work.
    pub(super) fn proceed(self: &Arc<Self>) {
        self.notify();
        self.start_next();
    }

    fn start_next(self: &Arc<Self>) {
        let (state, now) = self.enter();
        self.start_work(state, now);
    }
}

fn lane(kind: WorkKind) -> &'static Lane {
    match kind {
        WorkKind::Credentials => &FUNCTIONS,
        WorkKind::Store => &LOOKS,
        WorkKind::Exchange => &EXCHANGES,
    }
}
