//! tokio's own bell, with room for others before each use of it.

pub use tokio::sync::futures::Notified;

#[derive(Debug, Default)]
pub struct Notify(tokio::sync::Notify);

impl Notify {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn notified(&self) -> Notified<'_> {
        crate::pause();
        self.0.notified()
    }

    pub fn notify_one(&self) {
        crate::pause();
        self.0.notify_one();
    }

    pub fn notify_waiters(&self) {
        crate::pause();
        self.0.notify_waiters();
    }
}
