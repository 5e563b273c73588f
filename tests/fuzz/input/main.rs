//! What a program is configured with, and what it is told: any text is a value that keeps its law,
//! or an error that can be shown.
//!
//! The first field says what the others are; they are parted by ASCII's own record separator, so
//! that line breaks and blanks can stand in them.

#![no_main]

mod environment;
mod pair;
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
        b"pair" => pair::check(&lossy(field()), &lossy(field()), &lossy(field())),
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
