//! What a policy remembers, measures and climbs.

use super::{Fields, Listed, action, in_place_of, items, listed, stories};
use crate::diagnostics::Code;
use crate::limits::{
    CONDITION_DEPTH_MAX, MEASURED_MAX, POINTS_MAX, SIGNATURES_MAX, WINDOW_HOURS_MAX,
};
use crate::model::{Action, Bilingual, Comparison, Operator, Quantity, Span, SubjectKind};
use crate::policy::ladder::Counted;
use crate::policy::reader::Reader;
use crate::policy::shape::ladders as shape;
use crate::policy::written::Items;
use crate::policy::written::Name;
use crate::policy::written::ladders::{
    Escalation, Finding, Hit, HitOf, Ladder, Leave, Measure, MeasureBy, Part, Requirement, Rung,
    Story,
};
use crate::policy::yaml::{Content, Node, Spanned};

const SECTIONS: [&str; 5] = ["hits", "counters", "trends", "sequences", "ladders"];

/// What a file says about state; its stories were read with its tests.
pub(super) fn escalation(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    stories: Items<Story>,
) -> Escalation {
    let before = reader.errors();
    let hits = section(reader, fields, "hits", hit);
    let mut measures = section(reader, fields, "counters", counter);
    measures.extend(section(reader, fields, "trends", trend));
    measures.extend(section(reader, fields, "sequences", sequence));
    let ladders = section(reader, fields, "ladders", ladder);
    let is_known = |key: &str| match fields.get(key) {
        Some(node) => matches!(node.value, Content::Map(_)),
        None => !fields.probably_has(key),
    };
    let names_known = SECTIONS.iter().all(|key| is_known(key));
    Escalation {
        hits,
        measures,
        ladders,
        stories,
        names_known,
        whole: names_known && reader.errors() == before,
    }
}

fn section<T>(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    read: fn(&mut Reader<'_>, Name, &Node) -> T,
) -> Vec<T> {
    let named = fields.get(key).map(|node| reader.named(node));
    let named = named.into_iter().flatten();
    named
        .map(|(name, node)| {
            reader.check_name(&name, &[]);
            read(reader, name, node)
        })
        .collect()
}

fn hit(reader: &mut Reader<'_>, name: Name, node: &Node) -> Hit {
    let fields = reader.fields(node, &shape::HIT);
    let from_thread = fields
        .as_ref()
        .and_then(|fields| window(reader, fields, "from_thread"));
    Hit {
        name,
        of: fields.and_then(|fields| hit_of(reader, &fields, node)),
        from_thread: from_thread.map(|span| span.value),
    }
}

fn hit_of(reader: &mut Reader<'_>, fields: &Fields<'_>, node: &Node) -> Option<HitOf> {
    if let Some(node) = fields.get("ladder") {
        let ladder = reader.text(node);
        for key in ["points", "action", "from_thread"] {
            if let Some(node) = fields.get(key) {
                let message = format!("`{key}` belongs to a category or a rule, not to a ladder");
                reader.report(Code::ConflictingKeys, &node.span, message);
            }
        }
        let Some(rung) = fields.get("rung") else {
            reader
                .report(
                    Code::MissingKey,
                    &node.span,
                    "a hit of a ladder says which `rung`",
                )
                .help = Some("add the rung that a target must reach".to_owned());
            return None;
        };
        return Some(HitOf::Rung {
            ladder: ladder?,
            rung: reader.text(rung)?,
        });
    }
    if let Some(node) = fields.get("rung") {
        let message = "`rung` belongs to `ladder`";
        reader.report(Code::ConflictingKeys, &node.span, message);
    }
    let names = |reader: &mut Reader<'_>, key| {
        let names = fields.get(key).map(|node| reader.names(node));
        names.unwrap_or_default()
    };
    let (categories, rules) = (names(reader, "category"), names(reader, "rule"));
    let points = fields
        .get("points")
        .map(|node| reader.integer(node, 1, POINTS_MAX));
    let least = fields.get("action").map(|node| action(reader, node));
    if categories.is_empty() && rules.is_empty() {
        return None;
    }
    Some(HitOf::Decision {
        categories,
        rules,
        points: points.unwrap_or_else(|| Some(in_place_of(1, node)))?,
        action: least.unwrap_or_else(|| Some(in_place_of(Action::Allow, node)))?,
    })
}

