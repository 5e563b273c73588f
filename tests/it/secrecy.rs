//! Neither the secret nor a token appears in any output or log, for any response of a server and any
//! damaged configuration. No type prints one, and no type with one can be compared or serialized.

mod canary;
mod configuration;
mod echoes;
mod outcome;
mod random_responses;
mod requests;
mod server_words;
mod traits;
mod types;
mod urls;
