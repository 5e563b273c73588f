//! The token store in Redis.

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use edx_auth_driver::{Claim, Moment, StoreError, StoredToken, TokenRequest, TokenStore};
use zeroize::Zeroizing;

use crate::claim::{Held, Hold};
use crate::keys::Keys;
use crate::redis::Redis;
use crate::response::Response;
use crate::{RedisError, RedisSetupError};

/// A token store in Redis or Valkey, for the processes of many machines. Clones are the same store.
///
/// ```
/// use edx_auth_driver::{Blocking, TokenSource};
/// use edx_auth_redis::RedisStore;
/// # use edx_auth_driver::{ClientCredentials, TokenEndpoint, TokenRequest, TransportFailure};
/// # let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// # let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
/// # let transport = |_, _| Err(TransportFailure::NotSent.into());
///
/// let source = TokenSource::<Blocking>::over(request, transport)
///     .store(RedisStore::new("redis://user:password@cache.internal:6379/0")?)
///     .build()?;
/// # let _ = source;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RedisStore(Redis);

impl RedisStore {
    /// Creates a store in the Redis server at this URL: `redis://user:password@host:6379/0`, of which the
    /// scheme and the host are needed, or `rediss://..` for TLS. `valkey://` and `valkeys://` mean the same.
    /// Nothing is connected yet.
    ///
    /// # Errors
    /// Returns an error if the URL is invalid, or needs TLS and there is none.
    pub fn new(url: &str) -> Result<Self, RedisSetupError> {
        Ok(Self(Redis::at(url)?))
    }

    /// Sets how long Redis may take to connect, and then again to respond, instead of 200 milliseconds. For a
    /// Redis that is far away: a source continues without a store that takes longer than two seconds.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self(self.0.timeout(timeout))
    }
}

impl TokenStore for RedisStore {
    fn load(&self, request: &TokenRequest) -> Result<Option<StoredToken>, StoreError> {
        let (keys, now) = (Keys::of(request), now());
        let longest = StoredToken::LONGEST.to_string();
        let loaded = self.0.run(LOAD, &keys, &[longest.as_bytes()])?;
        let (value, left) = value_and_left(loaded)?;
        if value.is_empty() {
            return Ok(None);
        }
        if value.len() > StoredToken::LONGEST {
            return Err(RedisError::TooLarge.into());
        }
        let left = u64::try_from(left).map_err(|_| RedisError::NoExpiry)?;
        let token = keys.seal.open(without_fence(&value))?;
        Ok(Some(token.lasting(Duration::from_millis(left), now)))
    }

    fn claim(&self, request: &TokenRequest, within: Duration) -> Result<Claim, StoreError> {
        let hold = Hold::new(self.0.clone(), request);
        let fence = hold.wait(within)?.ok_or(StoreError::Busy)?;
        Ok(Claim::new(Held(hold)).with_fence(fence))
    }

    fn save(
        &self,
        request: &TokenRequest,
        token: &StoredToken,
        claim: Option<&Claim>,
    ) -> Result<(), StoreError> {
        let left = token.left(now()).as_millis();
        if left == 0 {
            return Ok(());
        }
        let fence = claim.and_then(Claim::fence);
        let fence = fence.map_or_else(String::new, |fence| fence.to_string());
        let (keys, left) = (Keys::of(request), left.to_string());
        let sealed = Zeroizing::new(keys.seal.seal(token));
        let arguments: [&[u8]; 3] = [&sealed, left.as_bytes(), fence.as_bytes()];
        match claim {
            Some(_) => self.0.run_now(SAVE, &keys, &arguments)?,
            None => self.0.run(SAVE, &keys, &arguments)?,
        };
        Ok(())
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RedisStore").field(&self.0).finish()
    }
}

fn value_and_left(loaded: Response) -> Result<(Zeroizing<Vec<u8>>, i64), RedisError> {
    if let Response::List(list) = loaded {
        if let Ok([Response::Text(value), Response::Number(left)]) = <[_; 2]>::try_from(list) {
            return Ok((value, left));
        }
    }
    Err(RedisError::NotRedis)
}

/// Returns what is stored after the number of the fence. A value without one is not from here.
fn without_fence(value: &[u8]) -> &[u8] {
    let digits = value.iter().take_while(|byte| byte.is_ascii_digit());
    let after = value.get(digits.count()..).unwrap_or_default();
    after.strip_prefix(b" ").unwrap_or_default()
}

/// The wall clock alone: a stored token knows no other.
fn now() -> Moment {
    Moment {
        monotonic: Duration::ZERO,
        wall: UNIX_EPOCH.elapsed().unwrap_or_default(),
    }
}

const LOAD: &str = include_str!("scripts/load.lua");
const SAVE: &str = concat!(
    include_str!("scripts/fence.lua"),
    include_str!("scripts/save.lua")
);
