#![no_main]

mod kept;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kept::log(bytes));
