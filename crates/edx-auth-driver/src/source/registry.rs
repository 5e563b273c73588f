//! The sources of many tenants.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use edx_auth_core::TokenRequest;

use super::{Custom, TokenSource};
use crate::{Error, StoreKey, TenancyError};

/// The token sources of a program for many tenants: one for each endpoint, client ID, client secret, scope and
/// token type. It creates them when they are needed, and forgets those that are not in use.
///
/// A source is in use while a clone of it, a client over it or a token request of it exists. If the registry
/// is full, a new source replaces the least recently used one that is not in use. Its token is lost with it,
/// unless there is a [store](crate::TokenStore).
///
/// ```
/// use edx_auth_driver::{Blocking, RequestLimit, TokenSource, TokenSources};
/// # use edx_auth_driver::{ClientCredentials, TokenEndpoint, TokenRequest, TransportFailure};
/// # let transport = |_, _| Err(TransportFailure::NotSent.into());
///
/// let limit = RequestLimit::per_minute(60)?;
/// let tenants = TokenSources::new(1_000, move |request| {
///     TokenSource::<Blocking>::over(request, transport)
///         .request_limit(&limit)
///         .build()
/// })?;
///
/// # let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// let request = TokenRequest::new(TokenEndpoint::edx(), credentials); // of one tenant
/// let source = tenants.source(&request)?; // for each job
/// # let _ = source;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct TokenSources<W, S = Custom> {
    capacity: usize,
    create: Create<W, S>,
    held: Mutex<Held<W, S>>,
}

type Create<W, S> = Box<dyn Fn(TokenRequest) -> Result<TokenSource<W, S>, Error> + Send + Sync>;

/// The sources that there are, and when each was last used: by a number that grows with each use.
struct Held<W, S> {
    sources: HashMap<StoreKey, (TokenSource<W, S>, u64)>,
    uses: u64,
}

impl<W, S> TokenSources<W, S> {
    /// Creates a registry with room for this many sources, which this function creates.
    ///
    /// # Errors
    /// Returns [`TenancyError::NoCapacity`] if there is room for none.
    pub fn new<F>(capacity: usize, create: F) -> Result<Self, Error>
    where
        F: Fn(TokenRequest) -> Result<TokenSource<W, S>, Error> + Send + Sync + 'static,
    {
        if capacity == 0 {
            return Err(TenancyError::NoCapacity.into());
        }
        Ok(Self {
            capacity,
            create: Box::new(create),
            held: Mutex::new(Held {
                sources: HashMap::new(),
                uses: 0,
            }),
        })
    }

    /// Returns the source of this request: the same for all that ask with the same request.
    ///
    /// # Errors
    /// Returns [`TenancyError::AllInUse`] if there is room for no other source, and the error of the function
    /// that creates it.
    pub fn source(&self, request: &TokenRequest) -> Result<TokenSource<W, S>, Error> {
        let key = StoreKey::of(request);
        let held = self.held().get(&key);
        match held {
            Some(source) => Ok(source),
            // Without the lock: it is the program's own function.
            None => self.add(key, (self.create)(request.clone())?),
        }
    }

    /// Adds a source, unless another caller has been faster.
    fn add(&self, key: StoreKey, new: TokenSource<W, S>) -> Result<TokenSource<W, S>, Error> {
        let mut held = self.held();
        if let Some(source) = held.get(&key) {
            return Ok(source);
        }
        let evicted = held.make_room(self.capacity)?;
        let source = held.add(key, new);
        // Without the lock, too: the program's own functions end with it.
        drop(held);
        drop(evicted);
        Ok(source)
    }

    fn held(&self) -> MutexGuard<'_, Held<W, S>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W, S> Held<W, S> {
    fn get(&mut self, key: &StoreKey) -> Option<TokenSource<W, S>> {
        let (source, used) = self.sources.get_mut(key)?;
        self.uses += 1;
        *used = self.uses;
        Some(source.clone())
    }

    fn add(&mut self, key: StoreKey, source: TokenSource<W, S>) -> TokenSource<W, S> {
        self.uses += 1;
        self.sources.insert(key, (source.clone(), self.uses));
        source
    }

    /// Removes a source that is not in use, if there is no room for another.
    fn make_room(&mut self, capacity: usize) -> Result<Option<TokenSource<W, S>>, TenancyError> {
        if self.sources.len() < capacity {
            return Ok(None);
        }
        let idle = self.sources.iter().filter(|(_, (one, _))| one.is_idle());
        let oldest = idle.min_by_key(|(_, (_, used))| *used);
        let key = oldest.map(|(key, _)| key.clone());
        let key = key.ok_or(TenancyError::AllInUse(capacity))?;
        Ok(self.sources.remove(&key).map(|(source, _)| source))
    }
}

impl<W, S> TokenSource<W, S> {
    /// Reports whether this is the only clone, and nothing waits for a token or requests one.
    fn is_idle(&self) -> bool {
        Arc::strong_count(&self.shared) == 1 && Arc::strong_count(self.engine()) == 1
    }
}

impl<W, S> fmt::Debug for TokenSources<W, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSources")
            .field("capacity", &self.capacity)
            .field("sources", &self.held().sources.len())
            .finish_non_exhaustive()
    }
}
