//! What the users of an adapter need besides its own types: an adapter re-exports all of it.
//!
//! Its modules have a macro each: what one of the adapter's own types has over every HTTP client.

mod client;
mod client_builder;
mod pages;
mod request_builder;
mod require_success;

pub use edx_auth_core::{
    AccessToken, AccessTokenError, ApiUrl, ClaimsError, ClientCredentials, ClientName,
    ClientNameError, CredentialPart, CredentialsError, Defect, EnvConfig, EnvConfigError, EnvStore,
    EnvTokenFile, ErrorCode, ErrorKind, Event, ExchangeError, ForeignPair, Generation, Health,
    Invalidation, IssuedToken, ItemsPathError, LiveToken, Origins, PageError, PagesReport,
    PlaintextHosts, PolicyError, Position, PositionError, Problem, RenewalError, RenewalPolicy,
    RenewalPolicyBuilder, Scope, ScopeError, ServerText, StoredToken, StoredTokenError,
    TokenEndpoint, TokenError, TokenRequest, TokenState, TokenType, TransportError,
    TransportFailure, UnverifiedClaims, UrlError, Verdict,
};

#[cfg(feature = "file-store")]
pub use crate::FileStore;
pub use crate::{
    Claim, Error, InputError, RequestLimit, StoreError, StorePart, TenancyError, TokenStore,
    company_proxy, from_env, from_open_edx_env, troubleshooting,
};
