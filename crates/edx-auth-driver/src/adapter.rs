//! What the users of an adapter need besides its own types: an adapter re-exports all of it.

pub use edx_auth_core::{
    AccessToken, AccessTokenError, ApiUrl, ClaimsError, ClientCredentials, ClientName,
    ClientNameError, CredentialPart, CredentialsError, Defect, EnvConfig, EnvConfigError,
    ErrorCode, ErrorKind, ExchangeError, ForeignPair, Generation, Health, Invalidation,
    IssuedToken, ItemsPathError, LiveToken, Origins, PageError, PagesReport, PlaintextHosts,
    PolicyError, Position, PositionError, Problem, RenewalError, RenewalPolicy,
    RenewalPolicyBuilder, Scope, ScopeError, ServerText, StoredToken, TokenEndpoint, TokenError,
    TokenRequest, TokenState, TokenType, TransportError, TransportFailure, UnverifiedClaims,
    UrlError, Verdict,
};

pub use crate::{Error, from_env, from_open_edx_env};
