//! A pool of connections for each runtime.
//!
//! A connection is driven by a task of the runtime that opened it. Used from another runtime, it waits
//! for that task: until the call's timeout, if nothing polls the first runtime meanwhile.

use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::runtime::{Handle, Id};
use tokio::sync::oneshot;

use crate::Error;
use crate::http_client::ReadyClient;
use crate::timekeeper::Timekeeper;
use crate::tls::NoClient;

/// Clients with the same settings, one for each running runtime that has made a call, and another one if a test
/// has paused that runtime's clock.
pub(super) struct Pools(Mutex<Vec<Pool>>);

/// A client and the runtime that drives its connections.
struct Pool {
    client: ReadyClient,
    owner: Option<Owner>,
}

/// A runtime, and a channel to a task in it: the channel closes when the runtime shuts down. Another
/// runtime may have the same ID then.
struct Owner {
    runtime: Id,
    task: oneshot::Sender<Infallible>,
}

impl Pools {
    /// Creates the pools with a client for the first runtime.
    pub(super) fn new(client: ReadyClient) -> Self {
        let owner = None;
        Self(Mutex::new(vec![Pool { client, owner }]))
    }

    /// Returns the current runtime's client. A new runtime takes over the client of one that has shut
    /// down, whose connections are closed, or else gets a new client.
    pub(super) fn client(
        &self,
        timekeeper: Timekeeper,
        create: impl FnOnce() -> Result<ReadyClient, NoClient>,
    ) -> Result<ReadyClient, NoClient> {
        let runtime = Handle::try_current().map_err(Error::setup)?;
        let client = existing(&mut self.pools(), &runtime, timekeeper);
        if let Some(client) = client {
            return Ok(client);
        }
        // Without the lock, since this may call a function of the program.
        let created = create()?;
        let mut pools = self.pools();
        let earlier = existing(&mut pools, &runtime, timekeeper);
        Ok(earlier.unwrap_or_else(|| {
            pools.push(Pool {
                client: created.clone(),
                owner: Some(Owner::of(&runtime)),
            });
            created
        }))
    }

    fn pools(&self) -> MutexGuard<'_, Vec<Pool>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the client of this runtime, or one that is free and is the runtime's from now on.
fn existing(pools: &mut [Pool], runtime: &Handle, timekeeper: Timekeeper) -> Option<ReadyClient> {
    let mut suited = pools.iter().filter(|pool| pool.is_timed_by(timekeeper));
    if let Some(pool) = suited.find(|pool| pool.is_driven_by(runtime)) {
        return Some(pool.client.clone());
    }
    let mut suited = pools.iter_mut().filter(|pool| pool.is_timed_by(timekeeper));
    let free = suited.find(|pool| pool.is_free())?;
    free.owner = Some(Owner::of(runtime));
    Some(free.client.clone())
}

impl Pool {
    fn is_timed_by(&self, timekeeper: Timekeeper) -> bool {
        self.client.timekeeper() == timekeeper
    }

    fn is_driven_by(&self, runtime: &Handle) -> bool {
        let owner = self.owner.as_ref();
        owner.is_some_and(|owner| owner.runtime == runtime.id() && owner.is_running())
    }

    fn is_free(&self) -> bool {
        !self.owner.as_ref().is_some_and(Owner::is_running)
    }
}

impl Owner {
    fn of(runtime: &Handle) -> Self {
        let (task, dropped) = oneshot::channel();
        runtime.spawn(dropped);
        Self {
            runtime: runtime.id(),
            task,
        }
    }

    fn is_running(&self) -> bool {
        !self.task.is_closed()
    }
}
