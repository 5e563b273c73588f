//! Random bytes from the standard library: good enough for keys and tokens that protect nothing.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// Returns bytes that differ between servers, runs and calls.
///
/// A `RandomState` is keyed by the operating system's randomness, so its hashes of known numbers
/// are unpredictable.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let state = RandomState::new();
    let mut bytes = [0; N];
    for (index, byte) in bytes.iter_mut().enumerate() {
        [*byte, ..] = state.hash_one(index).to_le_bytes();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::random_bytes;

    #[test]
    fn two_calls_differ() {
        assert_ne!(random_bytes::<32>(), random_bytes::<32>());
    }
}
