//! A small, repeatable round of what `make fuzz-render` does at length: real pictures with a few bytes changed, cut or
//! doubled. Any panic fails the test.

use std::fs;
use std::path::Path;

use openposterdb_render::hostile;

/// Rounds per seed, times what `HOSTILE_ROUNDS` says. Prepared pictures are fewer and larger.
const ROUNDS: u32 = 60;
const PREPARED_ROUNDS: u32 = 12;

fn rounds(usual: u32) -> u32 {
    usual * std::env::var("HOSTILE_ROUNDS").ok().and_then(|times| times.parse().ok()).unwrap_or(1)
}

/// Files up to this size are worth decoding over and over.
const LARGEST: usize = 60_000;

struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound.max(1)
    }
}

fn mutated(data: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut data = data.to_vec();
    for _ in 0..=dice.below(4) {
        let near_the_start = dice.below(2) == 0;
        let at = dice.below(if near_the_start { data.len().min(700) } else { data.len() });
        match dice.below(6) {
            0 => data.truncate(at),
            1 => data.insert(at, [0, 0xff, 0xd9, 0x7f][dice.below(4)]),
            2 => {
                let part = data[at..data.len().min(at + 64)].to_vec();
                data.splice(at..at, part);
            }
            3 if !data.is_empty() => data[at] ^= 1 << dice.below(8),
            4 if !data.is_empty() => data[at] = [0, 1, 0x7f, 0x80, 0xfe, 0xff][dice.below(6)],
            _ if !data.is_empty() => data[at] = dice.below(256) as u8,
            _ => {}
        }
    }
    data
}

fn art() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/art");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.extend(
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds")).unwrap().map(|it| it.unwrap().path()),
    );
    files.sort();
    files.into_iter().filter(|path| path.is_file()).map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn changed_pictures_never_panic() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for data in art() {
        hostile::probe(&data);
        if data.len() > LARGEST {
            continue;
        }
        for _ in 0..rounds(ROUNDS) {
            let data = mutated(&data, &mut dice);
            hostile::probe(&data);
            hostile::decode(&data);
        }
    }
}

#[test]
fn changed_prepared_pictures_never_panic() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/art");
    let seeds = hostile::seeds(&fs::read(folder.join("odd_301x445_420.jpg")).unwrap());
    assert!(seeds.len() >= 6);
    for data in seeds {
        hostile::prepared(&data);
        for _ in 0..rounds(PREPARED_ROUNDS) {
            hostile::prepared(&mutated(&data, &mut dice));
        }
    }
}

#[test]
fn any_settings_and_badges_draw_or_are_refused() {
    let mut dice = Dice(0x1234_5678_9abc_def1);
    for art in art().into_iter().filter(|data| data.len() <= 20_000) {
        for _ in 0..rounds(6) {
            let mut data: Vec<u8> = (0..12).map(|_| dice.below(256) as u8).collect();
            data.extend(if dice.below(3) == 0 { mutated(&art, &mut dice) } else { art.clone() });
            hostile::render(&data);
        }
    }
}

/// Writes the fuzzer's first inputs; run by `make fuzz-render`.
#[test]
#[ignore = "writes files"]
fn seeds_for_the_fuzzer() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut pictures = art();
    pictures.retain(|data| data.len() <= LARGEST);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/art");
    let prepared = hostile::seeds(&fs::read(folder.join("odd_301x445_420.jpg")).unwrap());
    let drawn: Vec<_> = pictures.iter().map(|data| [&[0; 12], data.as_slice()].concat()).collect();
    for (target, seeds) in [("probe", &pictures), ("decode", &pictures), ("render", &drawn), ("prepared", &prepared)] {
        let folder = corpus.join(target);
        fs::create_dir_all(&folder).unwrap();
        for (index, data) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{index}")), data).unwrap();
        }
    }
}
