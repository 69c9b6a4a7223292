//! From nodes to a policy as written. Each function reads one shape of [`super::shape`].

mod ladders;
mod stories;
mod tests;

use super::pack::Mode;
use super::reader::{Fields, Reader};
use super::shape;
use super::written::{
    Argument, Boost, Condition, Except, File, Header, Items, Kind, Name, Near, Part, Place, Rule,
    Signal, Threshold,
};
use super::yaml::{Content, Node, Spanned};
use crate::diagnostics::Code;
use crate::limits::{CONDITION_DEPTH_MAX, POINTS_MAX};
use crate::model::{Action, Bilingual, Language};

/// Reads a whole file, as far as possible. Nothing when it is no map; problems are in the reader.
pub(super) fn file(reader: &mut Reader<'_>, node: &Node) -> Option<File> {
    let fields = reader.fields(node, &shape::FILE)?;
    let header = header(reader, fields.get("policy"));
    let node = fields.get("signals");
    let named = node.map(|node| reader.named(node));
    let signals_known = match node {
        Some(node) => matches!(node.value, Content::Map(_)),
        None => !fields.probably_has("signals"),
    };
    let signals = named
        .into_iter()
        .flatten()
        .map(|(name, node)| signal(reader, name, node))
        .collect();
    let (rule_ids, rule_ids_known) = rule_ids(&fields);
    let rules = items(reader, &fields, "rules", rule);
    let decide = items(reader, &fields, "decide", threshold);
    let (tests, stories) = tests::tests(reader, &fields);
    let escalation = ladders::escalation(reader, &fields, stories);
    Some(File {
        header,
        signals,
        signals_known,
        rules,
        rule_ids,
        rule_ids_known,
        decide,
        tests,
        escalation,
    })
}

