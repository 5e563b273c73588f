//! Responses of hostile servers: any status, odd headers, and bodies from random bytes to a recorded
//! response with one flipped bit.

use std::sync::LazyLock;

use edx_auth_tests::responses::{PLATFORM_ONLY, PROTECTED, RATE_LIMIT, TOKEN};
use http::header::{CONTENT_ENCODING, DATE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::json;

pub(super) fn response() -> impl Strategy<Value = Response<Vec<u8>>> {
    (status(), headers(), body()).prop_map(|(status, headers, body)| {
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    })
}

fn status() -> impl Strategy<Value = StatusCode> {
    let status = prop_oneof![
        4 => Just(200),
        2 => select(vec![201, 204, 301, 307, 400, 401, 403, 404, 429, 500, 503]),
        2 => 100_u16..=999,
    ];
    status.prop_map(|status| StatusCode::from_u16(status).unwrap())
}

fn headers() -> impl Strategy<Value = HeaderMap> {
    let headers = vec((header_name(), header_value()), 0..4);
    headers.prop_map(HeaderMap::from_iter)
}

fn header_name() -> impl Strategy<Value = HeaderName> {
    select(vec![RETRY_AFTER, DATE, CONTENT_ENCODING, LOCATION])
}

fn header_value() -> impl Strategy<Value = HeaderValue> {
    let byte = prop_oneof![8 => b' '..=b'~', 1 => 0x80_u8..=0xff, 1 => Just(b'\t')];
    let value = prop_oneof![
        select(HEADER_VALUES).prop_map(Vec::from),
        any::<u128>().prop_map(|number| number.to_string().into_bytes()),
        vec(byte, 0..24),
    ];
    value.prop_map(|value| HeaderValue::from_bytes(&value).unwrap())
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => vec(any::<u8>(), 0..64),
        1 => vec(select(JSON_TOKENS), 0..24).prop_map(|tokens| tokens.concat().into_bytes()),
        3 => object().prop_map(String::into_bytes),
        3 => mutated(),
    ]
}

/// Generates an object with the fields of a token response or of an error, with values of any kind.
fn object() -> impl Strategy<Value = String> {
    let long =
        (any::<char>(), 600_usize..900).prop_map(|(c, times)| json!(c.to_string().repeat(times)));
    let value = prop_oneof![
        12 => select(VALUES).prop_map(str::to_owned),
        1 => long.prop_map(|text| text.to_string()),
    ];
    let field = (select(FIELDS), value).prop_map(|(name, value)| format!("{name}: {value}"));
    (select(BEGINNINGS), vec(field, 0..4)).prop_map(|(beginning, mut fields)| {
        fields.splice(..0, beginning.map(str::to_owned));
        format!("{{{}}}", fields.join(", "))
    })
}

/// Generates a recorded body, damaged at most twice.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let accident = (select(ACCIDENTS), any::<Index>(), any::<Index>());
    (any::<Index>(), vec(accident, 0..3)).prop_map(|(body, accidents)| {
        let body = body.get(&RECORDED).clone();
        let accidents = accidents.into_iter();
        accidents.fold(body, |body, (accident, place, more)| {
            accident(&body, place, more)
        })
    })
}

type Accident = fn(&[u8], Index, Index) -> Vec<u8>;

fn flip_a_bit(body: &[u8], place: Index, bit: Index) -> Vec<u8> {
    let mut body = body.to_vec();
    let place = place.index(body.len().max(1));
    if let Some(byte) = body.get_mut(place) {
        *byte ^= 1 << bit.index(8);
    }
    body
}

fn cut(body: &[u8], place: Index, _: Index) -> Vec<u8> {
    body[..place.index(body.len() + 1)].to_vec()
}

/// Returns the beginning of this body and the end of another one.
fn splice(body: &[u8], place: Index, other: Index) -> Vec<u8> {
    let place = place.index(body.len() + 1);
    let other = other.get(&RECORDED);
    [&body[..place], &other[place.min(other.len())..]].concat()
}

const ACCIDENTS: &[Accident] = &[flip_a_bit, cut, splice];

/// Every recorded body, without duplicates.
static RECORDED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let rows = [TOKEN, RATE_LIMIT, PLATFORM_ONLY, PROTECTED]
        .into_iter()
        .flatten();
    let responses = rows.flat_map(|row| {
        row.responses()
            .map(|response| response.render().into_body())
    });
    let mut bodies: Vec<_> = responses.collect();
    bodies.sort();
    bodies.dedup();
    bodies
});

const HEADER_VALUES: &[&str] = &[
    "",
    "0",
    "17",
    "-1",
    "99999999999999999999",
    "gzip",
    "identity",
    "Sat, 21 Nov 2026 10:00:00 GMT",
    "Saturday, 21-Nov-26 10:00:30 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "https://user:password@elsewhere.example:8443/path?query#fragment",
    "//elsewhere.example",
    "/oauth2/access_token/",
    "http://[::1]:80",
    "://",
];

const JSON_TOKENS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "-",
    "0",
    "1e400",
    "3600",
    "\"access_token\"",
    "\"token_type\"",
    "\"expires_in\"",
    "\"error\"",
    "\"JWT\"",
    "\u{feff}",
    " ",
    "\n",
    "<",
    "é",
];

/// The fields that every token response needs, or none.
const BEGINNINGS: &[Option<&str>] = &[
    Some(r#""access_token": "e30.eyJpYXQiOjEwMDAsImV4cCI6MTA2MH0.c2ln", "token_type": "JWT""#),
    Some(r#""access_token": "opaque", "token_type": "Bearer""#),
    None,
];

const FIELDS: &[&str] = &[
    r#""access_token""#,
    r#""token_type""#,
    r#""expires_in""#,
    r#""expires_in""#,
    r#""scope""#,
    r#""scope""#,
    r#""error""#,
    r#""error_description""#,
    r#""message""#,
    r#""""#,
];

const VALUES: &[&str] = &[
    "null",
    "true",
    "0",
    "1",
    "2",
    "3600",
    "-1795280513.68418",
    "1e400",
    "18446744073709551616",
    "31536002",
    r#""""#,
    r#""3600""#,
    r#"" 180 ""#,
    r#""NaN""#,
    r#""JWT""#,
    r#""bEaReR""#,
    r#""a.b.c""#,
    r#""a b""#,
    r#""a,b;c""#,
    r#""a\r\nb: c""#,
    r#""\u0000\u001b[31m""#,
    r#""\ud83d\ude00\u202e""#,
    r#""invalid_client""#,
    r#""server_error""#,
    r#""read write""#,
    "[]",
    "{}",
    "[[[[[[[[[[[[[[[[{}]]]]]]]]]]]]]]]]",
];
