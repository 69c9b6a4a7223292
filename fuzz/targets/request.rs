#![no_main]

mod asked;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| asked::request(bytes));
