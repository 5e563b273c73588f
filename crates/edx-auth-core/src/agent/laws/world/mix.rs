//! A hasher for millions of small numbers in an unoptimized build.

use core::hash::Hasher;

/// Mixes each number into a single number of 64 bits.
#[derive(Default)]
pub(in crate::agent) struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(u64::from(number));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_add(ODD).wrapping_mul(LARGE);
        self.0 = mixed ^ (mixed >> 32);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The constants of the random number generator `SplitMix64`.
const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
const LARGE: u64 = 0xbf58_476d_1ce4_e5b9;
