//! Responses that are compressed although `identity` was requested: small on the wire, fifty megabytes
//! decompressed.

use edx_auth_core::{Defect, ErrorKind, TransportFailure};
use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::drivers::HttpStack;
use edx_auth_tests::unified::differs;
use http::StatusCode;

use super::{ask, kind, over_every_stack, setup};

#[test]
fn a_compression_bomb_of_fifty_megabytes_is_not_decompressed() {
    over_every_stack(|stack| {
        for (coding, bomb) in BOMBS {
            let edx = MockEdx::start().unwrap();
            let response = MockResponse::json(200, bomb).header("Content-Encoding", coding);
            edx.next_request(MockEdx::TOKEN_PATH, response);

            let error = ask(stack, setup(&edx)).unwrap_err();

            let case = format!("{} {coding}", stack.name);
            assert_eq!(kind(&error), expected(stack, coding), "{case}");
            let sent = &edx.requests()[0];
            assert_eq!(sent.header("accept-encoding"), Some("identity"), "{case}");
        }
    });
}

/// Returns the expected error: the body is compressed, or its decompressed form exceeds the limit.
fn expected(stack: HttpStack, coding: &str) -> ErrorKind {
    let is_unpacked = differs(stack.name, "a compressed body is not decompressed");
    if is_unpacked && ["gzip", "br"].contains(&coding) {
        let status = StatusCode::OK;
        return ErrorKind::Transport(TransportFailure::TooLarge { status });
    }
    ErrorKind::Malformed(Defect::Compressed)
}

/// Each is a token response followed by 50 MiB of white space, compressed by `gzip -9` once and twice,
/// and by `brotli -q 11`.
const BOMBS: [(&str, &[u8]); 4] = [
    ("gzip", GZIP),
    ("x-gzip", GZIP),
    ("gzip, gzip", include_bytes!("fifty_megabytes.gz.gz")),
    ("br", include_bytes!("fifty_megabytes.br")),
];

const GZIP: &[u8] = include_bytes!("fifty_megabytes.gz");
