//! One access token for many machines: a [token store](edx_auth_driver::TokenStore) in Redis or Valkey.
//!
//! ```
//! use edx_auth_driver::{Blocking, TokenSource};
//! use edx_auth_redis::RedisStore;
//! # use edx_auth_driver::{ClientCredentials, TokenEndpoint, TokenRequest, TransportFailure};
//! # let credentials = ClientCredentials::new("acme-api", "s3cret")?;
//! # let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
//! # let transport = |_, _| Err(TransportFailure::NotSent.into());
//!
//! let source = TokenSource::<Blocking>::over(request, transport)
//!     .store(RedisStore::new("redis://user:password@cache.internal:6379/0")?)
//!     .build()?;
//! # let _ = source;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `edx-auth-ureq` and `edx-auth-reqwest` take it the same way:
//! `TokenSource::builder_from_env()?.store(..)`.
//!
//! # What it does
//!
//! Redis gets a command only when the cached token is due: five commands for each token that is
//! requested, one for each process that finds it, and a few for each that waits for it. A call with a
//! cached token never waits for Redis. One process requests the token, the others wait for that. The
//! remaining lifetime is measured by the clock of Redis: the clocks of the machines may differ.
//!
//! | what happens | what it costs |
//! |---|---|
//! | Redis is down, hangs, is full, a replica, or denies access | each process requests its own token; no call fails |
//! | it does not respond | 200 ms to connect and 200 ms for the response, then it gets no command for five seconds, except to save the token that others wait for |
//! | a process with the claim ends | the others wait until the claim expires, one second after the longest token request, and one of them requests the token |
//! | a process with the claim stops, and continues much later | its token does not replace a newer one |
//! | Redis evicts or loses the token | one token request |
//! | the value is damaged, foreign, huge, or was copied from another key | one token request, which replaces it |
//!
//! The system resolves the name of the host, without a deadline here: a source continues without a store
//! that takes longer than two seconds.
//!
//! [`Event::StoreFailed`](edx_auth_driver::Event::StoreFailed) and one `WARN` say why, with a
//! [`RedisError`] as the cause.
//!
//! # What is stored
//!
//! The token is in **plain text**: anyone who can read these keys can act as the client until the token
//! expires, at edX for an hour. Use a password, TLS (`rediss://`) outside of a trusted network, and a
//! user with few rights:
//!
//! ```text
//! ACL SETUSER edx-auth on >password resetkeys ~edx-auth:* -@all
//!     +eval +get +getrange +set +del +pttl +time +select
//! ```
//!
//! The client secret is never stored. The keys are `edx-auth:{hash}:token` and `edx-auth:{hash}:claim`,
//! where the hash is a [`StoreKey`](edx_auth_driver::StoreKey): other client credentials have other keys,
//! and the old ones expire. It also seals the value: only a program with the same client credentials can
//! write a token that is accepted. `MONITOR` shows tokens: do not collect its output.
//!
//! It needs Redis 5 or newer, or Valkey, one server without cluster mode. Write the primary's name in the
//! URL.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `rustls` (default) | `rediss://`: rustls with the process's crypto provider, or ring, and the system's roots |

mod address;
mod circuit;
mod claim;
mod command;
mod connection;
mod error;
mod keys;
mod redis;
mod response;
mod server;
mod store;
mod tls;

pub use error::{RedisError, RedisSetupError};
pub use store::RedisStore;
