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

    /// What is performed for a request; where the play leaves it to the site, its reply.
    pub(crate) fn perform(
        self,
        answering: Answering<'_>,
        reply: impl FnOnce() -> Reply,
    ) -> Performance<'_> {
        Performance {
            wait: self.play.wait(),
            script: self.play.into_script_or(reply),
            progress: self.progress,
            answering,
        }
    }
}
