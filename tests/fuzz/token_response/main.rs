//! Any response of a token endpoint or an API: nothing panics, no secret is printed, an accepted token
//! is valid, and no call leaves its origins.

#![no_main]

mod api;
mod canary;
mod page;
mod token;
mod wire;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let response = wire::read(text);
    token::check(&response);
    api::check(&response);
    page::check(&response);
});
