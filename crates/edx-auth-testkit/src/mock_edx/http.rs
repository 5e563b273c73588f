//! HTTP/1.1 as the server reads and writes it. Knows nothing of the other modules.

pub(crate) mod basic_auth;
pub(crate) mod connection_info;
pub(crate) mod form;
mod problem;
pub(crate) mod request;
pub(crate) mod response;