/// What all measures have.
fn measure(
    reader: &mut Reader<'_>,
    name: Name,
    fields: Option<Fields<'_>>,
    by: fn(&mut Reader<'_>, &Fields<'_>) -> Option<MeasureBy>,
) -> Measure {
    if matches!(name.value.as_str(), "all" | "any" | "none") {
        let message = format!("`{}` can't be the name of a measure", name.value);
        reader.report(Code::ReservedName, &name.span, message).help =
            Some("it stands for a list of requirements".to_owned());
    }
    let say = fields.as_ref().and_then(|fields| fields.get("say"));
    Measure {
        name,
        say: say
            .and_then(|node| reader.bilingual(node))
            .unwrap_or_default(),
        by: fields.and_then(|fields| by(reader, &fields)),
    }
}

fn counter(reader: &mut Reader<'_>, name: Name, node: &Node) -> Measure {
    let fields = reader.fields(node, &shape::COUNTER);
    measure(reader, name, fields, |reader, fields| {
        let of = hits_of(reader, fields, "of");
        let within = window(reader, fields, "within");
        if fields.get("unanswered").is_some() {
            let after = window(reader, fields, "unanswered");
            return Some(MeasureBy::Unanswered {
                of: of?,
                after: after?,
                within: within?.value,
            });
        }
        let count = counted(reader, fields);
        Some(MeasureBy::Count {
            of: of?,
            count: count?,
            within: within?.value,
        })
    })
}

fn trend(reader: &mut Reader<'_>, name: Name, node: &Node) -> Measure {
    let fields = reader.fields(node, &shape::TREND);
    measure(reader, name, fields, |reader, fields| {
        let of = hits_of(reader, fields, "of");
        let count = counted(reader, fields);
        let within = window(reader, fields, "within");
        let against = window(reader, fields, "against");
        let factor = fields
            .get("factor")
            .and_then(|node| reader.decimal(node, 1, 1_000));
        let floor = fields
            .get("floor")
            .and_then(|node| reader.integer(node, 1, MEASURED_MAX));
        let holds = holds(reader, fields);
        Some(MeasureBy::Trend {
            of: of?,
            count: count?,
            within: within.as_ref()?.value,
            against: against?,
            factor: factor?,
            floor: floor?.value,
            holds: holds.unwrap_or(within?.value),
        })
    })
}

fn sequence(reader: &mut Reader<'_>, name: Name, node: &Node) -> Measure {
    let fields = reader.fields(node, &shape::SEQUENCE);
    measure(reader, name, fields, |reader, fields| {
        let first = hits_of(reader, fields, "first");
        let then = hits_of(reader, fields, "then");
        let within = window(reader, fields, "within");
        let authors = fields
            .get("authors")
            .map(|node| reader.integer(node, 1, MEASURED_MAX));
        let holds = holds(reader, fields);
        let within = within?.value;
        Some(MeasureBy::Sequence {
            first: first?,
            then: then?,
            within,
            authors: authors.map_or(Some(1), |number| number.map(|it| it.value))?,
            holds: holds.unwrap_or(within),
        })
    })
}

