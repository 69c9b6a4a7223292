//! What is sent: policies and posts of the same generator that the peers are measured with.

#[expect(dead_code, reason = "the peers need more of it")]
#[path = "../../peers/src/generate.rs"]
mod generate;

use crate::http::{Request, UNNUMBERED};
use generate::policies::{View, policies};
use generate::vocabulary::Vocabulary;
use generate::writing;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::rc::Rc;

/// Posts that take turns; each sending numbers them anew.
const POSTS: usize = 4_000;
/// Posts of one batch.
pub const BATCH: usize = 64;
/// Ladders over the generated rules, so that state is kept as in life.
const LADDERS: &str = r#"policy:
  id: load-ladders
  version: 1.0.0
  title: {en: "Ladders over generated rules", fr: "Échelles sur des règles engendrées"}
hits:
  any_rule: {category: peers.rules, points: 30}
counters:
  authors: {of: any_rule, count: authors, within: 24h, say: {en: "authors", fr: "auteurs"}}
  crowd: {of: any_rule, count: authors, within: 7d, say: {en: "authors in a week", fr: "auteurs en une semaine"}}
ladders:
  targets:
    subject: target
    title: {en: "Targets", fr: "Cibles"}
    rungs:
      - {id: watch, enter: {authors: ">= 3"}, leave: {quiet: 14d}, do: watch, say: {en: "Watch.", fr: "Surveillez."}}
  places:
    subject: community
    title: {en: "Places", fr: "Lieux"}
    rungs:
      - {id: concern, enter: {crowd: ">= 20"}, leave: {quiet: 14d}, do: talk, say: {en: "Talk.", fr: "Parlez."}}
tests:
  - timeline: a crowd
    community: c1
    target: t1
    events:
      - {at: 0h, repeat: 20, every: 1h, hit: any_rule, author: "a{n}"}
    expect:
      - {on: targets, id: t1, rung: watch}
      - {on: places, id: c1, rung: concern}
  - timeline: one author
    community: c1
    target: t1
    events:
      - {at: 0h, repeat: 30, every: 1h, hit: any_rule, author: a1}
    expect:
      - {on: targets, id: t1, rung: none, ever: true}
      - {on: places, id: c1, rung: none, ever: true}
"#;

/// A generated pack and the requests that go with it.
pub struct Posts {
    pub single: Rc<Vec<Request>>,
    pub batch: Rc<Vec<Request>>,
}

/// Writes the policies into a folder, and makes requests of posts.
pub fn prepare(rules: usize, seed: u64, folder: &Path) -> Result<Posts, String> {
    let vocabulary = Vocabulary::invented(seed);
    let made = generate::rules(&vocabulary, rules, seed);
    let mut files = policies(&made, View::Default);
    files.push(("ladders.yaml".to_owned(), LADDERS.to_owned()));
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let written = writing::posts(&vocabulary, &made, POSTS, seed);
    let posts: Vec<Value> = written
        .iter()
        .enumerate()
        .map(|(at, post)| as_json(at, &post.text, seed))
        .collect();
    let single = posts.iter().map(sent);
    let batches = posts.chunks_exact(BATCH);
    let batch = batches.map(|posts| sent(&json!({ "posts": posts })));
    Ok(Posts {
        single: Rc::new(single.collect()),
        batch: Rc::new(batch.collect()),
    })
}

fn sent(body: &Value) -> Request {
    Request::new("POST", "/v1/decisions", body.to_string().as_bytes())
}

/// Without a time: the sidecar takes the instant at which it gets it, as from a forum.
fn as_json(at: usize, text: &str, seed: u64) -> Value {
    let mut random = ChaCha8Rng::seed_from_u64(seed.wrapping_add(at as u64));
    json!({
        "id": UNNUMBERED,
        "text": text,
        "author": format!("u{}", random.random_range(0..2_000)),
        "thread": format!("t{}", random.random_range(0..200)),
        "community": format!("c{}", random.random_range(0..5)),
        "reply_to_author": format!("u{}", random.random_range(0..2_000)),
    })
}

/// A small forum where things go wrong, so that there are cases: one post a request.
pub struct Story {
    pub requests: Rc<Vec<Request>>,
    posts: Vec<Value>,
}

const SAID: [&str; 8] = [
    "Has anybody tried the new update on an old machine?",
    "Merci pour la recette, c'est exactement celle de ma tante.",
    "I will find you and I will kill you.",
    "The second episode is far better than the first.",
    "She lives at 4418 Maple Grove Road, apt 12, go and pay her a visit.",
    "On est partis avant l'aube, la vue était magnifique.",
    "Je vais te retrouver et te tuer.",
    "Elle habite au 27 rue des Lilas, allez lui rendre visite.",
];

impl Story {
    pub fn tell(seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let posts: Vec<Value> = (0..POSTS)
            .map(|at| {
                let mut post = as_json(at, SAID[random.random_range(0..SAID.len())], seed);
                post["author"] = json!(format!("u{}", random.random_range(0..40)));
                post["reply_to_author"] = json!(format!("u{}", random.random_range(40..60)));
                post
            })
            .collect();
        Self {
            requests: Rc::new(posts.iter().map(sent).collect()),
            posts,
        }
    }

    /// The post that was sent under an id, as of an instant.
    pub fn post(&self, id: &str, at: &str) -> Option<Value> {
        let number: usize = id.strip_prefix('p')?.parse().ok()?;
        let mut post = self.posts[number % self.posts.len()].clone();
        post["id"] = json!(id);
        post["at"] = json!(at);
        Some(post)
    }
}
