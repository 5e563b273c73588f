//! Reads the body of a response.

use http::Response;

use super::wire::{Broken, Brought, Framing, Incoming, Terms};

/// Returns the whole response, or the reason why there is none.
pub(super) fn whole(
    head: Response<()>,
    incoming: &mut Incoming,
    terms: &Terms,
) -> Result<Response<Vec<u8>>, Broken> {
    let framing = Framing::of(head.headers());
    let limit = match framing {
        Framing::Chunks => terms.limit_of_chunks,
        Framing::Length(_) | Framing::Close => terms.limit,
    };
    let mut reading = Reading {
        incoming,
        terms,
        limit,
        body: Vec::new(),
    };
    let outcome = reading.finish(&framing);
    let response = head.map(|()| reading.body);
    match outcome {
        Ok(()) => Ok(response),
        Err(Stop::TimedOut) => Err(Broken::TimedOut),
        Err(Stop::TooLarge) => Err(Broken::TooLarge(response.status())),
        Err(Stop::CutOff) => Err(Broken::InTheBody(Box::new(response))),
    }
}

struct Reading<'a> {
    incoming: &'a mut Incoming,
    terms: &'a Terms,
    limit: usize,
    body: Vec<u8>,
}

enum Stop {
    TimedOut,
    TooLarge,
    CutOff,
}

impl Reading<'_> {
    fn finish(&mut self, framing: &Framing) -> Result<(), Stop> {
        match framing {
            Framing::Length(length) => self.take(*length),
            Framing::Chunks => self.chunks(),
            Framing::Close => match self.take(usize::MAX) {
                Err(Stop::CutOff) => Ok(()),
                outcome => outcome,
            },
        }
    }

    fn chunks(&mut self) -> Result<(), Stop> {
        loop {
            let line = self.line()?;
            let length = usize::from_str_radix(line.trim(), 16).map_err(|_| Stop::CutOff)?;
            if length == 0 {
                return Ok(());
            }
            self.take(length)?;
            self.line()?;
        }
    }

    /// Reads this many bytes of the body.
    fn take(&mut self, length: usize) -> Result<(), Stop> {
        let mut left = length;
        loop {
            let count = left.min(self.incoming.unread.len());
            self.body.extend(self.incoming.unread.drain(..count));
            left -= count;
            if self.body.len() > self.limit {
                return Err(Stop::TooLarge);
            }
            if left == 0 {
                return Ok(());
            }
            self.more()?;
        }
    }

    fn line(&mut self) -> Result<String, Stop> {
        loop {
            let unread = &mut self.incoming.unread;
            if let Some(end) = unread.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = unread.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).into_owned());
            }
            self.more()?;
        }
    }

    fn more(&mut self) -> Result<(), Stop> {
        match self.incoming.read(self.terms.body) {
            Ok(Brought::More) => Ok(()),
            Ok(Brought::TheEnd) => Err(Stop::CutOff),
            Err(_) => Err(Stop::TimedOut),
        }
    }
}
