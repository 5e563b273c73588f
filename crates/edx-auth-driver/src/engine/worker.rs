//! The worker: does the agent's work, one piece at a time, on threads that are nobody else's.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, MutexGuard};

use edx_auth_core::{Event, Moment, TokenAgent, Work, WorkKind};
use http::Response;

use super::{Engine, State};
use crate::clock::jitter;
use crate::threads::{CREDENTIALS, EXCHANGES, Job, Lane};
use crate::trace::{self, TraceContext};

/// What the worker of one source is doing. There is one, since a second one would only hang where
/// the first does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Worker {
    Idle,
    /// It waits for a place.
    Queued(WorkKind),
    Running,
}

/// One piece of work on its way to a thread.
struct Task {
    engine: Arc<Engine>,
    kind: WorkKind,
    context: TraceContext,
}

impl Job for Task {
    fn run(&self) {
        self.context.with(|| self.engine.work(self.kind));
    }

    fn lost(&self) {
        let lost = |agent: &mut TokenAgent, now| agent.on_worker_lost(now, jitter());
        let event = self.engine.report(lost);
        self.context.with(|| self.engine.reported(&event));
    }
}

impl Engine {
    /// Sends a worker for what there is to do, unless one is on its way.
    pub(super) fn start_work(self: &Arc<Self>, mut state: MutexGuard<'_, State>, now: Moment) {
        match state.worker {
            Worker::Running => {}
            // Another job may have held its place for too long.
            Worker::Queued(kind) => {
                drop(state);
                lane(kind).dispatch();
            }
            Worker::Idle => {
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
        lane(kind).submit(Arc::clone(&self.host), Arc::new(task));
    }

    /// Does one piece of work and reports it.
    fn work(self: &Arc<Self>, kind: WorkKind) {
        let Some(work) = self.begin(kind) else {
            // The agent has other plans by now.
            let now = self.clock.now();
            return self.start_work(self.lock(), now);
        };
        let done = catch_unwind(AssertUnwindSafe(|| self.carry_out(work)));
        let event = done
            .unwrap_or_else(|_panic| self.report(|agent, now| agent.on_worker_lost(now, jitter())));
        self.reported(&event);
    }

    /// Takes the work from the agent, if it is still of this kind.
    fn begin(&self, kind: WorkKind) -> Option<Work> {
        let now = self.clock.now();
        let mut state = self.lock();
        state.worker = Worker::Idle;
        if state.agent.next_work(now) != Some(kind) {
            return None;
        }
        let work = state.agent.poll_work(now)?;
        state.worker = Worker::Running;
        Some(work)
    }

    fn carry_out(&self, work: Work) -> Event {
        match work {
            Work::Credentials(ticket) => {
                let credentials = (self.credentials)();
                self.report(|agent, now| agent.on_credentials(ticket, credentials, now, jitter()))
            }
            Work::Exchange(ticket, request) => {
                let span = trace::exchange(request.uri(), ticket.reason());
                let rules = ticket.rules();
                let sent = span.in_scope(|| self.transport.send(request, rules));
                let status = sent.as_ref().ok().map(Response::status);
                let event = self.report(|agent, now| match sent {
                    Ok(response) => agent.on_response(ticket, response, now, jitter()),
                    Err(error) => agent.on_failure(ticket, error, now, jitter()),
                });
                span.record(status, &event);
                event
            }
        }
    }

    /// Reports to the agent. The worker is idle then.
    fn report(&self, report: impl FnOnce(&mut TokenAgent, Moment) -> Event) -> Event {
        let now = self.clock.now();
        let mut state = self.lock();
        state.worker = Worker::Idle;
        report(&mut state.agent, now)
    }

    /// Traces what happened, tells those that wait, and goes on with what there is to do. A
    /// subscriber that panics harms nobody.
    fn reported(self: &Arc<Self>, event: &Event) {
        let _panic = catch_unwind(AssertUnwindSafe(|| {
            trace::event(event, &self.reported_once);
        }));
        self.notify();
        let now = self.clock.now();
        self.start_work(self.lock(), now);
    }
}

fn lane(kind: WorkKind) -> &'static Lane {
    match kind {
        WorkKind::Credentials => &CREDENTIALS,
        WorkKind::Exchange => &EXCHANGES,
    }
}
