//! Writes every recorded response into the corpus of the fuzzer that reads responses. `.ci/fuzz seeds`
//! then packs those that reach other code than its seeds.
//!
//! `cargo run -p edx-auth-tests --example fuzz_seeds`

use std::fs;
use std::io;
use std::path::Path;

use edx_auth_tests::replies::{PLATFORM_ONLY, PROTECTED, RATE_LIMIT, TOKEN};
use http::Response;

fn main() -> io::Result<()> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/target/corpus/token_reply");
    fs::create_dir_all(&seeds)?;
    let rows = [TOKEN, RATE_LIMIT, PLATFORM_ONLY, PROTECTED]
        .into_iter()
        .flatten();
    let replies = rows.flat_map(|row| row.replies().map(|reply| written(&reply.render())));
    let mut replies: Vec<_> = replies.collect();
    replies.sort();
    replies.dedup();
    for (number, reply) in replies.iter().enumerate() {
        fs::write(seeds.join(format!("recorded-{number:02}")), reply)?;
    }
    Ok(())
}

/// As the fuzzer reads it: the status, a header a line, an empty line, the body.
fn written(reply: &Response<Vec<u8>>) -> Vec<u8> {
    let mut text = format!("{}\n", reply.status().as_u16()).into_bytes();
    for (name, value) in reply.headers() {
        text.extend_from_slice(name.as_str().as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value.as_bytes());
        text.push(b'\n');
    }
    text.push(b'\n');
    text.extend_from_slice(reply.body());
    text
}
