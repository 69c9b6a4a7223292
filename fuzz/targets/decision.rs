#![no_main]

mod hostile;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hostile::decision(bytes));
