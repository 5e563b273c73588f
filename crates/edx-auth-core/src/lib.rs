//! Sans-IO core of edx-auth: builds token requests for edX and Open edX, reads the replies, and never touches a socket or a clock.
