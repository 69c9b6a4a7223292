//! `vigie statement`
#![expect(clippy::disallowed_methods, reason = "reads a file")]

use super::options::{Format, Policies};
use super::terminal::say;
use super::{Ending, Failure, policies};
use crate::limits::LINE_BYTES_MAX;
use crate::model::{Case, Language, SubjectKind};
use crate::policy::{Pack, hex};
use crate::report::{Occasion, letter};
use crate::wire::{
    ACCOUNTS, AUTOMATED_DECISIONS, Ground, Measures, PROVISIONS, Statement, VISIBILITIES,
    case_from_json, decision_from_json, write_statement,
};
use clap::{Args, ValueEnum};
use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// Write a case or a decision as a statement of reasons, in the shape of the EU's transparency
/// database
///
/// What only the platform knows is asked for: which clause was broken, who told it, which day. No
/// text of a post, no id of a post, account or person stands in the statement; `puid` is a digest
/// of the line.
#[derive(Debug, Args)]
#[command(
    after_help = "A statement is due to whom something was restricted: for a post (--post), and for \
the case of an author, a thread or a community. `restrict`, `suspend`, `slow`, `lock` and `deplatform` \
have a measure of their own; for every other rung, `concern` and `failing` of a community too, say what \
was done with --visibility, --account or --provision. A target is the person harmed: nothing of theirs \
is restricted, so there is none.

Example:
  vigie statement cases.ndjson --case author/u7 --source voluntary --terms 'Terms 4.2'
  vigie statement cases.ndjson --case community/c1 --provision PARTIAL_SUSPENSION \\
    --until 2026-06-01 --source voluntary --terms 'Hosting terms 7'"
)]
pub(super) struct StatementOf {
    /// Lines as `vigie audit` and `vigie scan` write them; `-` is stdin
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// Of all lines, the case of this subject
    #[arg(long, value_name = "KIND/ID", conflicts_with = "post")]
    case: Option<String>,
    /// Of the cases of that subject, the one on this ladder
    #[arg(long, value_name = "NAME", requires = "case")]
    ladder: Option<String>,
    /// Of all lines, the decision about this post
    #[arg(long, value_name = "ID")]
    post: Option<String>,
    #[command(flatten)]
    policies: Policies,
    /// The language of what people read
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    lang: Tongue,
    /// `json`: for the database; `text`: a letter to whom it concerns, with the ways to object
    #[arg(long, default_value = "json")]
    format: Format,
    /// Where complaints go: an address or a page; asked for by `--format text`
    #[arg(long, value_name = "TEXT")]
    contact: Option<String>,
    #[command(flatten)]
    told: ByPlatform,
}

