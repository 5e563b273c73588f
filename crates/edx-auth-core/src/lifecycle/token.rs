//! The cached token: its number, its age, and its forms for callers and for storage.

mod generation;
mod held;
mod live;
mod stored;

pub use generation::Generation;
pub use held::TokenState;
pub use live::LiveToken;
pub use stored::{StoredToken, StoredTokenError};

pub(super) use held::{HeldToken, HeldTokenAt};
