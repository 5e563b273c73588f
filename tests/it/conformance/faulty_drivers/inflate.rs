//! Deflate ([RFC 1951](https://www.rfc-editor.org/rfc/rfc1951)), as much as a compression bomb needs,
//! without checks and without limits.

/// Returns the content of a gzip file without extra fields.
pub(super) fn gunzip(file: &[u8]) -> Vec<u8> {
    const HEAD: usize = 10;
    let mut bits = Bits {
        bytes: &file[HEAD..],
        place: 0,
    };
    let mut out = Vec::new();
    loop {
        let last = bits.take(1) == 1;
        match bits.take(2) {
            2 => {
                let (lengths, distances) = dynamic_codes(&mut bits);
                block(&mut bits, (&lengths, &distances), &mut out);
            }
            other => panic!("the bomb has no block of type {other}"),
        }
        if last {
            return out;
        }
    }
}

struct Bits<'a> {
    bytes: &'a [u8],
    place: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> usize {
        (0..count).fold(0, |value, n| value | (self.bit() << n))
    }

    fn bit(&mut self) -> usize {
        let bit = self.bytes[self.place / 8] >> (self.place % 8) & 1;
        self.place += 1;
        usize::from(bit)
    }
}

/// A canonical Huffman code: the number of symbols of each length, and all symbols in order.
struct Code {
    counts: [usize; 16],
    symbols: Vec<usize>,
}

impl Code {
    fn of(lengths: &[usize]) -> Self {
        let mut counts = [0; 16];
        let mut symbols: Vec<_> = (0..lengths.len()).filter(|n| lengths[*n] > 0).collect();
        symbols.sort_by_key(|symbol| lengths[*symbol]);
        for symbol in &symbols {
            counts[lengths[*symbol]] += 1;
        }
        Self { counts, symbols }
    }

    fn next(&self, bits: &mut Bits<'_>) -> usize {
        let (mut code, mut first, mut index) = (0, 0, 0);
        for count in &self.counts[1..] {
            code |= bits.bit();
            if code < first + count {
                return self.symbols[index + code - first];
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        panic!("the bomb has no such code")
    }
}

fn dynamic_codes(bits: &mut Bits<'_>) -> (Code, Code) {
    let (literals, distances) = (bits.take(5) + 257, bits.take(5) + 1);
    let count = bits.take(4) + 4;
    let mut of_lengths = [0; 19];
    for place in &ORDER[..count] {
        of_lengths[*place] = bits.take(3);
    }
    let code = Code::of(&of_lengths);
    let mut lengths = Vec::new();
    while lengths.len() < literals + distances {
        let (value, times) = match code.next(bits) {
            16 => (lengths[lengths.len() - 1], 3 + bits.take(2)),
            17 => (0, 3 + bits.take(3)),
            18 => (0, 11 + bits.take(7)),
            length => (length, 1),
        };
        lengths.extend(std::iter::repeat_n(value, times));
    }
    (
        Code::of(&lengths[..literals]),
        Code::of(&lengths[literals..]),
    )
}

fn block(bits: &mut Bits<'_>, (lengths, distances): (&Code, &Code), out: &mut Vec<u8>) {
    loop {
        match lengths.next(bits) {
            256 => return,
            symbol @ 0..256 => out.push(u8::try_from(symbol).unwrap()),
            symbol => {
                let length = LENGTHS[symbol - 257] + bits.take(extra_of_length(symbol - 257));
                let symbol = distances.next(bits);
                let extra = (symbol / 2).saturating_sub(1);
                let base = if symbol < 4 {
                    symbol + 1
                } else {
                    ((2 + symbol % 2) << extra) + 1
                };
                let distance = base + bits.take(extra);
                for _ in 0..length {
                    out.push(out[out.len() - distance]);
                }
            }
        }
    }
}

fn extra_of_length(place: usize) -> usize {
    match place {
        0..8 | 28 => 0,
        _ => place / 4 - 1,
    }
}

const ORDER: [usize; 19] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

const LENGTHS: [usize; 29] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
];
