//! `embed_sockets`, whose frames run on a thread of their own, and callers that leave it what is to
//! be done in them.

#[path = "../../../../crates/edx-auth-core/examples/embed_sockets/driver.rs"]
mod driver;

use std::error::Error;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use edx_auth_core::{LiveToken, Moment, Need, Origins, RenewalPolicy, TokenError, TokenLifecycle};
use http::{Request, Response};

use super::{Carried, DEADLINE, Embedded, Identity, Rules};
use driver::call::Call;
use driver::clock::Clock;
use driver::contract::Terms;
use driver::transfer::Transfer;
use driver::{Ask, Driver};

/// Over bare sockets.
pub struct OverSockets {
    jobs: Sender<Job>,
    timeout: Duration,
}

/// Something to be done a little in each frame, until it is done.
type Job = Box<dyn FnMut(&mut Driver, Moment) -> Poll<()> + Send>;

impl OverSockets {
    /// What comes of a job, in whichever frame.
    fn wait<T: Send + 'static>(
        &self,
        mut frame: impl FnMut(&mut Driver, Moment) -> Poll<T> + Send + 'static,
    ) -> T {
        let (sender, receiver) = mpsc::channel();
        let job = move |driver: &mut Driver, now| {
            frame(driver, now).map(|done| sender.send(done).unwrap_or_default())
        };
        self.jobs.send(Box::new(job)).unwrap();
        receiver.recv().unwrap()
    }
}

/// Ends when nobody can leave anything more.
fn run_frames(mut driver: Driver, left: &Receiver<Job>) {
    let clock = Clock::start();
    let mut jobs: Vec<Job> = Vec::new();
    loop {
        match left.recv_timeout(FRAME) {
            Ok(job) => jobs.push(job),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        jobs.extend(left.try_iter());
        let now = clock.now();
        driver.poll(now);
        jobs.retain_mut(|job| job(&mut driver, now).is_pending());
    }
}

impl Embedded for OverSockets {
    fn start(
        identity: Identity,
        policy: RenewalPolicy,
        origins: Origins,
        timeout: Duration,
    ) -> Self {
        let driver = Driver::new(identity, policy, origins);
        let (jobs, left) = mpsc::channel();
        thread::spawn(move || run_frames(driver, &left));
        Self { jobs, timeout }
    }

    fn ask(&self, need: Need, patience: Duration) -> Result<LiveToken, TokenError> {
        let mut asked = None;
        self.wait(move |driver, now| {
            let ask = asked.get_or_insert_with(|| Ask::new(need, patience, now));
            driver.ask(ask, now)
        })
    }

    fn call(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>> {
        let timeout = self.timeout;
        let begin = move |driver: &mut Driver, now| {
            let request = request.clone();
            Poll::Ready(Call::new(request, timeout, driver, now))
        };
        let mut call = self.wait(begin)?;
        Ok(self.wait(move |driver, now| call.poll(driver, now))?)
    }

    fn carry(&self, request: Request<Vec<u8>>, rules: Rules) -> Carried {
        let terms = match &rules {
            Rules::OfExchange(rules) => Terms::from(*rules),
            Rules::OfCall(url) => Terms::of_call(url, DEADLINE),
        };
        let mut transfer = None;
        let reply = self.wait(move |_, now| {
            let transfer = match &mut transfer {
                Some(transfer) => transfer,
                None => match Transfer::start(&request, terms, now) {
                    Ok(started) => transfer.insert(started),
                    Err(fault) => return Poll::Ready(Err(fault)),
                },
            };
            transfer.poll(now)
        });
        reply.map_err(|fault| (fault.failure, fault.cause))
    }

    fn lifecycle<T, F>(&self, act: F) -> T
    where
        T: Send + 'static,
        F: FnOnce(&mut TokenLifecycle, Moment) -> T + Send + 'static,
    {
        let mut act = Some(act);
        self.wait(move |driver, now| match act.take() {
            Some(act) => Poll::Ready(act(driver.lifecycle(), now)),
            None => Poll::Pending,
        })
    }
}

/// Shorter than a game's, so that tests take no longer than they must.
const FRAME: Duration = Duration::from_millis(1);
