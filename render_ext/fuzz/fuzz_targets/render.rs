#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| openposterdb_render::hostile::render(data));
