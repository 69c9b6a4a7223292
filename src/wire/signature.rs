//! Who signed what a case recommends, as JSON inside of the case.

use super::json::Json;
use crate::model::Timestamp;

/// Adds `signatures` to a case that [`write_case`](super::write_case) wrote and that ends `out`.
pub fn write_signatures<'s>(
    signatures: impl IntoIterator<Item = (&'s str, Timestamp)>,
    out: &mut Vec<u8>,
) {
    if out.last() == Some(&b'}') {
        out.pop();
    }
    let mut json = Json(out);
    json.raw(r#","signatures":["#)
        .each(signatures, |json, (by, at)| {
            json.raw(r#"{"by":"#).text(by);
            json.raw(r#","at":"#).text(&at.to_string()).raw("}");
        })
        .raw("]}");
}
