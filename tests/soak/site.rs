//! The site: another one for each round, at the same address.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use edx_auth_testkit::{MockEdx, MockEdxBuilder, MockResponse};

use crate::caller::{Caller, ITEMS};

/// The address of the sites, and the current secrets of their clients.
pub(crate) struct Address {
    port: u16,
    pub(crate) token_url: String,
    pub(crate) secrets: [Secret; 2],
}

/// The secret of a client, as its program has it.
#[derive(Clone)]
pub(crate) struct Secret {
    pub(crate) id: &'static str,
    rotations: Arc<Mutex<u32>>,
}

impl Address {
    pub(crate) fn new() -> Self {
        let edx = MockEdx::start().unwrap();
        Self {
            port: edx.address().port(),
            token_url: edx.token_url(),
            secrets: ["first", "second"].map(|id| Secret {
                id,
                rotations: Arc::default(),
            }),
        }
    }

    /// Starts a site for these callers.
    pub(crate) fn open(&self, callers: &[Caller]) -> MockEdx {
        let edx = self.start();
        for caller in callers {
            for item in 0..ITEMS {
                let response = MockResponse::json(200, caller.path(item));
                edx.on_authorized("GET", caller.path(item), response);
            }
            let last = MockResponse::json(200, "").connection_close();
            edx.on_authorized("GET", caller.path(ITEMS), last);
        }
        edx
    }

    /// Starts a site as soon as no connection has its port.
    fn start(&self) -> MockEdx {
        for _ in 0..ATTEMPTS {
            let builder = MockEdx::builder().port(self.port);
            let clients = self.secrets.iter();
            let with =
                |builder: MockEdxBuilder, one: &Secret| builder.client(one.id, one.current());
            match clients.fold(builder, with).start() {
                Ok(edx) => return edx,
                Err(_) => thread::sleep(Duration::from_millis(100)),
            }
        }
        panic!("the port {} stays in use", self.port);
    }
}

impl Secret {
    pub(crate) fn current(&self) -> String {
        format!("secret{:06}", self.rotations.lock().unwrap())
    }

    /// Changes the secret, and returns the new one.
    pub(crate) fn rotate(&self) -> String {
        *self.rotations.lock().unwrap() += 1;
        self.current()
    }
}

const ATTEMPTS: usize = 1000;
