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
use crate::threads::{EXCHANGES, FUNCTIONS, Job, Lane, STORES};
use crate::trace::{self, TraceContext};

/// What the worker of one source is doing. A source has one: a second one would hang where the first
/// does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Worker {
    Idle,
    /// It waits for a place in its [`Lane`].
    Queued(WorkKind),
    Running,
}

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
        let lost = |agent: &mut TokenAgent, now| agent.on_worker_lost(now, jitter());
        let event = self.engine.report(lost);
        self.engine.give_back();
        self.context.with(|| self.engine.reported(&event));
    }
}

impl Engine {
    /// Starts a worker if there is work, unless one waits already. While one runs there is no work, except
    /// that a store hangs.
    pub(super) fn start_work(self: &Arc<Self>, mut state: MutexGuard<'_, State>, now: Moment) {
        match state.worker {
            // Another job may have held its place for too long.
            Worker::Queued(kind) => {
                drop(state);
                lane(kind).dispatch();
            }
            Worker::Idle | Worker::Running => {
                let Some(kind) = state.agent.next_work(now) else {
                    return;
                };
                state.worker = Worker::Queued(kind);
                drop(state);
                self.submit(kind);
            }
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
        state.worker = Worker::Idle;
        if state.agent.next_work(now) != Some(kind) {
            return None;
        }
        let work = state.agent.poll_work(now)?;
        state.worker = Worker::Running;
        Some(work)
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
        let mut issued = None;
        let event = self.report_to(|state, now| {
            let agent = &mut state.agent;
            let event = match sent {
                Some(result) => agent.on_result(ticket, result, now, jitter()),
                None => agent.on_worker_lost(now, jitter()),
            };
            if let Event::Renewed { .. } = event {
                issued = agent.request().cloned().zip(agent.export(now));
            }
            state.is_saving = issued.is_some();
            event
        });
        // Before any caller learns of it: a program may end with its caller.
        span.close(status, &event, || self.trace(&event));
        self.save(issued);
        self.tell(&event);
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

    /// Marks the worker as idle and reports to the agent.
    fn report(&self, report: impl FnOnce(&mut TokenAgent, Moment) -> Event) -> Event {
        self.report_to(|state, now| report(&mut state.agent, now))
    }

    /// Reports to the agent, beside what else the engine keeps.
    pub(super) fn report_to(&self, report: impl FnOnce(&mut State, Moment) -> Event) -> Event {
        let (mut state, now) = self.enter();
        state.worker = Worker::Idle;
        state.is_saving = false;
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
    fn proceed(self: &Arc<Self>) {
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
        WorkKind::Store => &STORES,
        WorkKind::Exchange => &EXCHANGES,
    }
}
