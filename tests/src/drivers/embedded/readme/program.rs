fn now() -> Moment {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let (monotonic, wall) = (START.elapsed(), UNIX_EPOCH.elapsed().unwrap_or_default());
    Moment { monotonic, wall }
}

fn jitter() -> Jitter {
    Jitter::from_bits(RandomState::new().hash_one(0) as u32)
}

pub struct Edx {
    agent: Arc<Mutex<TokenAgent>>,
    reported: Arc<Condvar>,
}

impl Edx {
    pub fn token(&self, need: Need, budget: WaitBudget) -> Result<LiveToken, TokenError> {
        loop {
            match self.with(|agent| agent.acquire(need, &budget, now())) {
                (Acquire::Ready(token), _) => return Ok(token),
                (Acquire::Wait(wait), agent) => drop(self.reported.wait_timeout(agent, wait)),
                (Acquire::Failed(error), _) => return Err(error),
            }
        }
    }

    pub fn call(&self, mut call: ApiCall, body: &[u8]) -> Result<Response<Vec<u8>>, CallError> {
        let mut response = None;
        loop {
            match self.with(|agent| call.poll(agent, now())) {
                (CallStep::Send(request), agent) => {
                    drop(agent); // never locked while a request is under way
                    response = call.on_result(send(request.rules(), request.with_body(body)));
                }
                (CallStep::Wait(wait), agent) => drop(self.reported.wait_timeout(agent, wait)),
                (CallStep::Deliver { .. }, _) => return Ok(response.unwrap()),
                (CallStep::Fail(error), _) => return Err(error),
            }
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut TokenAgent) -> T) -> (T, MutexGuard<'_, TokenAgent>) {
        let mut agent = self.agent.lock().unwrap();
        let result = act(&mut agent);
        if let Some(Work::Exchange(ticket, request)) = agent.poll_work(now()) {
            let (agent, reported) = (Arc::clone(&self.agent), Arc::clone(&self.reported));
            thread::spawn(move || {
                let result = send(ticket.rules(), request);
                agent.lock().unwrap().on_result(ticket, result, now(), jitter());
                reported.notify_all();
            });
        }
        (result, agent)
    }
}
