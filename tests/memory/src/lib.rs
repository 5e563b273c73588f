//! An allocator that counts allocations and searches freed blocks for secrets. It reports each block
//! that was freed with a secret in it, and where the block was allocated.
//!
//! ```text
//! alloc    returns a block of zeros: what is found in it later, its owner has put there;
//!          notes where it was allocated, and how much is held
//! dealloc  searches the block for the secrets, before the system gets it back
//! ```
//!
//! A block that grows is freed and allocated again, so the copy that it leaves behind is found.

mod culprit;
mod watch;

pub use watch::{Watched, Watching};

/// A freed block with a secret in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leak {
    /// The crate that allocated it, by the innermost function that is not of the standard library
    /// nor of a container's crate.
    pub culprit: String,
    /// That function.
    pub function: String,
}
