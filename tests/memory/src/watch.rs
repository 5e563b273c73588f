//! Watches allocations and frees.

use std::alloc::{GlobalAlloc, Layout, System};
use std::backtrace::Backtrace;
use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::{Leak, culprit};

/// The system's allocator, watched.
#[derive(Debug)]
pub struct Watched;

/// One period of watching. There is only one at a time, because there is one allocator.
pub struct Watching {
    secrets: &'static [&'static [u8]],
    _alone: MutexGuard<'static, ()>,
}

impl Watching {
    /// Searches everything that is freed from now on for these secrets.
    #[must_use]
    pub fn for_any_of(secrets: &'static [&'static [u8]]) -> Self {
        let alone = locked(&ALONE);
        *locked(&SECRETS) = secrets;
        *locked(&BLOCKS) = None;
        locked(&LEAKS).clear();
        GIVEN.store(0, Ordering::SeqCst);
        HELD.store(0, Ordering::SeqCst);
        MOST.store(0, Ordering::SeqCst);
        IS_ON.store(true, Ordering::SeqCst);
        Self {
            secrets,
            _alone: alone,
        }
    }

    /// Returns how many bytes were allocated in all.
    #[must_use]
    pub fn given(&self) -> usize {
        GIVEN.load(Ordering::SeqCst)
    }

    /// Returns how many bytes were allocated and not freed.
    #[must_use]
    pub fn held(&self) -> usize {
        HELD.load(Ordering::SeqCst)
    }

    /// Returns how many bytes were allocated at the same time, at most.
    #[must_use]
    pub fn most(&self) -> usize {
        MOST.load(Ordering::SeqCst)
    }

    /// Returns the blocks that were freed with a secret in them.
    #[must_use]
    pub fn leaks(self) -> Vec<Leak> {
        IS_ON.store(false, Ordering::SeqCst);
        let found = std::mem::take(&mut *locked(&LEAKS));
        let mut leaks: Vec<_> = found.iter().map(culprit::of).collect();
        leaks.sort();
        leaks.dedup();
        leaks
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        IS_ON.store(false, Ordering::SeqCst);
    }
}

impl fmt::Debug for Watching {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watching")
            .field("secrets", &self.secrets.len())
            .finish_non_exhaustive()
    }
}

#[allow(unsafe_code, reason = "there is no other way to be asked for memory")]
// SAFETY: all work is done by the system's allocator; the additions only read blocks that are still
// allocated.
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are the system's.
        let block = unsafe { System.alloc_zeroed(layout) };
        noting(|| given(block as usize, layout.size()));
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        noting(|| {
            // SAFETY: the block was allocated with this layout and zeroed.
            let bytes = unsafe { std::slice::from_raw_parts(block, layout.size()) };
            taken_back(block as usize, bytes);
        });
        // SAFETY: the caller's promises are the system's.
        unsafe { System.dealloc(block, layout) }
    }
}

/// Runs `note` unless it is running: neither its own allocations nor those of a panic are noted.
fn noting(note: impl FnOnce()) {
    thread_local! {
        static IS_NOTING: Cell<bool> = const { Cell::new(false) };
    }
    let is_watched = IS_ON.load(Ordering::Relaxed);
    if is_watched && !thread::panicking() && !IS_NOTING.replace(true) {
        note();
        IS_NOTING.set(false);
    }
}

fn given(block: usize, length: usize) {
    GIVEN.fetch_add(length, Ordering::Relaxed);
    let held = HELD.fetch_add(length, Ordering::Relaxed) + length;
    MOST.fetch_max(held, Ordering::Relaxed);
    let by = if locked(&SECRETS).is_empty() {
        Backtrace::disabled()
    } else {
        Backtrace::force_capture()
    };
    locked(&BLOCKS).get_or_insert_default().insert(block, by);
}

fn taken_back(block: usize, bytes: &[u8]) {
    // Blocks from before the watching do not count.
    let Some(by) = locked(&BLOCKS).get_or_insert_default().remove(&block) else {
        return;
    };
    HELD.fetch_sub(bytes.len(), Ordering::Relaxed);
    let secrets = *locked(&SECRETS);
    let holds = |secret: &[u8]| bytes.windows(secret.len()).any(|piece| piece == secret);
    if secrets.iter().any(|secret| holds(secret)) {
        locked(&LEAKS).push(by);
    }
}

fn locked<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

static ALONE: Mutex<()> = Mutex::new(());
static IS_ON: AtomicBool = AtomicBool::new(false);
static SECRETS: Mutex<&'static [&'static [u8]]> = Mutex::new(&[]);
static BLOCKS: Mutex<Option<HashMap<usize, Backtrace>>> = Mutex::new(None);
static LEAKS: Mutex<Vec<Backtrace>> = Mutex::new(Vec::new());
static GIVEN: AtomicUsize = AtomicUsize::new(0);
static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);
