//! The stories that ladders are tested with.

use super::in_place_of;
use crate::diagnostics::{Code, did_you_mean};
use crate::limits::{REPEATS_MAX, STORY_HOURS_MAX};
use crate::model::{Outcome, Span, SubjectKind};
use crate::policy::reader::{Fields, Reader};
use crate::policy::shape::ladders as shape;
use crate::policy::written::Name;
use crate::policy::written::ladders::{Event, Expectation, Posted, Story, What};
use crate::policy::yaml::{Content, Node};

/// Stands for: on no rung.
pub(super) const NO_RUNG: &str = "none";

/// Whether an item of `tests` tells a story.
pub(super) fn is_story(node: &Node) -> bool {
    let Content::Map(pairs) = &node.value else {
        return false;
    };
    let is_of_stories = |key: &Node| {
        matches!(&key.value, Content::Scalar { text, .. }
            if matches!(text.as_str(), "timeline" | "events" | "expect"))
    };
    pairs.iter().any(|(key, _)| is_of_stories(key))
}

pub(super) fn story(reader: &mut Reader<'_>, node: &Node) -> Option<Story> {
    let fields = reader.fields(node, &shape::STORY)?;
    let name = fields.get("timeline").and_then(|node| reader.text(node));
    let place = posted(reader, &fields);
    let events = fields.get("events").map(|node| reader.list(node));
    let events: Vec<Event> = events
        .into_iter()
        .flatten()
        .filter_map(|node| event(reader, node, &place))
        .collect();
    let expect = fields.get("expect").map(|node| reader.list(node));
    let expect = expect.into_iter().flatten();
    let expect: Vec<Expectation> = expect
        .filter_map(|node| expectation(reader, node))
        .collect();
    Some(Story {
        name: name?,
        events,
        expect,
    })
}

/// What is said of a post; of a whole story, what is said of all its posts.
fn posted(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Posted {
    let text = |reader: &mut Reader<'_>, key| {
        let text = fields.get(key).and_then(|node| reader.text(node));
        text.map(|text| text.value)
    };
    let targets = fields.get("target").map(|node| reader.names(node));
    let hits = fields.get("hit").map(|node| reader.names(node));
    Posted {
        post: text(reader, "post"),
        hits: hits.unwrap_or_default(),
        text: text(reader, "text"),
        author: text(reader, "author"),
        thread: text(reader, "thread"),
        community: text(reader, "community"),
        targets: targets
            .into_iter()
            .flatten()
            .map(|name| name.value)
            .collect(),
    }
}

fn event(reader: &mut Reader<'_>, node: &Node, place: &Posted) -> Option<Event> {
    let fields = reader.fields(node, &shape::EVENT)?;
    let at = fields
        .get("at")
        .and_then(|node| reader.duration(node, STORY_HOURS_MAX));
    let repeat = repeat(reader, &fields);
    let what = what(reader, &fields, place);
    Some(Event {
        span: node.span.clone(),
        at: at?.value,
        repeat: repeat?,
        what: what?,
    })
}

fn repeat(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<(u32, Span)> {
    match (fields.get("repeat"), fields.get("every")) {
        (None, None) => Some((1, Span::default())),
        (Some(times), Some(every)) => {
            let times = reader.integer(times, 2, REPEATS_MAX);
            let every = reader.duration(every, STORY_HOURS_MAX);
            Some((times?.value, every?.value))
        }
        (Some(node), None) => {
            let message = "what repeats says how long from one time to the next";
            reader.report(Code::MissingKey, &node.span, message).help =
                Some("add for instance `every: 30m`".to_owned());
            None
        }
        (None, Some(node)) => {
            let message = "`every` belongs to `repeat`";
            reader.report(Code::MissingKey, &node.span, message).help =
                Some("add for instance `repeat: 20`".to_owned());
            None
        }
    }
}

const OF_POSTS: [&str; 4] = ["author", "target", "thread", "community"];

fn what(reader: &mut Reader<'_>, fields: &Fields<'_>, place: &Posted) -> Option<What> {
    if fields.get("hit").is_some() || fields.get("text").is_some() {
        let told = posted(reader, fields);
        let targets = match told.targets.is_empty() {
            true => place.targets.clone(),
            false => told.targets.clone(),
        };
        return Some(What::Posted(Posted {
            thread: told.thread.or_else(|| place.thread.clone()),
            community: told.community.or_else(|| place.community.clone()),
            targets,
            ..told
        }));
    }
    for key in OF_POSTS {
        if let Some(node) = fields.get(key) {
            let message = format!("`{key}` belongs to a post: `hit` or `text`");
            reader.report(Code::ConflictingKeys, &node.span, message);
        }
    }
    if let Some(node) = fields.get("outcome") {
        let outcome = reader.word(node, &Outcome::ALL.map(Outcome::name));
        let Some(post) = fields.get("post") else {
            let message = "an outcome says which `post` it is about";
            reader.report(Code::MissingKey, &node.span, message).help =
                Some("give the post an id too: `post: p1`".to_owned());
            return None;
        };
        let post = reader.text(post);
        return Some(What::Answered(post?, Outcome::named(outcome?)?));
    }
    if let Some(node) = fields.get("deleted") {
        return reader.text(node).map(What::Deleted);
    }
    closed(reader, fields.get("closed")?)
}

/// `target/t1`
fn closed(reader: &mut Reader<'_>, node: &Node) -> Option<What> {
    let text = reader.text(node)?;
    let (kind, id) = text.value.split_once('/').unwrap_or((&text.value, ""));
    let names = SubjectKind::ALL.map(SubjectKind::name);
    let Some(known) = SubjectKind::named(kind).filter(|_| !id.is_empty()) else {
        let help = match did_you_mean(kind, names).filter(|_| !id.is_empty()) {
            Some(near) => format!("did you mean `{near}/{id}`?"),
            None => format!("write `KIND/ID`; the kinds are {}", names.join(", ")),
        };
        let message = format!("`{}` names no subject", text.value);
        reader.report(Code::UnknownWord, &text.span, message).help = Some(help);
        return None;
    };
    Some(What::Closed(known, id.to_owned()))
}

fn expectation(reader: &mut Reader<'_>, node: &Node) -> Option<Expectation> {
    let fields = reader.fields(node, &shape::EXPECTATION)?;
    let ladder = fields.get("on").and_then(|node| reader.text(node));
    let subject = fields.get("id").and_then(|node| reader.text(node));
    let rung = fields.get("rung").and_then(|node| reader.text(node));
    let at = fields
        .get("at")
        .map(|node| reader.duration(node, STORY_HOURS_MAX));
    let ever = fields
        .get("ever")
        .map(|node| reader.flag(node).map(|ever| in_place_of(ever, node)));
    let findings: Option<Vec<Name>> = fields.get("findings").map(|node| reader.names(node));
    if let (Some(Some(ever)), true) = (&ever, at.is_some())
        && ever.value
    {
        let message = "`ever` means the whole story, and `at` one moment of it";
        reader
            .report(Code::ConflictingKeys, &ever.span, message)
            .help = Some("drop one of the two".to_owned());
    }
    Some(Expectation {
        span: node.span.clone(),
        ladder: ladder?,
        subject: subject?.value,
        rung: rung?,
        at: at.map_or(Some(None), |at| at.map(|at| Some(at.value)))?,
        ever: ever.map_or(Some(false), |ever| ever.map(|it| it.value))?,
        findings,
    })
}
