//! 200 token agents, a site with a limit, and a store, in virtual time.

use std::fmt::Write as _;
use std::time::Duration;

use edx_auth_driver::{
    Acquire, ExchangeTicket, Jitter, Moment, Need, RenewalPolicy, StoreError, StoreTicket,
    StoredToken, TokenAgent, TokenRequest, WaitBudget, Work, WorkKind,
};
use fastrand::Rng;
use http::{Response, StatusCode};

/// Returns a table in Markdown of fleets with a store and without. Each line is the mean of ten fleets.
pub(crate) fn table(request: &TokenRequest) -> String {
    let mut table = String::from(HEAD);
    for limit in [120, 30] {
        for (store, is_shared) in [("none", false), ("Redis", true)] {
            let fleet = |seed| Fleet::new(seed, request, limit, is_shared, DEPLOYMENT);
            let _infallible = writeln!(table, "| {limit} a minute | {store} | {} |", mean(fleet));
        }
    }
    table
}

/// Returns a table in Markdown of fleets that start while Redis is down, as [`table`] does.
pub(crate) fn table_of_delays(request: &TokenRequest) -> String {
    let mut table = String::from(HEAD_OF_DELAYS);
    for (start, within) in [
        ("at once", Duration::ZERO),
        ("each up to five seconds later", DEPLOYMENT),
    ] {
        let fleet = |seed| Fleet::new(seed, request, 120, false, within);
        let _infallible = writeln!(table, "| {start} | {} |", mean(fleet));
    }
    table
}

fn mean(fleet: impl Fn(u64) -> Fleet) -> String {
    let outcomes = (0..FLEETS).map(|seed| fleet(seed.into()).run());
    Outcome::mean(&outcomes.collect::<Vec<_>>())
}

/// What happened until every process had a token.
struct Outcome {
    requests: u32,
    denied: u32,
    last: Duration,
}

impl Outcome {
    fn mean(fleets: &[Self]) -> String {
        let requests: u32 = fleets.iter().map(|fleet| fleet.requests).sum();
        let denied: u32 = fleets.iter().map(|fleet| fleet.denied).sum();
        let last: Duration = fleets.iter().map(|fleet| fleet.last).sum();
        let last = (last / FLEETS).as_secs();
        format!("{} | {} | {last} s", requests / FLEETS, denied / FLEETS)
    }
}

struct Fleet {
    processes: Vec<Process>,
    site: Site,
    store: Store,
    random: Rng,
}

struct Process {
    agent: TokenAgent,
    budget: WaitBudget,
    /// When it continues; `None` once it has a token.
    next: Option<Duration>,
    pending: Option<Pending>,
}

/// Work that has begun, and ends when its process continues.
enum Pending {
    Look(StoreTicket, Duration),
    Request(ExchangeTicket),
}

/// A site that issues this many tokens in each minute.
struct Site {
    limit: u32,
    minute: u64,
    in_minute: u32,
    outcome: Outcome,
}

/// A store, and the process that has its claim.
#[derive(Default)]
struct Store {
    token: Option<StoredToken>,
    holder: Option<usize>,
}

impl Fleet {
    fn new(
        seed: u64,
        request: &TokenRequest,
        limit: u32,
        is_shared: bool,
        within: Duration,
    ) -> Self {
        let mut random = Rng::with_seed(seed);
        let starts = (0..PROCESSES).map(|_| within.mul_f64(random.f64()));
        let processes = starts.map(|start| Process::new(request, is_shared, start));
        Self {
            processes: processes.collect(),
            site: Site::new(limit),
            store: Store::default(),
            random,
        }
    }

    /// Lets each process continue in its turn, until all of them have a token.
    fn run(mut self) -> Outcome {
        while let Some((now, id)) = self.next() {
            let mut turn = Turn {
                id,
                now: Moment {
                    monotonic: now,
                    wall: START + now,
                },
                jitter: Jitter::from_bits(self.random.u32(..)),
                site: &mut self.site,
                store: &mut self.store,
            };
            if let Some(process) = self.processes.get_mut(id) {
                process.go_on(&mut turn);
            }
            self.site.outcome.last = now;
        }
        self.site.outcome
    }

    fn next(&self) -> Option<(Duration, usize)> {
        let waiting = self.processes.iter().enumerate();
        waiting
            .filter_map(|(id, process)| Some((process.next?, id)))
            .min()
    }
}

/// The turn of one process.
struct Turn<'a> {
    id: usize,
    now: Moment,
    jitter: Jitter,
    site: &'a mut Site,
    store: &'a mut Store,
}

