//! A view of a post and its way back to the post's bytes.
//!
//! A view is written once, from left to right, by a [`Writer`], and then only read. The way back
//! costs nothing while view and post run byte by byte in step, and three bytes for each place where
//! they don't; such a place takes two bytes of the post or more.

use std::ops::Range;

/// A view of a post: its folded text, and for each piece of it the bytes it came from.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    text: String,
    edits: Vec<Edit>,
    /// Where edits number 0, [`EDITS_PER_CHECKPOINT`], … begin.
    checkpoints: Vec<Place>,
}

/// A run of bytes in step, then one atom: `view` bytes that came from `post` bytes as a whole.
///
/// INVARIANT: an atom begins and ends on character boundaries of both texts. An edit without an
/// atom only carries on a long run. Behind the last edit both texts run in step to the end.
#[derive(Clone, Copy, Debug)]
struct Edit {
    same: u8,
    /// 0: characters of the post that left nothing.
    view: u8,
    post: u8,
}

/// A place in both texts.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    view: usize,
    post: usize,
}

impl Place {
    fn after_run(self, edit: Edit) -> Self {
        let same = usize::from(edit.same);
        Self {
            view: self.view + same,
            post: self.post + same,
        }
    }

    fn after(self, edit: Edit) -> Self {
        let run = self.after_run(edit);
        Self {
            view: run.view + usize::from(edit.view),
            post: run.post + usize::from(edit.post),
        }
    }
}

/// The most edits that one question about a place walks over.
const EDITS_PER_CHECKPOINT: usize = 64;

/// The most that one byte of an edit counts.
pub(super) const ATOM_BYTES_MAX: usize = u8::MAX as usize;

impl Folded {
    /// The folded text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// The bytes of the post that `span` of the folded text came from: always on character
    /// boundaries of the post, never empty unless `span` is. Whatever was dropped inside the span
    /// is included, and so are combining marks of its last letter (the first hundred of them);
    /// dropped characters before and behind are not. A span that ends outside the text is cut to
    /// it.
    #[must_use]
    pub fn in_post(&self, span: Range<usize>) -> Range<usize> {
        let start = self.text.floor_char_boundary(span.start);
        let end = self.text.ceil_char_boundary(span.end.min(self.text.len()));
        let first = self.atom_around(start).start;
        match end.checked_sub(1) {
            Some(last) if span.start < span.end && start <= last => {
                first..self.atom_around(last).end
            }
            _ => first..first,
        }
    }

    /// The bytes of the post that one byte of the view came from: in a run in step, from this byte
    /// to right behind it; otherwise the whole atom. The end of the text is an empty atom.
    fn atom_around(&self, at: usize) -> Range<usize> {
        let number = self
            .checkpoints
            .partition_point(|p| p.view <= at)
            .saturating_sub(1);
        let mut place = self.checkpoints.get(number).copied().unwrap_or_default();
        for edit in self.edits.iter().skip(number * EDITS_PER_CHECKPOINT) {
            let run = place.after_run(*edit);
            if at < run.view {
                break;
            }
            let next = place.after(*edit);
            if at < next.view {
                return run.post..next.post;
            }
            place = next;
        }
        let post = place.post + (at - place.view);
        post..post + usize::from(at < self.text.len())
    }

    /// The edits from the checkpoint before `at`, and where it stands.
    fn edits_from(&self, at: usize) -> (Place, &[Edit]) {
        let number = self
            .checkpoints
            .partition_point(|p| p.view <= at)
            .saturating_sub(1);
        let place = self.checkpoints.get(number).copied().unwrap_or_default();
        (
            place,
            self.edits
                .get(number * EDITS_PER_CHECKPOINT..)
                .unwrap_or_default(),
        )
    }
}

/// Writes a view from left to right.
#[derive(Debug, Default)]
pub(super) struct Writer {
    text: String,
    edits: Vec<Edit>,
    checkpoints: Vec<Place>,
    /// Bytes in step behind the last edit.
    same: usize,
    /// Where the last edit ends.
    edited: Place,
}

impl Writer {
    /// A writer with room for a view of so many bytes, in the memory of a view that nobody needs any
    /// more.
    pub(super) fn reusing(view: &mut Folded, bytes: usize) -> Self {
        let Folded {
            mut text,
            mut edits,
            mut checkpoints,
        } = std::mem::take(view);
        text.clear();
        text.reserve(bytes);
        edits.clear();
        checkpoints.clear();
        Self {
            text,
            edits,
            checkpoints,
            ..Self::default()
        }
    }

    /// Copies a span of the post.
    #[inline]
    pub(super) fn copy(&mut self, post: &str, span: Range<usize>) {
        let run = post.get(span).unwrap_or_default();
        self.text.push_str(run);
        self.same += run.len();
    }

    /// Puts all ASCII letters written so far in lower case.
    #[inline(always)]
    pub(super) fn lower_case(&mut self) {
        self.text.make_ascii_lowercase();
    }

    /// Writes one ASCII character, which the next `post_bytes` of the post stand for.
    #[inline]
    pub(super) fn put_ascii(&mut self, ascii: u8, post_bytes: usize) {
        self.text.push(char::from(ascii & 0x7f));
        match post_bytes {
            1 => self.same += 1,
            _ => self.edit(1, post_bytes),
        }
    }

    /// Bytes of the last character written.
    fn last_character(&self) -> usize {
        let is_start = |byte: &u8| (*byte as i8) >= -0x40;
        let from_end = self.text.as_bytes().iter().rev().position(is_start);
        from_end.map_or(0, |before| before + 1)
    }

