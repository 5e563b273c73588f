//! A folder that belongs to its user alone.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(super) use other::Folder;
#[cfg(unix)]
pub(super) use unix::Folder;

/// Returns the name of a new file beside the one of this name.
fn temporary(name: &str) -> String {
    format!("{name}.{:016x}.new", fastrand::u64(..))
}