impl Process {
    fn new(request: &TokenRequest, is_shared: bool, start: Duration) -> Self {
        let agent = TokenAgent::new(request.clone(), RenewalPolicy::DEFAULT);
        Self {
            agent: if is_shared { agent.with_store() } else { agent },
            budget: WaitBudget::new(DAY, Moment::default()),
            next: Some(start),
            pending: None,
        }
    }

    /// Reports what has ended, asks for the token, and begins the next work.
    fn go_on(&mut self, turn: &mut Turn<'_>) {
        match self.pending.take() {
            Some(Pending::Look(ticket, since)) => self.look(ticket, since, turn),
            Some(Pending::Request(ticket)) => self.request(ticket, turn),
            None => {}
        }
        if self.pending.is_some() {
            return;
        }
        let wait = match self.agent.acquire(Need::any(), &self.budget, turn.now) {
            Acquire::Wait(wait) => Some(wait),
            Acquire::Ready(_) | Acquire::Failed(_) => None,
        };
        let takes = self.begin(turn.now).or(wait);
        self.next = takes.map(|takes| turn.now.monotonic + takes);
    }

    /// Begins the next work, and returns how long it takes.
    fn begin(&mut self, now: Moment) -> Option<Duration> {
        let (pending, takes) = match self.agent.poll_work(now)? {
            Work::Store(ticket) => (Pending::Look(ticket, now.monotonic), LOOK),
            Work::Exchange(ticket, _) => (Pending::Request(ticket), REQUEST),
            Work::Credentials(_) => return None,
        };
        self.pending = Some(pending);
        Some(takes)
    }

    fn look(&mut self, ticket: StoreTicket, since: Duration, turn: &mut Turn<'_>) {
        let within = ticket.claim_within();
        let is_busy = within.is_some() && turn.store.holder.is_some_and(|id| id != turn.id);
        if is_busy && turn.now.monotonic < since + within.unwrap_or_default() {
            self.pending = Some(Pending::Look(ticket, since));
            self.next = Some(turn.now.monotonic + POLL);
            return;
        }
        if within.is_some() && !is_busy {
            turn.store.holder = Some(turn.id);
        }
        let stored = if is_busy {
            Err(StoreError::Busy.into())
        } else {
            Ok(turn.store.token.clone())
        };
        let _event = self.agent.on_stored(ticket, stored, turn.now, turn.jitter);
        if self.agent.next_work(turn.now) != Some(WorkKind::Exchange) {
            turn.release();
        }
    }

    fn request(&mut self, ticket: ExchangeTicket, turn: &mut Turn<'_>) {
        let response = turn.site.respond(turn.now.monotonic);
        let _event = self
            .agent
            .on_response(ticket, response, turn.now, turn.jitter);
        if let Some(token) = self.agent.export(turn.now) {
            turn.store.token = Some(token);
        }
        turn.release();
    }
}

impl Turn<'_> {
    fn release(&mut self) {
        self.store.holder.take_if(|holder| *holder == self.id);
    }
}

impl Site {
    fn new(limit: u32) -> Self {
        Self {
            limit,
            minute: 0,
            in_minute: 0,
            outcome: Outcome {
                requests: 0,
                denied: 0,
                last: Duration::ZERO,
            },
        }
    }

    /// Counts by the minute, as Open edX does, and says nothing about when to come again.
    fn respond(&mut self, now: Duration) -> Response<&'static str> {
        let minute = now.as_secs() / 60;
        if minute != self.minute {
            (self.minute, self.in_minute) = (minute, 0);
        }
        self.in_minute += 1;
        self.outcome.requests += 1;
        if self.in_minute <= self.limit {
            return Response::new(TOKEN);
        }
        self.outcome.denied += 1;
        let mut response = Response::new("");
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        response
    }
}

const HEAD: &str = "\
| the site issues | store | token requests | denied | the last process has its token after |
|---|---|---|---|---|
";

const HEAD_OF_DELAYS: &str = "\
| Redis is down, and 200 processes start | token requests | denied | the last process has its token after |
|---|---|---|---|
";

const TOKEN: &str = r#"{"access_token":"a.b.c","token_type":"JWT","expires_in":3600}"#;

const PROCESSES: usize = 200;
const FLEETS: u32 = 10;

/// All processes start within this time.
const DEPLOYMENT: Duration = Duration::from_secs(5);
const REQUEST: Duration = Duration::from_millis(200);
const LOOK: Duration = Duration::from_millis(1);
const POLL: Duration = Duration::from_millis(300);
const START: Duration = Duration::from_secs(1_700_000_000);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
