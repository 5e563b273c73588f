//! A reply that anybody may have sent, as the token endpoint's and as an API's: nothing panics, no
//! secret shows, what is taken for a token is one, and nothing leads a call out of its origins.

#![no_main]

mod api;
mod canary;
mod page;
mod token;
mod wire;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let reply = wire::read(text);
    token::check(&reply);
    api::check(&reply);
    page::check(&reply);
});
