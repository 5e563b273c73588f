use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use super::cue::Cue;
use super::play::Play;
use super::playback::Playback;

/// The plays that wait for a request, by path.
#[derive(Debug, Default)]
pub(crate) struct Playlist {
    waiting: Mutex<HashMap<String, VecDeque<Cue>>>,
}

impl Playlist {
    pub(crate) fn add(&self, path: String, play: Play) -> Playback {
        let cue = Cue::new(play);
        let playback = cue.playback();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.entry(path).or_default().push_back(cue);
        playback
    }

    /// The play whose turn it is, or else one that leaves the request to others.
    pub(crate) fn next(&self, path: &str) -> Cue {
        self.waiting_for(path)
            .unwrap_or_else(|| Cue::new(Play::as_usual()))
    }

    fn waiting_for(&self, path: &str) -> Option<Cue> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.get_mut(path)?.pop_front()
    }
}
