//! Neither the secret nor a token is in anything that a program shows or logs, whatever a server
//! sends back and however the configuration is damaged: no type shows one, and none can be compared or
//! serialized.

mod canary;
mod configuration;
mod echoes;
mod outcome;
mod random_replies;
mod requests;
mod server_words;
mod traits;
mod types;
mod urls;
