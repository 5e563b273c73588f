//! A loopback Open edX for tests: MockEdx answers token and catalog requests as the real one does.
