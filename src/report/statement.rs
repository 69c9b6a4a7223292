//! Statements of reasons in prose: what happened and why, without a word that names anybody.

use super::Day;
use super::words::Speech;
use crate::limits::STATEMENT_FACTS_CHARS_MAX;
use crate::model::{Action, Case, Decision, Language, SubjectKind, Timestamp};
use crate::policy::{HitOf, KindId, Kinds, Pack, Policy};
use crate::wire::Measures;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What a statement is about.
#[derive(Clone, Debug)]
pub enum Occasion {
    /// A subject on a rung.
    Case(Box<Case>),
    /// A post.
    Decision(Box<Decision>),
}

impl Occasion {
    /// The measure that goes with what is advised; none where that restricts nobody.
    #[must_use]
    pub fn measures(&self) -> Measures {
        let mut measures = Measures::default();
        match self {
            Self::Decision(decision) => {
                measures.visibility = match decision.action {
                    Action::Hold => Some("DECISION_VISIBILITY_CONTENT_DISABLED".to_owned()),
                    Action::Remove => Some("DECISION_VISIBILITY_CONTENT_REMOVED".to_owned()),
                    Action::Allow | Action::Note | Action::Review => None,
                };
            }
            Self::Case(case) => match (case.subject.kind, case.rung.as_deref()) {
                (SubjectKind::Author, Some("restrict")) => {
                    measures.provision = Some("DECISION_PROVISION_PARTIAL_SUSPENSION".to_owned());
                }
                (SubjectKind::Author, Some("suspend")) => {
                    measures.account = Some("DECISION_ACCOUNT_SUSPENDED".to_owned());
                }
                (SubjectKind::Thread, Some("slow" | "lock")) => {
                    let restricted = "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED";
                    measures.visibility = Some(restricted.to_owned());
                }
                (SubjectKind::Community, Some("deplatform")) => {
                    measures.provision = Some("DECISION_PROVISION_TOTAL_TERMINATION".to_owned());
                }
                _ => {}
            },
        }
        measures
    }

    /// The day it is about, in event time.
    #[must_use]
    pub fn day(&self) -> Option<String> {
        let at = match self {
            Self::Case(case) => Some(case.since),
            Self::Decision(decision) => instant(decision),
        };
        Some(super::words::civil(at?).date().to_string())
    }

