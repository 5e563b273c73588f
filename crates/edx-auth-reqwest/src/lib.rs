//! Access tokens for edX and Open edX APIs in async programs, over
//! [reqwest](https://docs.rs/reqwest).
//!
//! **Nothing is here yet.** This crate will be the twin of `edx-auth-ureq`: the same names, the same
//! behaviour, for programs on tokio. Until then an async program can drive `edx-auth-core` itself:
//! send what `TokenRequest::begin` gives with a `reqwest::Client` that follows no redirects.