/// What only the platform knows, or knows better.
#[derive(Debug, Args)]
struct ByPlatform {
    /// Who told the platform
    #[arg(long, value_name = "WHO")]
    source: Option<ToldBy>,
    /// What was broken
    #[arg(long, value_name = "GROUND", default_value = "incompatible")]
    ground: GroundOf,
    /// The clause of the platform's terms
    #[arg(long, value_name = "CLAUSE", conflicts_with = "legal_ground")]
    terms: Option<String>,
    /// The law, with `--ground illegal`
    #[arg(long, value_name = "LAW")]
    legal_ground: Option<String>,
    /// Why the content falls under it [default: the reasons of the case or decision]
    #[arg(long, value_name = "TEXT")]
    explanation: Option<String>,
    /// What happened [default: the reasons of the case or decision, with their days]
    #[arg(long, value_name = "TEXT")]
    facts: Option<String>,
    /// `STATEMENT_CATEGORY_…` [default: what the policies say under `maps_to`]
    #[arg(long, value_name = "CODE")]
    category: Option<String>,
    /// `KEYWORD_…`; may be repeated [default: what the policies say under `maps_to`]
    #[arg(long, value_name = "CODE")]
    keyword: Vec<String>,
    /// What was done about content: `DISABLED`, `REMOVED` … [default: by action or rung]
    #[arg(long, value_name = "CODE")]
    visibility: Option<String>,
    /// What was done about the account: `SUSPENDED`, `TERMINATED` [default: by rung]
    #[arg(long, value_name = "CODE")]
    account: Option<String>,
    /// What was done about the service: `TOTAL_TERMINATION` … [default: by rung]
    #[arg(long, value_name = "CODE")]
    provision: Option<String>,
    /// The day the content was published [default: the day of the event]
    #[arg(long, value_name = "DAY")]
    content_date: Option<String>,
    /// The day the measure was taken [default: the day of the event]
    #[arg(long, value_name = "DAY")]
    applied: Option<String>,
    /// The last day of the measure [default: no end is set]
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// A country where the measure holds: `FR`; may be repeated [default: not told]
    #[arg(long, value_name = "COUNTRY")]
    territory: Vec<String>,
    /// How far machines decided: `FULLY`, `PARTIALLY`, `NOT_AUTOMATED` [default: cases are decided
    /// by the people who sign them; for posts, rules advise and people answer for them: PARTIALLY]
    #[arg(long, value_name = "CODE")]
    automated: Option<String>,
    /// The platform's unique name of the statement [default: a digest of the line]
    #[arg(long, value_name = "NAME")]
    puid: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Tongue {
    /// English
    En,
    /// French
    Fr,
}

impl Tongue {
    fn language(self) -> Language {
        match self {
            Self::En => Language::En,
            Self::Fr => Language::Fr,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum GroundOf {
    /// The platform's terms
    Incompatible,
    /// The law
    Illegal,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ToldBy {
    /// Nobody: its own initiative
    Voluntary,
    /// A notice under Article 16
    #[value(name = "article16")]
    Article16,
    /// A trusted flagger
    TrustedFlagger,
    /// Somebody else
    Other,
}

impl ToldBy {
    fn code(self) -> &'static str {
        match self {
            Self::Article16 => "SOURCE_ARTICLE_16",
            Self::TrustedFlagger => "SOURCE_TRUSTED_FLAGGER",
            Self::Other => "SOURCE_TYPE_OTHER_NOTIFICATION",
            Self::Voluntary => "SOURCE_VOLUNTARY",
        }
    }
}

impl StatementOf {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        let (line, occasion) = self.find()?;
        if let Occasion::Case(case) = &occasion
            && case.subject.kind == SubjectKind::Target
        {
            return Err(Failure::Usage(for_target(case)));
        }
        let language = self.lang.language();
        let mut mistakes = Vec::new();
        let pack = policies::pack(&self.policies)?;
        let statement = self
            .told
            .statement(&occasion, &line, &pack, language, &mut mistakes);
        if mistakes.is_empty() {
            let refused = statement.refused().into_iter();
            mistakes.extend(refused.map(|it| format!("`{}`: {}", it.field, it.why)));
            mistakes.extend(names_anybody(&statement, &occasion));
        }
        let contact = self.contact.as_deref().unwrap_or_default();
        if self.format == Format::Text && contact.trim().is_empty() {
            mistakes.push("where do complaints go? Say it with --contact".to_owned());
        }
        if !mistakes.is_empty() {
            return Err(Failure::Usage(format!(
                "this is no statement yet:\n  {}",
                mistakes.join("\n  ")
            )));
        }
        match self.format {
            Format::Text => write!(out, "{}", letter(&statement, contact, language))?,
            Format::Json => {
                let mut json = Vec::new();
                write_statement(&statement, &mut json);
                json.push(b'\n');
                out.write_all(&json)?;
            }
        }
        if self.told.facts.is_some() || self.told.explanation.is_some() {
            say("what you wrote yourself stands there as it is: it must name nobody");
        }
        Ok(Ending::Fine)
    }

    /// The line that is meant, and what it tells.
    fn find(&self) -> Result<(String, Occasion), Failure> {
        let mut found = Vec::new();
        for (at, line) in lines(&self.file)?.enumerate() {
            let line = line.map_err(|source| failure(&self.file, source))?;
            if line.trim().is_empty() {
                continue;
            }
            if let Some(occasion) = self.read(&line).map_err(|wrong| {
                Failure::Usage(format!(
                    "`{}`: {wrong} (line {})",
                    self.file.display(),
                    at + 1
                ))
            })? {
                found.push((line, occasion));
            }
        }
        let of = self.file.display();
        let mut found = found.into_iter();
        match (found.next(), found.len()) {
            (Some(it), 0) => Ok(it),
            (None, _) => Err(Failure::Usage(format!("there is no such line in `{of}`"))),
            (Some(_), more) => Err(Failure::Usage(format!(
                "{} lines of `{of}` fit: say which with --case KIND/ID, --ladder or --post",
                more + 1
            ))),
        }
    }

    /// What the line tells, when it is one that is asked for.
    fn read(&self, line: &str) -> Result<Option<Occasion>, String> {
        /// Tells the two apart.
        #[derive(Deserialize)]
        struct Peek {
            subject: Option<IgnoredAny>,
        }
        let peek: Peek = serde_json::from_str(line).map_err(|_| "this is not JSON")?;
        if peek.subject.is_some() {
            let case = case_from_json(line).map_err(|error| error.to_string())?;
            let subject = case.subject.to_string();
            let is_asked = self.post.is_none()
                && self.case.as_ref().is_none_or(|asked| *asked == subject)
                && self
                    .ladder
                    .as_ref()
                    .is_none_or(|asked| **asked == *case.ladder);
            return Ok(is_asked.then(|| Occasion::Case(Box::new(case))));
        }
        let decision = decision_from_json(line).ok_or("this is neither a case nor a decision")?;
        let is_asked = self.case.is_none()
            && self
                .post
                .as_ref()
                .is_none_or(|asked| *asked == decision.post);
        Ok(is_asked.then(|| Occasion::Decision(Box::new(decision))))
    }
}

/// Why there is no statement for a target, and what there is one for.
fn for_target(case: &Case) -> String {
    let steps = case.history.iter().flat_map(|step| &step.evidence);
    let posts: BTreeSet<&str> = steps.map(|post| &**post).collect();
    let shown: Vec<&str> = posts.iter().copied().take(POSTS_SHOWN_MAX).collect();
    let posts = match shown.is_empty() {
        true => String::new(),
        false => format!(", among them: --post {}", shown.join(", --post ")),
    };
    format!(
        "this case is about the person harmed, of whom nothing is restricted: no statement is due. \
         Write them for what was done about the accounts, the threads or the posts that the case \
         rests on{posts}"
    )
}

/// Posts that a case rests on, shown where they are asked for instead.
const POSTS_SHOWN_MAX: usize = 5;

fn lines(path: &Path) -> Result<impl Iterator<Item = io::Result<String>>, Failure> {
    let input: Box<dyn Read> = match path.as_os_str() == "-" {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(path).map_err(|source| failure(path, source))?),
    };
    let mut input = BufReader::new(input);
    Ok(std::iter::from_fn(move || {
        let mut line = String::new();
        match (&mut input)
            .take(LINE_BYTES_MAX as u64)
            .read_line(&mut line)
        {
            Ok(0) => None,
            Ok(_) => Some(Ok(line)),
            Err(error) => Some(Err(error)),
        }
    }))
}

fn failure(path: &Path, source: io::Error) -> Failure {
    Failure::File {
        what: "read",
        path: path.to_owned(),
        source,
    }
}

impl ByPlatform {
    /// The statement, and what is missing for it.
    fn statement(
        &self,
        occasion: &Occasion,
        line: &str,
        pack: &Pack,
        language: Language,
        missing: &mut Vec<String>,
    ) -> Statement {
        let mut need = |found: Option<String>, ask: &str| {
            if found.is_none() {
                missing.push(ask.to_owned());
            }
            found.unwrap_or_default()
        };
        let (mapped, keywords) = occasion.mapped(pack);
        let choose = match mapped.as_slice() {
            [] => "the policies don't say which category of the database it is: say it with \
                   --category"
                .to_owned(),
            several => {
                let several = several.join(" or ");
                format!("which category of the database is it? Say it with --category: {several}")
            }
        };
        let only = match mapped.as_slice() {
            [one] => Some((*one).to_owned()),
            _ => None,
        };
        let measures = self.measures(occasion);
        if measures.is_none() {
            let ask = "what is advised restricts nobody, so no statement is due for it; if \
                       something was done, say it with --visibility, --account or --provision";
            need(None, ask);
        }
        let source = self.source.map(|source| source.code().to_owned());
        let day = occasion.day();
        Statement {
            measures,
            until: self.until.clone(),
            facts: self
                .facts
                .clone()
                .unwrap_or_else(|| occasion.facts(language)),
            ground: self.ground(occasion, language, &mut need),
            category: need(self.category.clone().or(only), &choose),
            keywords: match self.keyword.is_empty() {
                true => keywords.into_iter().map(str::to_owned).collect(),
                false => self.keyword.clone(),
            },
            territory: self.territory.clone(),
            content_date: need(
                self.content_date.clone().or_else(|| day.clone()),
                "the line doesn't say when the content was published: say it with --content-date",
            ),
            application_date: need(
                self.applied.clone().or(day),
                "the line doesn't say when the measure was taken: say it with --applied",
            ),
            source: need(source, "who told the platform? Say it with --source"),
            automated_decision: match &self.automated {
                Some(written) => code("AUTOMATED_DECISION_", written, AUTOMATED_DECISIONS),
                None => occasion.automated().to_owned(),
            },
            puid: self.puid.clone().unwrap_or_else(|| puid(line)),
        }
    }

