//! What an item saw.

/// Nothing to object to, or what was seen instead.
pub(super) type Seen<T = ()> = Result<T, String>;

/// An objection, unless it is so.
pub(super) fn demand(is_so: bool, seen: impl FnOnce() -> String) -> Seen {
    if is_so { Ok(()) } else { Err(seen()) }
}