fn hits_of(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Option<Vec<Name>> {
    let names = reader.names(fields.get(key)?);
    (!names.is_empty()).then_some(names)
}

fn window(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Option<Spanned<Span>> {
    let node = fields.get(key)?;
    reader.window(node, WINDOW_HOURS_MAX)
}

fn holds(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Span> {
    let node = fields.get("holds")?;
    reader
        .duration(node, WINDOW_HOURS_MAX)
        .map(|holds| holds.value)
}

fn counted(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Counted> {
    let known = Counted::ALL.map(Counted::name);
    let word = reader.word(fields.get("count")?, &known)?;
    Counted::named(word)
}

fn ladder(reader: &mut Reader<'_>, name: Name, node: &Node) -> Ladder {
    let before = reader.errors();
    let mut ladder = Ladder {
        name,
        subject: None,
        title: Bilingual::default(),
        answered_within: None,
        rungs: Vec::new(),
        whole: false,
    };
    let Some(fields) = reader.fields(node, &shape::LADDER) else {
        return ladder;
    };
    let known = SubjectKind::ALL.map(SubjectKind::name);
    let subject = fields
        .get("subject")
        .and_then(|node| reader.word(node, &known));
    ladder.subject = subject.and_then(SubjectKind::named);
    if let Some(node) = fields.get("title") {
        ladder.title = reader.bilingual(node).unwrap_or_default();
    }
    ladder.answered_within = window(reader, &fields, "answered_within").map(|it| it.value);
    ladder.rungs = items(reader, &fields, "rungs", rung).items;
    ladder.whole = reader.errors() == before;
    ladder
}

fn rung(reader: &mut Reader<'_>, node: &Node) -> Option<Rung> {
    let fields = reader.fields(node, &shape::RUNG)?;
    let id = fields.get("id").and_then(|node| reader.name(node, &[]));
    if let Some(id) = id.as_ref().filter(|id| id.value == stories::NO_RUNG) {
        reader
            .report(
                Code::ReservedName,
                &id.span,
                "`none` can't be a rung's name",
            )
            .help = Some("it stands for: on no rung".to_owned());
    }
    let enter = fields
        .get("enter")
        .and_then(|node| requirement(reader, node, 0));
    let findings = items(reader, &fields, "findings", finding).items;
    let leave = fields.get("leave").and_then(|node| leave(reader, node));
    let action = fields.get("do").and_then(|node| reader.name(node, &['.']));
    let say = fields.get("say").and_then(|node| reader.bilingual(node));
    let signed_by = fields
        .get("signed_by")
        .and_then(|node| reader.integer(node, 0, SIGNATURES_MAX));
    Some(Rung {
        id: id?,
        enter,
        findings,
        leave: leave.unwrap_or_default(),
        action: action.map(|name| name.value).unwrap_or_default(),
        say: say.unwrap_or_default(),
        signed_by: signed_by.map_or(0, |number| number.value),
    })
}

fn finding(reader: &mut Reader<'_>, node: &Node) -> Option<Finding> {
    let fields = reader.fields(node, &shape::FINDING)?;
    let id = fields.get("id").and_then(|node| reader.name(node, &[]));
    let when = fields
        .get("when")
        .and_then(|node| requirement(reader, node, 0));
    let say = fields.get("say").and_then(|node| reader.bilingual(node));
    Some(Finding {
        id: id?,
        when: when?,
        say: say.unwrap_or_default(),
    })
}

fn leave(reader: &mut Reader<'_>, node: &Node) -> Option<Leave> {
    let fields = reader.fields(node, &shape::LEAVE)?;
    let by = fields
        .get("by")
        .and_then(|node| reader.word(node, &["person"]));
    Some(Leave {
        quiet: window(reader, &fields, "quiet"),
        by_person: by.is_some(),
    })
}

/// A measure's name, names with comparisons, or lists of such.
fn requirement(reader: &mut Reader<'_>, node: &Node, depth: usize) -> Option<Requirement> {
    if depth > CONDITION_DEPTH_MAX {
        let message = format!("requirements nest more than {CONDITION_DEPTH_MAX} levels deep");
        reader
            .report(Code::ConditionTooDeep, &node.span, message)
            .help = Some("split the rung, or tell its parts as findings".to_owned());
        return None;
    }
    let parts = match &node.value {
        Content::Map(pairs) if pairs.is_empty() => {
            let message = "this requirement is empty: it always holds";
            reader.report(Code::EmptyRule, &node.span, message).help =
                Some("name at least one counter, trend or sequence".to_owned());
            return None;
        }
        Content::Map(pairs) if pairs.iter().any(|(key, value)| is_list(key, value)) => {
            let fields = reader.fields(node, &shape::REQUIREMENT)?;
            let kinds: [Listed<Requirement, Part>; 3] =
                [("all", Part::All), ("any", Part::Any), ("none", Part::None)];
            listed(reader, &fields, kinds, |reader, node| {
                requirement(reader, node, depth + 1)
            })
        }
        Content::Map(_) => {
            let named = reader.named(node);
            let compared = named.into_iter().filter_map(|(name, node)| {
                let value = reader.counting(node)?;
                let span = node.span.clone();
                Some(Part::Measure(name, Spanned { value, span }))
            });
            compared.collect()
        }
        Content::Null | Content::Scalar { .. } | Content::List(_) => {
            let name = reader.text(node)?;
            let span = node.span.clone();
            let value = at_least_one();
            vec![Part::Measure(name, Spanned { value, span })]
        }
    };
    Some(Requirement { parts })
}

fn at_least_one() -> Comparison {
    Comparison {
        operator: Operator::AtLeast,
        with: Quantity::Number(1.0),
    }
}

/// Whether a pair is a list of requirements rather than a measure compared.
fn is_list(key: &Node, value: &Node) -> bool {
    let is_word = matches!(&key.value, Content::Scalar { text, .. }
        if matches!(text.as_str(), "all" | "any" | "none"));
    is_word || matches!(value.value, Content::List(_))
}
