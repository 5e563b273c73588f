//! The origins that a token goes to, compared with the `url` crate, which parses URLs as browsers and
//! reqwest do.

mod authorize;
mod hostile;
mod links;
mod permit;
mod redirects;
mod reference;
