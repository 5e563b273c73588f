use super::answering::Answering;
use super::performance::Performance;
use super::play::Play;
use super::playback::{Playback, Progress};
use super::reply::Reply;

/// A play that waits for its request.
#[derive(Debug)]
pub(crate) struct Cue {
    play: Play,
    progress: Progress,
}

impl Cue {
    pub(crate) fn new(play: Play) -> Self {
        Self {
            play,
            progress: Progress::default(),
        }
    }

    pub(crate) fn playback(&self) -> Playback {
        self.progress.playback()
    }

    /// This play or, where it leaves the request to others, theirs.
    pub(crate) fn or(self, others: impl FnOnce() -> Play) -> Self {
        Self {
            play: self.play.or(others),
            ..self
        }
    }

    /// What is performed for a request; where the play leaves it to the site, its reply. All that
    /// is settled before the request is noted.
    pub(crate) fn perform<'a>(
        self,
        reply: impl FnOnce() -> Reply,
        note: impl FnOnce() -> Answering<'a>,
    ) -> Performance<'a> {
        let wait = self.play.wait();
        let script = self.play.into_script_or(reply);
        Performance {
            wait,
            script,
            progress: self.progress,
            answering: note(),
        }
    }
}
