//! Where the subjects of a post stand, as JSON inside its decision.

use super::json::Json;
use crate::escalate::Changed;

/// Adds `ladders` to a decision that [`write_decision`](super::write_decision) wrote and that ends
/// `out`.
pub fn write_ladders(changed: &[Changed], out: &mut Vec<u8>) {
    if out.last() == Some(&b'}') {
        out.pop();
    }
    Json(out).raw(r#","ladders":"#);
    write_changes(changed, out);
    out.push(b'}');
}

/// Writes where subjects stand, as a list.
pub(crate) fn write_changes<'c>(changed: impl IntoIterator<Item = &'c Changed>, out: &mut Vec<u8>) {
    let mut json = Json(out);
    json.raw("[")
        .each(changed, |json, changed| {
            json.raw(r#"{"subject":{"kind":"#)
                .text(changed.subject.kind.name());
            json.raw(r#","id":"#).text(&changed.subject.id);
            json.raw(r#"},"ladder":"#).text(&changed.ladder);
            match &changed.rung {
                Some(rung) => json.raw(r#","rung":"#).text(rung),
                None => json.raw(r#","rung":null"#),
            };
            json.raw(r#","changed":"#).number(changed.changed).raw("}");
        })
        .raw("]");
}
