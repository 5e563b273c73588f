//! Tokens that are stored and restored.

use edx_auth_core::{AccessToken, Jitter, StoredToken, TokenType};

use super::World;
use super::exchange::{self, MILLI};
use crate::facts::Life;
use crate::model::{Time, duration};
use crate::report::Report;

impl World {
    pub(super) fn restore(&mut self, (name, length, born): (u8, Time, Time), jitter: u32) {
        let (name, now) = (exchange::name(name), self.now());
        let token = AccessToken::new(TokenType::Jwt, &exchange::text(name));
        let token = token.expect("letters and digits");
        let stored = StoredToken::new(token, duration(length), duration(born));
        let before = self.shown();
        let event = self.agent.restore(stored, now, Jitter::from_bits(jitter));
        let foreseen = self.model.restore((name, length, born), jitter);
        assert_eq!(Report::from(&event), foreseen);
        match foreseen {
            Report::Restored { generation, .. } => {
                let life = Life {
                    real: self.facts.real,
                    clocks: self.model.now,
                    age: (self.model.now.wall - born).max(0),
                    length,
                };
                self.facts.born(generation, life);
            }
            _ => assert_eq!(self.shown(), before, "a token that was not restored"),
        }
    }

    pub(super) fn restart(&mut self, jitter: u32) {
        let (kept, foreseen) = (self.agent.export(self.now()), self.model.export());
        assert_eq!(kept.is_some(), foreseen.is_some());
        let (real, faltered) = (self.facts.real, self.facts.faltered);
        let now = self.model.now;
        *self = Self::new(self.policy, self.numbers);
        self.model.now = now;
        (self.facts.real, self.facts.faltered) = (real, faltered);
        if let Some((kept, (name, life, born))) = kept.zip(foreseen) {
            let (life, born) = (life / MILLI, born / MILLI);
            let text = format!(
                "edx-auth-token/1 {born} {life} JWT {}\n",
                exchange::text(name)
            );
            assert_eq!(String::from_utf8(kept.to_bytes()), Ok(text));
            self.restore((name, life * MILLI, born * MILLI), jitter);
        }
    }
}
