//! The right to request a token, which Redis gives to one process at a time.

use std::thread;
use std::time::{Duration, Instant};

use edx_auth_driver::TokenRequest;

use crate::RedisError;
use crate::keys::Keys;
use crate::redis::Redis;
use crate::response::Response;

/// A claim that is sought or held, under a name that no other claim has.
pub(crate) struct Hold {
    redis: Redis,
    keys: Keys,
    name: String,
    lifetime: Duration,
}

/// A claim that is given back when this is dropped. If Redis does not respond then, the claim expires.
pub(crate) struct Held(pub(crate) Hold);

impl Hold {
    pub(crate) fn new(redis: Redis, request: &TokenRequest) -> Self {
        Self {
            redis,
            keys: Keys::of(request),
            name: format!("{:032x}", fastrand::u128(..)),
            lifetime: request.rules().deadline().saturating_add(AROUND),
        }
    }

    /// Tries again and again for at most this long. Returns the fence; `None` if another process has the
    /// claim all the time.
    pub(crate) fn wait(&self, within: Duration) -> Result<Option<u64>, RedisError> {
        let start = Instant::now();
        let mut pause = SHORTEST_PAUSE;
        loop {
            let attempted = Instant::now();
            let fence = self.attempt()?;
            let took = attempted.elapsed();
            let left = within.saturating_sub(start.elapsed());
            if fence.is_some() || left.is_zero() {
                return Ok(fence);
            }
            let rest = rest(pause, took).mul_f32(0.5 + fastrand::f32());
            thread::sleep(rest.min(left));
            pause = (2 * pause).min(LONGEST_PAUSE);
        }
    }

    fn attempt(&self) -> Result<Option<u64>, RedisError> {
        let lifetime = self.lifetime.as_millis().to_string();
        let arguments = [self.name.as_bytes(), lifetime.as_bytes()];
        match self.redis.run(CLAIM, &self.keys, &arguments) {
            Ok(Response::Number(fence)) => Ok(u64::try_from(fence).ok().filter(|fence| *fence > 0)),
            Ok(_) => Err(RedisError::NotRedis),
            // Redis may be slow, and give the claim when this process no longer waits: take it back.
            Err(RedisError::TimedOut) => {
                let _expires_otherwise =
                    self.redis
                        .run_now(RELEASE, &self.keys, &[self.name.as_bytes()]);
                Err(RedisError::TimedOut)
            }
            Err(error) => Err(error),
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Self(Hold {
            redis, keys, name, ..
        }) = self;
        let _expires_otherwise = redis.run_now(RELEASE, keys, &[name.as_bytes()]);
    }
}

/// Returns how long to leave Redis alone: four times as long as it took, if that is longer than the pause.
/// Hundreds of processes that wait would keep a slow one slow.
fn rest(pause: Duration, took: Duration) -> Duration {
    pause.max(took.saturating_mul(4))
}

/// How much longer a claim lasts than a token request may take, for what is around it. Others wait two
/// seconds longer than a token request: if its process has ended, they see the claim expire.
const AROUND: Duration = Duration::from_secs(1);

const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_millis(400);

const CLAIM: &str = concat!(
    include_str!("scripts/fence.lua"),
    include_str!("scripts/claim.lua")
);
const RELEASE: &str = include_str!("scripts/release.lua");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_redis_is_left_alone_for_longer() {
        let (fast, slow) = (Duration::from_millis(2), Duration::from_millis(150));

        assert_eq!(rest(SHORTEST_PAUSE, fast), SHORTEST_PAUSE);
        assert_eq!(rest(SHORTEST_PAUSE, slow), Duration::from_millis(600));
        assert_eq!(rest(LONGEST_PAUSE, fast), LONGEST_PAUSE);
    }
}