    /// Writes `piece`, which the next `post_bytes` of the post stand for as a whole.
    pub(super) fn put(&mut self, piece: &str, post_bytes: usize) {
        if piece.is_empty() {
            return self.skip(post_bytes);
        }
        self.text.push_str(piece);
        let one_character = piece
            .chars()
            .next()
            .is_some_and(|c| c.len_utf8() == piece.len());
        if one_character && piece.len() == post_bytes {
            self.same += post_bytes;
        } else {
            self.edit(piece.len(), post_bytes);
        }
    }

    /// Leaves out the next `post_bytes` of the post: whole characters.
    pub(super) fn skip(&mut self, post_bytes: usize) {
        let last = self
            .edits
            .last_mut()
            .filter(|e| self.same == 0 && e.view == 0);
        match last.map(|e| (usize::from(e.post) + post_bytes, e)) {
            Some((post, edit)) if post <= ATOM_BYTES_MAX && edit.post > 0 => {
                edit.post = post as u8;
                self.edited.post += post_bytes;
            }
            Some(_) | None => self.edit(0, post_bytes),
        }
    }

    /// Leaves out the next `post_bytes` of the post, a mark that belongs to the letter before it.
    pub(super) fn attach(&mut self, post_bytes: usize) {
        if self.same > 0 {
            let letter = self.last_character();
            self.same -= letter.min(self.same);
            return self.edit(letter, letter + post_bytes);
        }
        let last = self.edits.last_mut().filter(|e| e.view > 0);
        match last.map(|e| (usize::from(e.post) + post_bytes, e)) {
            Some((post, edit)) if post <= ATOM_BYTES_MAX => {
                edit.post = post as u8;
                self.edited.post += post_bytes;
            }
            Some(_) | None => self.skip(post_bytes),
        }
    }

    /// Bytes of the view written so far.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Copies a span of another view of the same post. INVARIANT: what is copied or put from
    /// another view comes in the order of the post.
    pub(super) fn copy_from(&mut self, other: &Folded, span: Range<usize>) {
        let (mut place, edits) = other.edits_from(span.start);
        for edit in edits {
            if place.view >= span.end {
                return;
            }
            let (run, next) = (place.after_run(*edit), place.after(*edit));
            self.copy_run(other, place, span.start..span.end.min(run.view));
            let atom = span.start.max(run.view)..span.end.min(next.view);
            if let Some(text) = other.text.get(atom).filter(|t| !t.is_empty()) {
                self.put_from(text, run.post..next.post);
            }
            place = next;
        }
        self.copy_run(other, place, span);
    }

    /// Copies what lies of `span` behind `place`, from where the other view runs in step.
    fn copy_run(&mut self, other: &Folded, place: Place, span: Range<usize>) {
        let start = span.start.max(place.view);
        if let Some(text) = other.text.get(start..span.end).filter(|t| !t.is_empty()) {
            self.advance(place.post + (start - place.view));
            self.text.push_str(text);
            self.same += text.len();
        }
    }

    /// Writes `piece`, which these bytes of the post stand for. As far as they were written before,
    /// the piece belongs to what was written.
    pub(super) fn put_from(&mut self, piece: &str, post: Range<usize>) {
        if !post.is_empty() {
            self.advance(post.start);
        }
        match post.end.saturating_sub(self.edited.post + self.same) {
            0 => self.extend(piece),
            bytes => self.put(piece, bytes),
        }
    }

    /// Leaves out the post up to there.
    fn advance(&mut self, post: usize) {
        let mut missing = post.saturating_sub(self.edited.post + self.same);
        while missing > 0 {
            // A part may end inside a character: no span begins or ends in what was left out.
            self.skip(missing.min(ATOM_BYTES_MAX));
            missing -= missing.min(ATOM_BYTES_MAX);
        }
    }

    /// Adds to the view what stands for nothing more of the post.
    fn extend(&mut self, piece: &str) {
        let letter = self.last_character();
        self.text.push_str(piece);
        if self.same > 0 {
            self.same -= letter.min(self.same);
            return self.edit(letter + piece.len(), letter);
        }
        let last = self.edits.last_mut().filter(|e| e.view > 0);
        match last.map(|e| (usize::from(e.view) + piece.len(), e)) {
            Some((view, edit)) if view <= ATOM_BYTES_MAX => {
                edit.view = view as u8;
                self.edited.view += piece.len();
            }
            Some(_) | None => self.edit(piece.len(), 0),
        }
    }

    /// The view as written.
    pub(super) fn finish(self) -> Folded {
        Folded {
            text: self.text,
            edits: self.edits,
            checkpoints: self.checkpoints,
        }
    }

    /// Closes the run in step and adds an atom. What no byte can count is added in parts: a part
    /// behind the first one leaves nothing.
    fn edit(&mut self, view_bytes: usize, post_bytes: usize) {
        while self.same > ATOM_BYTES_MAX {
            self.same -= ATOM_BYTES_MAX;
            self.push(Edit {
                same: u8::MAX,
                view: 0,
                post: 0,
            });
        }
        let same = std::mem::take(&mut self.same) as u8;
        let view = view_bytes.min(ATOM_BYTES_MAX) as u8;
        let post = post_bytes.min(ATOM_BYTES_MAX) as u8;
        self.push(Edit { same, view, post });
        debug_assert!(
            view_bytes <= ATOM_BYTES_MAX && post_bytes <= ATOM_BYTES_MAX,
            "an atom is too long"
        );
    }

    fn push(&mut self, edit: Edit) {
        if self.edits.len().is_multiple_of(EDITS_PER_CHECKPOINT) {
            self.checkpoints.push(self.edited);
        }
        self.edits.push(edit);
        self.edited = self.edited.after(edit);
    }
}
