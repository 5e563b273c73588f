//! The canaries: a client secret and a token that are planted in requests and responses. A test searches
//! every output for a piece of them, in any encoding.

use std::collections::HashSet;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};

pub(super) const ID: &str = "acme-api";

/// The client secret, with every character that an encoding changes.
pub(super) const SECRET: &str = "zQ7/Xw+Kp=9&Vb%ßY ωJ4~uN";

/// The token, with every character that a token may have besides letters and digits.
pub(super) const TOKEN: &str = "Hx7_Rv-4.Jm3~Lp8/Wd+2kTn.bG5fUc9==";

pub(super) fn request() -> TokenRequest {
    let credentials = ClientCredentials::new(ID, SECRET).unwrap();
    TokenRequest::new(TokenEndpoint::edx(), credentials)
}

/// The secret in every encoding in which it is sent or a server may quote it.
pub(super) static SECRET_FORMS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let form = form_encoded(SECRET);
    let basic = BASE64_STANDARD.encode(format!("{}:{form}", form_encoded(ID)));
    let percent = form.replace('+', "%20").replace("%2F", "/");
    vec![SECRET.to_owned(), in_lower_hex(&form), form, percent, basic]
});

/// Returns the first piece of a canary in the text, if there is one.
pub(super) fn piece_in(text: &str) -> Option<String> {
    let mut pieces = text.as_bytes().windows(PIECE);
    let found = pieces.find(|piece| PIECES.contains(*piece))?;
    Some(String::from_utf8_lossy(found).into_owned())
}

pub(super) fn assert_absent(shown: &[String], case: &str) {
    let leak = shown.iter().find(|text| piece_in(text).is_some());
    assert_eq!(leak, None, "{case}");
}

fn form_encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn in_lower_hex(form: &str) -> String {
    let mut parts = form.split('%');
    let head = parts.next().unwrap_or_default().to_owned();
    parts.fold(head, |text, part| {
        let (digits, rest) = part.split_at(2);
        text + "%" + &digits.to_ascii_lowercase() + rest
    })
}

/// A piece of this many bytes counts as a leak.
const PIECE: usize = 8;

static PIECES: LazyLock<HashSet<Vec<u8>>> = LazyLock::new(|| {
    let forms = SECRET_FORMS.iter().map(String::as_str).chain([TOKEN]);
    let pieces = forms.flat_map(|form| form.as_bytes().windows(PIECE));
    pieces.map(<[u8]>::to_vec).collect()
});

#[test]
fn a_part_of_either_canary_is_found_in_any_encoding() {
    for form in SECRET_FORMS.iter().map(String::as_str).chain([TOKEN]) {
        let (tail, _) = form.char_indices().nth_back(PIECE - 1).unwrap();
        let found = piece_in(&format!("x{}x", &form[tail..]));

        assert!(found.is_some(), "{form}");
    }
    assert_eq!(piece_in("client_secret=<redacted>"), None);
}