    /// How far machines decided. What a case advises is signed by people before anybody acts, so
    /// people decide. For a post the engine advises by thresholds that people set, and the platform
    /// acts on that: in part automated. A platform that lets nobody look says otherwise.
    #[must_use]
    pub const fn automated(&self) -> &'static str {
        match self {
            Self::Case(_) => "AUTOMATED_DECISION_NOT_AUTOMATED",
            Self::Decision(_) => "AUTOMATED_DECISION_PARTIALLY",
        }
    }

    /// What happened: kinds, counts and days, from the reasons that policies give.
    #[must_use]
    pub fn facts(&self, language: Language) -> String {
        let s = Speech(language);
        match self {
            Self::Case(case) => case_facts(case, s),
            Self::Decision(decision) => decision_facts(decision, s),
        }
    }

    /// Why it falls short of the platform's terms, from the same reasons.
    #[must_use]
    pub fn explanation(&self, language: Language) -> String {
        let s = Speech(language);
        let reasons: Vec<String> = match self {
            Self::Decision(decision) => decision
                .reasons
                .iter()
                .map(|reason| s.of(&reason.because))
                .collect(),
            Self::Case(case) => {
                let met = case.findings.iter().filter(|finding| finding.met);
                let met: Vec<String> = met.map(|finding| s.of(&finding.say)).collect();
                let latest = case.history.last().map(|step| s.of(&step.because));
                latest.into_iter().chain(met).collect()
            }
        };
        reasons.join(" ")
    }

    /// Whether an id of a post, account or person stands in a text: a statement names nobody. Ids of
    /// one or two characters stand everywhere, and name nobody.
    #[must_use]
    pub fn is_named_in(&self, text: &str) -> bool {
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let stands = |id: &&str| {
            text.match_indices(*id).any(|(at, _)| {
                let before = text.get(..at).and_then(|it| it.chars().next_back());
                let after = text.get(at + id.len()..).and_then(|it| it.chars().next());
                !before.is_some_and(is_word) && !after.is_some_and(is_word)
            })
        };
        let ids = self.ids().into_iter();
        ids.filter(|id| id.chars().count() > 2)
            .any(|id| stands(&id))
    }

    fn ids(&self) -> Vec<&str> {
        match self {
            Self::Decision(decision) => {
                let targets = decision.targets.iter().map(String::as_str);
                targets.chain([decision.post.as_str()]).collect()
            }
            Self::Case(case) => {
                let steps = case.history.iter().map(|step| &step.evidence);
                let findings = case.findings.iter().map(|finding| &finding.evidence);
                let posts = steps.chain(findings).flatten().map(|post| &**post);
                posts.chain([&*case.subject.id]).collect()
            }
        }
    }
    /// Categories of the EU's database that policies map this to, sorted, and the keywords of the
    /// first policy. Several: a person must choose.
    #[must_use]
    pub fn mapped(&self, pack: &Pack) -> (Vec<&'static str>, Vec<&'static str>) {
        let policies = match self {
            Self::Decision(decision) => strongest(decision, pack).into_iter().collect(),
            Self::Case(case) => counted(case, pack),
        };
        let of = |key: &str| -> Vec<&'static str> {
            let maps_to = policies.iter().flat_map(|policy| &policy.maps_to);
            let named = maps_to.filter(|(name, _)| *name == key);
            named.flat_map(|(_, codes)| codes).copied().collect()
        };
        let categories: BTreeSet<&str> = of("dsa").into_iter().collect();
        let keywords = match policies.len() {
            1 => of("dsa_keyword"),
            _ => Vec::new(),
        };
        (categories.into_iter().collect(), keywords)
    }
}

/// The policy of the rule that gave most points in the category that has most.
fn strongest<'p>(decision: &Decision, pack: &'p Pack) -> Option<&'p Policy> {
    let most = decision
        .categories
        .iter()
        .max_by_key(|(_, points)| **points);
    let (category, _) = most?;
    let reasons = decision.reasons.iter();
    let reasons = reasons.filter(|reason| reason.category == *category);
    let strongest = reasons.max_by_key(|reason| reason.points)?;
    let gave = |policy: &&Policy| policy.rules.iter().any(|rule| rule.id == strongest.rule);
    pack.policies.iter().find(gave)
}

/// The policies whose finds the rung of a case counts.
fn counted<'p>(case: &Case, pack: &'p Pack) -> Vec<&'p Policy> {
    let escalation = &pack.escalation;
    let ladders = escalation.ladders.iter();
    let rungs = ladders.filter(|ladder| ladder.name == case.ladder);
    let rungs = rungs.flat_map(|ladder| &ladder.rungs);
    let mut measures = Vec::new();
    for rung in rungs.filter(|rung| Some(&rung.name) == case.rung.as_ref()) {
        let findings = rung.findings.iter().map(|finding| &finding.when);
        for requirement in rung.enter.iter().chain(findings) {
            requirement.measures(&mut |id| measures.push(id));
        }
    }
    let measures = measures
        .iter()
        .filter_map(|id| escalation.measures.get(id.0));
    let counted = measures.fold(Kinds::default(), |all, it| all.and(it.by.kinds()));
    let of = escalation.kinds.iter().enumerate();
    let of: Vec<&HitOf> = of
        .filter(|(at, _)| counted.has(KindId(*at)))
        .map(|(_, kind)| &kind.of)
        .collect();
    let is_counted = |policy: &&Policy| {
        of.iter().any(|of| match of {
            HitOf::Decision {
                categories, rules, ..
            } => {
                let has = |category| categories.contains(category);
                policy.category.as_ref().is_some_and(has)
                    || policy.rules.iter().any(|rule| rules.contains(&rule.id))
            }
            HitOf::Rung { .. } => false,
        })
    };
    pack.policies.iter().filter(is_counted).collect()
}

