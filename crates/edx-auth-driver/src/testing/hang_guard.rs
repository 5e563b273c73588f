//! A test that hangs ends the whole run, and is named.

use std::io::{self, Write};
use std::process;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

/// Lives as long as its test.
#[derive(Debug)]
pub(crate) struct HangGuard {
    _alive: Sender<()>,
}

impl HangGuard {
    pub(crate) fn new() -> Self {
        let (alive, test) = mpsc::channel::<()>();
        let name = thread::current().name().unwrap_or_default().to_owned();
        thread::spawn(move || {
            if test.recv_timeout(LONGEST) == Err(RecvTimeoutError::Timeout) {
                let _unheard = writeln!(io::stderr(), "{name} hangs");
                process::exit(101);
            }
        });
        Self { _alive: alive }
    }
}

/// Far longer than any test takes, on a machine that is busy with twenty other things too.
const LONGEST: Duration = Duration::from_secs(180);
