//! HTML of forums as the text that its readers see. The crate knows entities and broken tags; what
//! breaks a line is decided here.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{EndTag, HtmlString, StartTag, Token, Tokenizer};

/// What line breaks mean in some markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breaks {
    /// Tags break lines; blanks and line breaks between words are one blank, as in a browser.
    ByTags,
    /// Lines are broken as written; tags break none.
    AsWritten,
}

/// The text of some HTML, as a browser shows it.
#[must_use]
pub fn html_text(html: &str) -> String {
    text(html, Breaks::ByTags)
}

/// The text of some HTML.
pub(super) fn text(html: &str, breaks: Breaks) -> String {
    if breaks == Breaks::AsWritten && !html.contains(['<', '&']) {
        return html.to_owned();
    }
    let mut seen = Seen {
        text: String::with_capacity(html.len()),
        breaks,
        hidden: 0,
        preformatted: 0,
        is_blank_due: false,
    };
    // Reading a text can't fail.
    let mut tokens: DefaultEmitter<()> = DefaultEmitter::new_with_span();
    // What stands in a script is no markup.
    tokens.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(html, tokens).map_while(Result::ok) {
        match token {
            Token::StartTag(tag) => seen.start(&tag),
            Token::EndTag(tag) => seen.end(&tag),
            Token::String(text) => seen.words(&text.value),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    seen.text.truncate(seen.text.trim_end().len());
    seen.text
}

/// What was seen so far.
struct Seen {
    text: String,
    breaks: Breaks,
    /// In how many scripts and the like one is.
    hidden: usize,
    /// In how many elements whose line breaks count.
    preformatted: usize,
    /// Whether blanks stand before the next word.
    is_blank_due: bool,
}

/// What stands in these is not seen.
const HIDDEN: [&[u8]; 4] = [b"script", b"style", b"template", b"head"];
/// A line ends before and behind these.
const BLOCKS: [&[u8]; 18] = [
    b"p",
    b"div",
    b"li",
    b"ul",
    b"ol",
    b"tr",
    b"blockquote",
    b"aside",
    b"article",
    b"section",
    b"pre",
    b"hr",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
];

impl Seen {
    fn start(&mut self, tag: &StartTag<()>) {
        let name: &[u8] = &tag.name;
        if HIDDEN.contains(&name) && !tag.self_closing {
            self.hidden += 1;
        }
        match name {
            b"pre" => self.preformatted += 1,
            // Smilies: what was typed for them.
            b"img" => {
                if let Some(typed) = tag.attributes.get(&HtmlString(b"alt".to_vec())) {
                    self.words(&typed.value);
                }
            }
            b"td" | b"th" => self.is_blank_due = true,
            b"br" if self.breaks == Breaks::ByTags => self.break_line(),
            _ => {}
        }
        self.block(name);
    }

    fn end(&mut self, tag: &EndTag<()>) {
        let name: &[u8] = &tag.name;
        if HIDDEN.contains(&name) {
            self.hidden = self.hidden.saturating_sub(1);
        }
        if name == b"pre" {
            self.preformatted = self.preformatted.saturating_sub(1);
        }
        self.block(name);
    }

    /// Blocks begin on a line of their own, and so does what follows them.
    fn block(&mut self, name: &[u8]) {
        let is_block = self.breaks == Breaks::ByTags && BLOCKS.contains(&name);
        if is_block && !self.text.is_empty() && !self.text.ends_with('\n') {
            self.break_line();
        }
    }

    fn break_line(&mut self) {
        self.text.push('\n');
        self.is_blank_due = false;
    }

    fn words(&mut self, bytes: &[u8]) {
        if self.hidden > 0 {
            return;
        }
        let words = String::from_utf8_lossy(bytes);
        if self.breaks == Breaks::AsWritten || self.preformatted > 0 {
            self.text.push_str(&words);
            return;
        }
        let is_blank = |c: char| c.is_ascii_whitespace();
        for (at, word) in words.split(is_blank).enumerate() {
            self.is_blank_due |= at > 0;
            if word.is_empty() {
                continue;
            }
            if self.is_blank_due && !self.text.is_empty() && !self.text.ends_with('\n') {
                self.text.push(' ');
            }
            self.is_blank_due = false;
            self.text.push_str(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Breaks, text};

    #[test]
    fn html_becomes_what_is_seen() {
        for (html, expected) in [
            ("<p>One</p><p>Two<br>three</p>", "One\nTwo\nthree"),
            ("<p>One<br />\ntwo</p>\n<p>three</p>\n", "One\ntwo\nthree"),
            (
                "a &amp; b &lt;c&gt; &eacute;&#233;&#x1F600;",
                "a & b <c> éé😀",
            ),
            ("  much \n  <b>room</b>  here", "much room here"),
            ("<b>one</b><i>word</i>", "oneword"),
            ("<pre>as\n  written</pre>x", "as\n  written\nx"),
            ("<script>if (a<b) x()</script>y<style>z</style>", "y"),
            ("<p>:) <img alt=\":tada:\" src=\"x\"></p>", ":) :tada:"),
            ("<p><a href=\"x\">@<span>lena</span></a> né</p>", "@lena né"),
            ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
            ("unclosed <b <i>x", "unclosed x"),
            ("a < b", "a < b"),
            ("</pre></script>né", "né"),
            ("", ""),
        ] {
            assert_eq!(text(html, Breaks::ByTags), expected, "{html}");
        }
        for (html, expected) in [
            ("<t>One<br/>\ntwo &amp; né</t>", "One\ntwo & né"),
            ("a\n\n  b", "a\n\n  b"),
            ("<!-- s:) --><img alt=\":)\" /><!-- s:) --> x", ":) x"),
        ] {
            assert_eq!(text(html, Breaks::AsWritten), expected, "{html}");
        }
    }
}
