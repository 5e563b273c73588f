//! What the tests share: the real Open edX, and the replies recorded from it.
