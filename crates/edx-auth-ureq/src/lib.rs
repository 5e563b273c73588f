//! Access tokens for edX and Open edX APIs in blocking Rust, over ureq.
