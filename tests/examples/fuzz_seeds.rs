//! Writes every recorded response into the corpus of the fuzzer that reads responses. `.ci/fuzz seeds`
//! then packs those that reach other code than its seeds.
//!
//! `cargo run -p edx-auth-tests --example fuzz_seeds`

use std::fs;
use std::io;
use std::path::Path;

use edx_auth_tests::responses::{PLATFORM_ONLY, PROTECTED, RATE_LIMIT, TOKEN};
use http::Response;

fn main() -> io::Result<()> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/target/corpus/token_response");
    fs::create_dir_all(&seeds)?;
    let rows = [TOKEN, RATE_LIMIT, PLATFORM_ONLY, PROTECTED]
        .into_iter()
        .flatten();
    let responses =
        rows.flat_map(|row| row.responses().map(|response| written(&response.render())));
    let mut responses: Vec<_> = responses.collect();
    responses.sort();
    responses.dedup();
    for (number, response) in responses.iter().enumerate() {
        fs::write(seeds.join(format!("recorded-{number:02}")), response)?;
    }
    Ok(())
}

/// Writes the format that the fuzzer reads: the status, one header per line, an empty line, the body.
fn written(response: &Response<Vec<u8>>) -> Vec<u8> {
    let mut text = format!("{}\n", response.status().as_u16()).into_bytes();
    for (name, value) in response.headers() {
        text.extend_from_slice(name.as_str().as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value.as_bytes());
        text.push(b'\n');
    }
    text.push(b'\n');
    text.extend_from_slice(response.body());
    text
}