    fn ground(
        &self,
        occasion: &Occasion,
        language: Language,
        need: &mut impl FnMut(Option<String>, &str) -> String,
    ) -> Ground {
        match self.ground {
            GroundOf::Illegal => Ground {
                is_law: true,
                reference: need(
                    self.legal_ground.clone(),
                    "which law makes it illegal? Say it with --legal-ground",
                ),
                explanation: need(
                    self.explanation.clone(),
                    "why is it illegal under that law? Say it with --explanation",
                ),
            },
            GroundOf::Incompatible => Ground {
                is_law: false,
                reference: need(
                    self.terms.clone(),
                    "which clause of the terms was broken? Say it with --terms",
                ),
                explanation: self
                    .explanation
                    .clone()
                    .unwrap_or_else(|| occasion.explanation(language)),
            },
        }
    }

    /// What was told, or else what goes with the action or rung.
    fn measures(&self, occasion: &Occasion) -> Measures {
        let told = |prefix, written: &Option<String>, list| {
            written.as_ref().map(|it| code(prefix, it, list))
        };
        let measures = Measures {
            visibility: told(
                "DECISION_VISIBILITY_CONTENT_",
                &self.visibility,
                VISIBILITIES,
            ),
            account: told("DECISION_ACCOUNT_", &self.account, ACCOUNTS),
            provision: told("DECISION_PROVISION_", &self.provision, PROVISIONS),
        };
        match measures.is_none() {
            true => occasion.measures(),
            false => measures,
        }
    }
}

/// The whole code of what may be written short: `REMOVED`.
fn code(prefix: &str, written: &str, list: &[&str]) -> String {
    let whole = format!("{prefix}{}", written.to_uppercase());
    match list.contains(&whole.as_str()) {
        true => whole,
        false => written.to_owned(),
    }
}

/// A digest of the whole line: nobody can guess who it is about, and the same line gives it again.
fn puid(line: &str) -> String {
    let digest = hex(&Sha256::digest(line.trim().as_bytes()));
    format!("vigie-{digest}")
}

/// Why the prose is refused: somebody is named in it.
fn names_anybody(statement: &Statement, occasion: &Occasion) -> Option<String> {
    let prose = [
        &statement.facts,
        &statement.ground.reference,
        &statement.ground.explanation,
        &statement.puid,
    ];
    let is_named = prose.iter().any(|text| occasion.is_named_in(text));
    is_named.then(|| {
        "an id of a post, account or person stands in the facts, the ground or the puid: a \
         statement names nobody; write these yourself with --facts, --explanation or --puid"
            .to_owned()
    })
}
