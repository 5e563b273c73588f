//! Every block of code in the documents is compiled, and every command is run by a test, unless it needs a
//! machine that no test has.

mod blocks;
mod commands;
mod curl;
