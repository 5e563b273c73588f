//! TLS: which servers the drivers trust, which they reject before anything is sent, and what a proxy on
//! the way can read.
//!
//! The core's examples do not use TLS, so there are only two drivers here.

mod authority;
mod backend;
mod connectors;
mod deadlines;
mod endings;
mod listener;
mod lists;
mod peers;
mod program;
mod proxies;
mod proxy;
mod rejections;
#[cfg(feature = "rustls")]
mod roots;
mod target;
mod trust;
