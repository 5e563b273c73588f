//! Access tokens for edX and Open edX APIs in async Rust, over reqwest.
