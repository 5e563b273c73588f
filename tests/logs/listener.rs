//! Captures everything that this process logs, by `tracing` or by `log`.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use tracing_subscriber::fmt::format::FmtSpan;

/// One captured line.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) target: String,
    level: String,
    pub(crate) text: String,
}

/// Returns what is logged while `run` runs. Tests run one at a time: there is one listener.
pub(crate) fn heard(run: impl FnOnce()) -> Vec<Line> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _alone = locked(&ONE_AT_A_TIME);
    listen();
    locked(&CAPTURED).clear();
    run();
    let captured = std::mem::take(&mut *locked(&CAPTURED));
    let captured = String::from_utf8_lossy(&captured).into_owned();
    captured.lines().filter_map(Line::parse).collect()
}

fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_span_events(FmtSpan::CLOSE)
            .with_ansi(false)
            .without_time()
            .with_writer(|| Capture)
            .init();
    });
}

impl Line {
    /// Parses `LEVEL span{..}: target: words`, the format of `tracing-subscriber`. The target is the last
    /// word before the message that ends in a colon and has no character of a span.
    fn parse(line: &str) -> Option<Self> {
        let (level, text) = line.trim_start().split_once(' ')?;
        let behind_spans = text.rsplit_once("}: ").map_or(text, |(_, rest)| rest);
        let (target, _) = behind_spans.trim_start().split_once(": ")?;
        Some(Self {
            target: target.to_owned(),
            level: level.to_owned(),
            text: text.to_owned(),
        })
    }

    /// Returns the bytes of one line of a hex dump, in words of two bytes.
    pub(crate) fn dump(&self) -> Vec<u8> {
        let (_, words) = self.text.rsplit_once(": ").unwrap_or_default();
        let bytes = words.split(' ').map_while(|word| match word.len() {
            4 => Some([word.get(..2)?, word.get(2..)?]),
            _ => None,
        });
        let bytes = bytes.flatten();
        bytes
            .filter_map(|byte| u8::from_str_radix(byte, 16).ok())
            .collect()
    }

    /// Returns level and message, without values.
    pub(crate) fn headline(&self) -> String {
        let (_, words) = self.text.split_once("edx_auth: ").unwrap_or_default();
        let until_values = words.split(" edx_auth.").next().unwrap_or_default();
        let until_values = until_values.split(" error.").next().unwrap_or_default();
        format!("{} {until_values}", self.level)
    }
}

static CAPTURED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Capture;

impl Write for Capture {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        locked(&CAPTURED).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
