//! Under TLS: whom the drivers trust, whom they refuse before anything is sent, and what a proxy on
//! the way gets to see.
//!
//! The core's examples speak no TLS, so there are two columns here.

mod authority;
mod backend;
mod deadlines;
mod doors;
mod endings;
mod listener;
mod peers;
mod program;
mod proxies;
mod proxy;
mod refusals;
mod trust;
mod way;