fn instant(decision: &Decision) -> Option<Timestamp> {
    Timestamp::parse(decision.at.as_deref()?)
}

fn decision_facts(decision: &Decision, s: Speech) -> String {
    let mut facts = match instant(decision).map(|at| s.day(Day::of(at))) {
        Some(day) => s.say(
            &format!("A text published on {day} was judged by written rules."),
            &format!("Un texte publié le {day} a été jugé selon des règles écrites."),
        ),
        None => s.say(
            "A text was judged by written rules.",
            "Un texte a été jugé selon des règles écrites.",
        ),
    };
    for reason in &decision.reasons {
        let _ = write!(facts, " {}", s.of(&reason.because));
    }
    let points = decision.categories.iter().map(|(category, points)| {
        let name = s.category(category);
        s.say(&format!("{name}: {points}"), &format!("{name} : {points}"))
    });
    let points = points.collect::<Vec<_>>().join(", ");
    let action = s.action(decision.action).to_lowercase();
    let policy = &decision.policy;
    facts += &s.say(
        &format!(
            " Points of 100, which are weights of rules and not a probability: {points}. \
             Advised by the rules: {action}. Policies: {policy}."
        ),
        &format!(
            " Points sur 100, qui sont des poids de règles et non une probabilité : {points}. \
             Mesure conseillée par les règles : {action}. Politiques : {policy}."
        ),
    );
    cut(facts)
}

fn case_facts(case: &Case, s: Speech) -> String {
    let subject = match case.subject.kind {
        SubjectKind::Author => s.say("The posts of an account", "Les messages d'un compte"),
        SubjectKind::Thread => s.say("The posts of a thread", "Les messages d'un fil"),
        SubjectKind::Community => {
            s.say("The posts of a community", "Les messages d'une communauté")
        }
        SubjectKind::Target => s.say(
            "The posts aimed at a person",
            "Les messages visant une personne",
        ),
    };
    let mut facts = s.say(
        &format!("{subject} were judged by written rules, and what these found was counted over time."),
        &format!("{subject} ont été jugés selon des règles écrites, et ce qu'elles ont trouvé a été compté dans le temps."),
    );
    let findings = case.findings.iter().map(|finding| {
        let say = s.of(&finding.say);
        match finding.met {
            true => s.say(&format!(" Met: {say}"), &format!(" Établi : {say}")),
            false => s.say(&format!(" Not met: {say}"), &format!(" Non établi : {say}")),
        }
    });
    let findings: String = findings.collect();
    // The latest steps count most: earlier ones are left out when they don't fit.
    let mut steps = String::new();
    let room =
        STATEMENT_FACTS_CHARS_MAX.saturating_sub(facts.chars().count() + findings.chars().count());
    for step in case.history.iter().rev() {
        let (day, because) = (s.day(Day::of(step.at)), s.of(&step.because));
        let told = s.say(
            &format!(" {day}: {because}"),
            &format!(" {day} : {because}"),
        );
        if steps.chars().count() + told.chars().count() > room {
            break;
        }
        steps.insert_str(0, &told);
    }
    facts += &steps;
    facts += &findings;
    cut(facts)
}

fn cut(text: String) -> String {
    match text.char_indices().nth(STATEMENT_FACTS_CHARS_MAX - 1) {
        Some((at, _)) if text.chars().nth(STATEMENT_FACTS_CHARS_MAX).is_some() => {
            text.get(..at).unwrap_or_default().to_owned() + "…"
        }
        _ => text,
    }
}
