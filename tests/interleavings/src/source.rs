//! A token source with blocking and async callers.

use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{
    Health, Invalidation, Jitter, LiveToken, Moment, Need, StoredToken, TokenAgent, TokenError,
    TokenRequest,
};
use shuttle::future::block_on;
use shuttle::rand::{Rng, thread_rng};

use crate::Error;
use crate::engine::{Engine, Supply, acquire};
use crate::plan::{CLIENT, Plan, credentials};
use crate::site::Visitor;

/// A token, or why there is none.
pub(crate) type Asked = Result<LiveToken, Error>;

#[derive(Clone)]
pub(crate) struct Source {
    engine: Arc<Engine>,
    callers: Kind,
}

/// How the callers of a source wait.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Blocking,
    Async,
    /// Each caller in one of these two ways.
    Mixed,
}

impl Source {
    /// Creates a source. The schedule decides how its callers wait.
    pub(crate) fn new(plan: Plan) -> Self {
        let kinds = [Kind::Blocking, Kind::Async, Kind::Mixed];
        Self {
            engine: engine(plan),
            callers: kinds[thread_rng().gen_range(0..kinds.len())],
        }
    }

    /// Creates a source with callers of both kinds.
    pub(crate) fn mixed(plan: Plan) -> Self {
        Self {
            engine: engine(plan),
            callers: Kind::Mixed,
        }
    }

    pub(crate) fn token(&self) -> Asked {
        self.acquire(Need::any(), None)
    }

    pub(crate) fn token_within(&self, timeout: Duration) -> Asked {
        self.acquire(Need::any(), Some(timeout))
    }

    pub(crate) fn token_newer_than(&self, rejected: &LiveToken) -> Asked {
        self.acquire(Need::any().newer_than(rejected.generation()), None)
    }

    pub(crate) fn renew_now(&self) -> Asked {
        let need = self.engine.with(|agent, _| agent.renew_now());
        self.acquire(need, None)
    }

    /// Returns a future that waits for a token and can run on any task.
    pub(crate) fn token_async(&self) -> impl Future<Output = Asked> + Send + use<> {
        self.acquire_async(Need::any(), None)
    }

    pub(crate) fn token_newer_than_async(
        &self,
        rejected: &LiveToken,
    ) -> impl Future<Output = Asked> + Send + use<> {
        self.acquire_async(Need::any().newer_than(rejected.generation()), None)
    }

    pub(crate) fn invalidate(&self, token: &LiveToken) -> Invalidation {
        let generation = token.generation();
        self.engine
            .with(|agent, now| agent.invalidate(generation, now))
    }

    pub(crate) fn credentials_changed(&self) {
        self.engine.with(|agent, _| agent.credentials_changed());
    }

    pub(crate) fn restore(&self, stored: StoredToken) {
        let restore = |agent: &mut TokenAgent, now| agent.restore(stored, now, Jitter::NONE);
        self.engine.with(restore);
        self.engine.notify();
    }

    pub(crate) fn now(&self) -> Moment {
        self.engine.now()
    }

    pub(crate) fn health(&self) -> Health {
        self.engine.look(TokenAgent::health)
    }

    fn acquire(&self, need: Need, timeout: Option<Duration>) -> Asked {
        let is_async = match self.callers {
            Kind::Blocking => false,
            Kind::Async => true,
            Kind::Mixed => thread_rng().r#gen(),
        };
        if is_async {
            block_on(self.acquire_async(need, timeout))
        } else {
            Ok(self.engine.block_on(acquire(need, timeout))?)
        }
    }

    fn acquire_async(
        &self,
        need: Need,
        timeout: Option<Duration>,
    ) -> impl Future<Output = Asked> + Send + use<> {
        let engine = Arc::clone(&self.engine);
        async move {
            let acquired = engine.wait_for(acquire(need, timeout)).await;
            Ok(acquired.map_err(Error::setup)??)
        }
    }
}

fn engine(plan: Plan) -> Arc<Engine> {
    let visitor = Visitor::new();
    let request = TokenRequest::new(plan.endpoint, credentials(CLIENT));
    let mut agent = TokenAgent::new(request, plan.policy).with_token_timeout(plan.timeout);
    if plan.credentials.is_some() {
        agent = agent.with_provided_credentials();
    }
    let supply = match plan.store {
        Some(store) => {
            agent = agent.with_store();
            Supply::Store(store)
        }
        None => Supply::None,
    };
    let asks = visitor.clone();
    let provide = move || match &plan.credentials {
        Some(credentials) => asks.visit(credentials),
        None => Err("the client credentials are fixed".into()),
    };
    let transport = move |request, _| visitor.visit(|| crate::site::respond(request));
    let engine = Engine::new(agent, Box::new(transport)).with_credentials(Box::new(provide));
    Arc::new(engine.with_supply(supply))
}

/// Checks that there is no token, and returns why.
pub(crate) fn no_token(asked: Asked) -> TokenError {
    match asked {
        Err(Error::Token(error)) => error,
        other => panic!("{other:?}"),
    }
}