/// Each item of an optional list, read by `read`; those with mistakes are left out.
fn items<T>(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    read: fn(&mut Reader<'_>, &Node) -> Option<T>,
) -> Items<T> {
    let before = reader.errors();
    let nodes = fields.get(key).map_or(&[][..], |node| reader.list(node));
    let items = nodes.iter().filter_map(|node| read(reader, node)).collect();
    let whole = reader.errors() == before && !fields.probably_has(key);
    Items { items, whole }
}

/// The id of every rule that has one, whatever else is wrong with it, and whether all have.
fn rule_ids(fields: &Fields<'_>) -> (Vec<Name>, bool) {
    let rules = match fields.get("rules").map(|node| &node.value) {
        Some(Content::List(rules)) => rules.as_slice(),
        Some(Content::Null | Content::Scalar { .. } | Content::Map(_)) => return (vec![], false),
        None => return (vec![], !fields.probably_has("rules")),
    };
    let ids: Vec<Name> = rules.iter().filter_map(rule_id).collect();
    let known = ids.len() == rules.len();
    (ids, known)
}

fn rule_id(rule: &Node) -> Option<Name> {
    let Content::Map(pairs) = &rule.value else {
        return None;
    };
    let is_id = |key: &Node| matches!(&key.value, Content::Scalar { text, .. } if text == "id");
    let (_, node) = pairs.iter().find(|(key, _)| is_id(key))?;
    let Content::Scalar { text, .. } = &node.value else {
        return None;
    };
    Some(Spanned {
        value: text.clone(),
        span: node.span.clone(),
    })
}

fn header(reader: &mut Reader<'_>, node: Option<&Node>) -> Header {
    let before = reader.errors();
    let mut header = Header {
        id: None,
        version: String::new(),
        category: None,
        whole: false,
        title: Bilingual::default(),
        maps_to: Vec::new(),
    };
    let Some(fields) = node.and_then(|node| reader.fields(node, &shape::HEADER)) else {
        return header;
    };
    header.id = fields.get("id").and_then(|node| reader.name(node, &['.']));
    if let Some(node) = fields.get("version") {
        header.version = version(reader, node).unwrap_or_default();
    }
    header.category = fields
        .get("category")
        .and_then(|node| reader.name(node, &['.']));
    if let Some(node) = fields.get("title") {
        header.title = reader.bilingual(node).unwrap_or_default();
    }
    for key in ["about", "owner"] {
        fields.get(key).map(|node| reader.text(node));
    }
    if let Some(node) = fields.get("maps_to") {
        header.maps_to = maps_to(reader, node);
    }
    header.whole = reader.errors() == before;
    header
}

fn version(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let text = reader.text(node)?;
    let parts: Vec<_> = text.value.split('.').collect();
    let number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if parts.len() == 3 && parts.iter().all(number) {
        return Some(text.value);
    }
    let message = format!("`{}` is not a version", text.value);
    reader.report(Code::BadVersion, &text.span, message).help =
        Some("write MAJOR.MINOR.PATCH, for instance 1.0.0".to_owned());
    None
}

fn maps_to(reader: &mut Reader<'_>, node: &Node) -> Vec<(&'static str, Vec<&'static str>)> {
    let Some(fields) = reader.fields(node, &shape::MAPS_TO) else {
        return Vec::new();
    };
    let mut maps = Vec::new();
    for key in shape::MAPS_TO.keys {
        let Some(node) = fields.get(key.name) else {
            continue;
        };
        let (shape::Takes::Word(known) | shape::Takes::OneOrMore(shape::Takes::Word(known))) =
            &key.takes
        else {
            continue;
        };
        let nodes = reader.one_or_more(node);
        let words = nodes
            .iter()
            .filter_map(|node| reader.word(node, known))
            .collect();
        maps.push((key.name, words));
    }
    maps
}

fn signal(reader: &mut Reader<'_>, name: Name, node: &Node) -> Signal {
    reader.check_name(&name, &[]);
    if name.value == "target" {
        reader
            .report(
                Code::ReservedName,
                &name.span,
                "`target` can't be a signal's name",
            )
            .help = Some("it stands for: the post names or answers somebody".to_owned());
    }
    let mut signal = Signal {
        name,
        kind: None,
        view: None,
        evidence: None,
        except: Vec::new(),
    };
    let Some(fields) = reader.fields(node, &shape::SIGNAL) else {
        return signal;
    };
    fields.get("about").map(|node| reader.text(node));
    signal.view = fields.get("view").and_then(|node| {
        let value = reader.word(node, shape::VIEWS)?;
        let span = node.span.clone();
        Some(Spanned { value, span })
    });
    signal.evidence = fields
        .get("evidence")
        .and_then(|node| reader.name(node, &[]))
        .map(|name| name.value);
    signal.except = items(reader, &fields, "except", exception).items;
    signal.kind = kind(reader, &fields);
    signal
}

fn kind(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Kind> {
    if let Some(node) = fields.get("terms") {
        return terms(reader, node);
    }
    if let Some(node) = fields.get("regex") {
        let nodes = reader.one_or_more(node);
        return Some(Kind::Regex(
            nodes.iter().filter_map(|node| reader.text(node)).collect(),
        ));
    }
    if let Some(node) = fields.get("detect") {
        return detect(reader, node);
    }
    if let Some(node) = fields.get("any_of") {
        reader.list(node);
        return Some(Kind::AnyOf(reader.names(node)));
    }
    fields
        .get("near")
        .and_then(|node| near(reader, node))
        .map(Kind::Near)
}

fn terms(reader: &mut Reader<'_>, node: &Node) -> Option<Kind> {
    let fields = reader.fields(node, &shape::TERMS)?;
    let mut lists = Vec::new();
    for (key, language) in [
        ("en", Some(Language::En)),
        ("fr", Some(Language::Fr)),
        ("any", None),
    ] {
        let Some(node) = fields.get(key) else {
            continue;
        };
        let nodes = reader.list(node);
        lists.push((
            language,
            nodes.iter().filter_map(|node| reader.text(node)).collect(),
        ));
    }
    Some(Kind::Terms {
        span: node.span.clone(),
        lists,
    })
}

fn detect(reader: &mut Reader<'_>, node: &Node) -> Option<Kind> {
    if matches!(node.value, Content::Scalar { .. } | Content::Null) {
        return Some(Kind::Detect {
            name: reader.text(node)?,
            arguments: Vec::new(),
        });
    }
    let named = reader.named(node);
    if let Some((second, _)) = named.get(1) {
        reader
            .report(
                Code::ConflictingKeys,
                &second.span,
                "one signal runs one detector",
            )
            .help = Some("combine several signals with `any_of`".to_owned());
    }
    let (name, node) = named.into_iter().next()?;
    let mut arguments = Vec::new();
    for (parameter, value) in reader.named(node) {
        let is_list = matches!(value.value, Content::List(_));
        let nodes = reader.one_or_more(value);
        let words = nodes.iter().filter_map(|node| reader.text(node)).collect();
        arguments.push((
            parameter,
            Argument {
                span: value.span.clone(),
                words,
                is_list,
            },
        ));
    }
    Some(Kind::Detect { name, arguments })
}

fn near(reader: &mut Reader<'_>, node: &Node) -> Option<Near> {
    let fields = reader.fields(node, &shape::NEAR)?;
    let of = fields.get("of").map(|node| {
        reader.list(node);
        reader.names(node)
    });
    let within = fields
        .get("within")
        .and_then(|node| reader.integer(node, 0, 50));
    let covers = fields
        .get("span")
        .and_then(|node| reader.integer(node, 1, 200));
    let ordered = fields
        .get("ordered")
        .and_then(|node| reader.flag(node))
        .unwrap_or(false);
    let same = fields
        .get("same")
        .and_then(|node| reader.word(node, &["sentence"]));
    Some(Near {
        span: node.span.clone(),
        of: of.unwrap_or_default(),
        within: within.map_or(0, |number| number.value),
        covers,
        ordered,
        same_sentence: same.is_some(),
    })
}

fn exception(reader: &mut Reader<'_>, node: &Node) -> Option<Except> {
    let fields = reader.fields(node, &shape::EXCEPT)?;
    let near = fields.get("near").and_then(|node| reader.text(node));
    let inside = fields.get("inside").and_then(|node| reader.text(node));
    let within = fields
        .get("within")
        .and_then(|node| reader.integer(node, 0, 50));
    let sides = &["before", "after", "either"];
    let side = fields.get("side").and_then(|node| reader.word(node, sides));
    let apart = fields
        .get("apart")
        .and_then(|node| reader.flag(node))
        .unwrap_or(false);
    let same = fields
        .get("same")
        .and_then(|node| reader.word(node, &["sentence"]));
    let unless = fields
        .get("unless")
        .map(|node| reader.names(node))
        .unwrap_or_default();
    let keep = fields
        .get("keep")
        .and_then(|node| reader.percentage(node))
        .unwrap_or(0);
    let place = match (near, inside) {
        (Some(signal), _) => {
            if within.is_none() && fields.get("within").is_none() {
                let message = "an exception with `near` says `within` how many words";
                reader.report(Code::MissingKey, &signal.span, message).help =
                    Some("add for instance `within: 5`".to_owned());
            }
            let side = side.unwrap_or("either");
            let within = within.map_or(0, |number| number.value);
            Place::Near {
                signal,
                within,
                side,
                apart,
                same_sentence: same.is_some(),
            }
        }
        (None, Some(signal)) => {
            for key in ["within", "side", "apart", "same"] {
                if let Some(node) = fields.get(key) {
                    let message = format!("`{key}` belongs to `near`, not to `inside`");
                    reader
                        .report(Code::ConflictingKeys, &node.span, message)
                        .help = Some("drop it: a span is inside another or it isn't".to_owned());
                }
            }
            Place::Inside(signal)
        }
        (None, None) => return None,
    };
    Some(Except {
        place,
        unless,
        keep,
    })
}

/// A rule. What of it can't be read stands as nothing, so that the rest is still checked.
fn rule(reader: &mut Reader<'_>, node: &Node) -> Option<Rule> {
    let fields = reader.fields(node, &shape::RULE)?;
    let id = fields.get("id").and_then(|node| reader.name(node, &['.']));
    let level = fields
        .get("level")
        .and_then(|node| reader.integer(node, 1, 4));
    let mode = fields
        .get("mode")
        .and_then(|node| reader.word(node, Mode::NAMES));
    let when = fields
        .get("when")
        .and_then(|node| condition(reader, node, 0));
    let points = fields
        .get("points")
        .and_then(|node| reader.integer(node, 1, POINTS_MAX));
    let boosts = items(reader, &fields, "boost", boost).items;
    let because = fields
        .get("because")
        .and_then(|node| reader.bilingual(node));
    Some(Rule {
        id: id.unwrap_or_else(|| in_place_of(String::new(), node)),
        level: level.map_or(1, |number| u8::try_from(number.value).unwrap_or(1)),
        mode: match mode {
            Some("shadow") => Mode::Shadow,
            Some(_) | None => Mode::Live,
        },
        when: when.unwrap_or_else(|| nothing(node)),
        points: points.unwrap_or_else(|| in_place_of(1, node)),
        boosts,
        because: because.unwrap_or_else(Bilingual::default),
    })
}

fn boost(reader: &mut Reader<'_>, node: &Node) -> Option<Boost> {
    let fields = reader.fields(node, &shape::BOOST)?;
    let condition = fields
        .get("if")
        .and_then(|node| condition_item(reader, node, 0));
    let points = fields
        .get("points")
        .and_then(|node| reader.integer(node, 1, POINTS_MAX));
    Some(Boost {
        condition: condition.unwrap_or_else(|| nothing(node)),
        points: points.unwrap_or_else(|| in_place_of(1, node)),
    })
}

fn in_place_of<T>(value: T, node: &Node) -> Spanned<T> {
    let span = node.span.clone();
    Spanned { value, span }
}

fn nothing(node: &Node) -> Condition {
    Condition {
        span: node.span.clone(),
        parts: Vec::new(),
    }
}

/// An item of a condition list: a name, or a condition.
fn condition_item(reader: &mut Reader<'_>, node: &Node, depth: usize) -> Option<Condition> {
    match &node.value {
        Content::Map(_) => condition(reader, node, depth + 1),
        Content::Null | Content::Scalar { .. } | Content::List(_) => {
            let name = reader.text(node)?;
            Some(Condition {
                span: node.span.clone(),
                parts: vec![Part::Signal(name)],
            })
        }
    }
}

fn condition(reader: &mut Reader<'_>, node: &Node, depth: usize) -> Option<Condition> {
    if depth > CONDITION_DEPTH_MAX {
        let message = format!("conditions nest more than {CONDITION_DEPTH_MAX} levels deep");
        reader
            .report(Code::ConditionTooDeep, &node.span, message)
            .help = Some("give the inner part a name: a signal with `any_of` or `near`".to_owned());
        return None;
    }
    if matches!(&node.value, Content::Map(pairs) if pairs.is_empty()) {
        reader
            .report(
                Code::EmptyRule,
                &node.span,
                "this condition is empty: it always holds",
            )
            .help = Some("name at least one signal, in `all` or `any`".to_owned());
        return None;
    }
    let fields = reader.fields(node, &shape::CONDITION)?;
    let kinds: [Listed<Condition, Part>; 3] =
        [("all", Part::All), ("any", Part::Any), ("none", Part::None)];
    let mut parts = listed(reader, &fields, kinds, |reader, node| {
        condition_item(reader, node, depth)
    });
    facts(reader, &fields, &mut parts);
    Some(Condition {
        span: node.span.clone(),
        parts,
    })
}

/// A word before a list, and the part of a condition that the list becomes.
type Listed<T, P> = (&'static str, fn(Vec<T>) -> P);

/// The lists that a condition is made of. An empty one was told, and is no part.
fn listed<T, P>(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    kinds: [Listed<T, P>; 3],
    item: impl Fn(&mut Reader<'_>, &Node) -> Option<T>,
) -> Vec<P> {
    let mut parts = Vec::new();
    for (key, part) in kinds {
        let Some(node) = fields.get(key) else {
            continue;
        };
        let nodes = reader.list(node);
        let items: Vec<_> = nodes.iter().filter_map(|node| item(reader, node)).collect();
        if !items.is_empty() {
            parts.push(part(items));
        }
    }
    parts
}

/// The keys of a condition that speak of the post itself.
fn facts(reader: &mut Reader<'_>, fields: &Fields<'_>, parts: &mut Vec<Part>) {
    if let Some(node) = fields.get("attrs") {
        for (name, node) in reader.named(node) {
            let compared = reader.comparison(node);
            parts.extend(compared.map(|comparison| Part::Attribute(name, comparison)));
        }
    }
    if let Some(node) = fields.get("count") {
        for (name, node) in reader.named(node) {
            let compared = reader.counting(node);
            parts.extend(compared.map(|comparison| Part::Count(name, comparison)));
        }
    }
    if let Some(node) = fields.get("lang") {
        let nodes = reader.one_or_more(node);
        let words = nodes
            .iter()
            .filter_map(|node| reader.word(node, &["en", "fr"]));
        parts.push(Part::Language(words.filter_map(Language::of_tag).collect()));
    }
    if let Some(node) = fields.get("length") {
        parts.extend(reader.counting(node).map(Part::Length));
    }
}

fn threshold(reader: &mut Reader<'_>, node: &Node) -> Option<Threshold> {
    let fields = reader.fields(node, &shape::THRESHOLD)?;
    let at = fields
        .get("at")
        .and_then(|node| reader.integer(node, 1, POINTS_MAX));
    let action = fields.get("do").and_then(|node| action(reader, node));
    Some(Threshold {
        at: at?,
        action: action?,
    })
}

fn action(reader: &mut Reader<'_>, node: &Node) -> Option<Spanned<Action>> {
    let words = Action::ALL.map(Action::name);
    let known = words.iter().copied().skip(1).collect::<Vec<_>>();
    let value = Action::named(reader.word(node, &known)?)?;
    Some(Spanned {
        value,
        span: node.span.clone(),
    })
}
