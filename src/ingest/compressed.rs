//! Unpacks what is packed, recognised by its first bytes: names of files lie.

use crate::limits::ZSTD_WINDOW_LOG_MAX;
use flate2::read::MultiGzDecoder;
use std::io::{self, Cursor, Read};

/// How a file may be packed, with the bytes it begins with.
const PACKINGS: [(&[u8], Packing); 2] = [
    (&[0x1f, 0x8b], Packing::Gzip),
    (&[0x28, 0xb5, 0x2f, 0xfd], Packing::Zstd),
];

#[derive(Clone, Copy)]
enum Packing {
    Gzip,
    Zstd,
}

/// What gives the bytes of a file.
type Bytes = Box<dyn Read + Send>;

/// The bytes of a file, unpacked when they are packed, and whether they were. Memory stays bounded
/// whatever they unpack to.
pub(super) fn unpack(mut file: Bytes) -> io::Result<(Bytes, bool)> {
    let mut head = Vec::new();
    let packing = sniff(&mut file, &mut head)?;
    let whole = Cursor::new(head).chain(file);
    let unpacked: Bytes = match packing {
        None => Box::new(whole),
        Some(Packing::Gzip) => Box::new(MultiGzDecoder::new(whole)),
        Some(Packing::Zstd) => {
            let mut decoder = zstd::Decoder::new(whole)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
            Box::new(decoder)
        }
    };
    Ok((unpacked, packing.is_some()))
}

/// Reads as many bytes as are needed to know, one by one: a pipe that has sent one short line must
/// not be waited for.
fn sniff(file: &mut dyn Read, head: &mut Vec<u8>) -> io::Result<Option<Packing>> {
    loop {
        let found = PACKINGS.iter().find(|(magic, _)| head.starts_with(magic));
        if let Some((_, packing)) = found {
            return Ok(Some(*packing));
        }
        let may_be_one = PACKINGS.iter().any(|(magic, _)| magic.starts_with(head));
        if !may_be_one || file.take(1).read_to_end(head)? == 0 {
            return Ok(None);
        }
    }
}
