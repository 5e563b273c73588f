//! Configuration, and text from servers: any text is a valid value, or causes an error that can be
//! printed.
//!
//! The input is a list of fields, of which the first says what the others are. They are separated by ASCII's
//! record separator, so that they can contain line breaks and spaces.

#![no_main]

mod credentials;
mod environment;
mod retry_after;
mod shown;
mod stored;
mod token;
mod url;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let mut fields = text.split(|byte| *byte == 0x1e);
    let kind = fields.next().unwrap_or_default();
    let mut field = || fields.next().unwrap_or_default();
    match kind {
        b"url" => url::check(&lossy(field()), &lossy(field())),
        b"origins" => url::check_origin(&lossy(field()), &lossy(field())),
        b"credentials" => credentials::check(&lossy(field()), &lossy(field()), &lossy(field())),
        b"token" => token::check(&lossy(field())),
        b"stored" => stored::check(field()),
        b"retry-after" => retry_after::check(field(), field()),
        b"environment" => environment::check(&fields.collect::<Vec<_>>()),
        _ => {}
    }
});

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
