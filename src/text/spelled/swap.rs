//! Two neighbours swapped inside a word: `klil`, `poeple`.

use super::Reading;
use super::lexicon::Lexicon;
use crate::text::key::Key;
use std::ops::Range;

/// Words of so many letters may have swapped ones.
pub(super) const SWAPPED_LETTERS_MIN: usize = 4;

/// Reads a word that isn't in the lexicon as one that is, by swapping two neighbours. First and
/// last letter stay. Linear but for the walks that go on behind a swap, which end with the lexicon's
/// longest word.
pub(super) fn read_swapped(text: &str, span: Range<usize>, lexicon: &Lexicon) -> Option<Reading> {
    let word = text.get(span.clone())?.as_bytes();
    if word.len() > lexicon.longest() {
        return None;
    }
    let mut node = 0;
    for (at, pair) in word.windows(2).enumerate().take(word.len() - 2) {
        let &[first, second] = pair else { return None };
        if at > 0
            && first != second
            && let Some(found) = lexicon
                .child(node, second)
                .and_then(|n| lexicon.child(n, first))
        {
            let rest = word.get(at + 2..)?;
            let end = rest
                .iter()
                .try_fold(found, |node, c| lexicon.child(node, *c));
            if end.is_some_and(|node| lexicon.rank(node).is_some()) {
                let mut letters = word.to_vec();
                letters.swap(at, at + 1);
                if has_twin(text.get(span.clone())?) {
                    return None;
                }
                let spans = span.clone().map(|at| at..at + 1);
                let letters = letters.into_iter().zip(spans).collect();
                return Some(Reading::of(span, letters));
            }
        }
        node = lexicon.child(node, first)?;
    }
    None
}

/// The keys of what [`read_swapped`] reads as this word.
pub(super) fn swaps(word: &str) -> impl Iterator<Item = Key> {
    let letters = word.as_bytes();
    let last = letters.len().saturating_sub(2);
    let swapped = (1..last).filter_map(move |at| {
        let mut swapped = letters.to_vec();
        swapped.swap(at, at + 1);
        let changed = swapped != letters;
        changed.then(|| Key::at(&swapped, 0, swapped.len()))
    });
    swapped.filter(move |_| letters.len() >= SWAPPED_LETTERS_MIN)
}

/// Whether a word is one itself, and no typing mistake for the one it would become.
fn has_twin(word: &str) -> bool {
    match word.len() {
        SWAPPED_LETTERS_MIN => TWINS_OF_FOUR.split(' ').any(|twin| twin == word),
        _ => TWINS.binary_search(&word).is_ok(),
    }
}

/// Words of four letters that would become another word of English or French.
const TWINS_OF_FOUR: &str = "aera ague aime aims aira amie amis apse area aria aspe auge bais bard barn bars bart \
     bels belt bern bert beys bias biro bles blet blot bolt boru brad bran bras brat bren \
     bret brio brou brun brus brut burn burs burt byes calm carp cary cira cire clam clod \
     clos clot clue cold cols colt corp crap cray cria crie crop crud crue crus crut cule \
     curd cure curs curt deys drue drus dure durs dyes ears eire enos enta eons eras erie \
     etna fais fait fart fela fele felt fias fiat fion firs flea flee flet foin form frat \
     fris from gals gant gaol garb gars gary gele gera gere gird girl girt glas glee gnat \
     gnus goal grab gras gray grea gree grid gril grit guns haut heir heur hier huat huer \
     igne inge kaon khol koan kohl lair lais lait leif leis liar lias liat lief lies lion \
     loin maui meus meut muai mues muet nais nait neur nias niat nuer oats ogre ohsa orge \
     osha otas pain path pela pers pert peur pian pila pile pire pius plea plia plie porn \
     pres pret prie pron ptah puer puis rail rais rein reis rial rias rien ries rios rois \
     sail sain saki salt sang saps saut sawn sein shoo sial sian sien silt skai slat slit \
     sloe snag snot snug soho sole sont spas suat sung swan tain tarp taut tian tira tire \
     tiro tirs tord torn tort tory tows trap tria trie trio tris trod tron trot troy truc \
     tuat turc twos warp wrap";

/// Longer words that would become another word that policies look for. Sorted.
static TWINS: &[&str] = &[
    "angels",
    "angles",
    "barely",
    "barley",
    "beats",
    "betas",
    "brain",
    "brian",
    "brunt",
    "burnt",
    "calme",
    "calmer",
    "carte",
    "cartes",
    "carve",
    "carved",
    "casual",
    "casually",
    "causal",
    "causally",
    "centers",
    "centres",
    "cirer",
    "clame",
    "clamer",
    "compiled",
    "complied",
    "corps",
    "crate",
    "crates",
    "crave",
    "craved",
    "crier",
    "crops",
    "crues",
    "cruse",
    "cures",
    "curse",
    "dairies",
    "dairy",
    "diaries",
    "diary",
    "eagle",
    "egale",
    "enterprise",
    "entreprise",
    "falcon",
    "farmers",
    "farming",
    "fibers",
    "fibres",
    "field",
    "filed",
    "filer",
    "files",
    "fires",
    "flacon",
    "flier",
    "flies",
    "framers",
    "framing",
    "fries",
    "garde",
    "garder",
    "gardes",
    "gilde",
    "glide",
    "grade",
    "grader",
    "grades",
    "infarction",
    "infraction",
    "intermediaires",
    "intermediaries",
    "lairs",
    "letters",
    "lettres",
    "liars",
    "liens",
    "lines",
    "lions",
    "loins",
    "macro",
    "magna",
    "maire",
    "maires",
    "manga",
    "marco",
    "marie",
    "maries",
    "marital",
    "martial",
    "members",
    "membres",
    "memoires",
    "memories",
    "meters",
    "metres",
    "orders",
    "ordres",
    "pairs",
    "paris",
    "parite",
    "parites",
    "partie",
    "parties",
    "perfect",
    "perte",
    "pertes",
    "piler",
    "plier",
    "prefect",
    "prete",
    "pretes",
    "preuve",
    "prevue",
    "reins",
    "riens",
    "sacre",
    "sacred",
    "salve",
    "salves",
    "satin",
    "sauve",
    "sauves",
    "savior",
    "savoir",
    "scare",
    "scared",
    "signe",
    "signes",
    "signing",
    "signs",
    "silver",
    "singe",
    "singes",
    "singing",
    "sings",
    "slave",
    "slaves",
    "sliver",
    "spilt",
    "split",
    "stain",
    "suave",
    "suaves",
    "tarder",
    "territoires",
    "territories",
    "there",
    "three",
    "tilted",
    "tirage",
    "tired",
    "tirent",
    "tirer",
    "tires",
    "tirez",
    "tirons",
    "titled",
    "trader",
    "trail",
    "trails",
    "triage",
    "trial",
    "trials",
    "tried",
    "trient",
    "trier",
    "tries",
    "triez",
    "trions",
    "trucs",
    "truques",
    "turcs",
    "turques",
    "unite",
    "united",
    "unites",
    "untie",
    "untied",
    "unties",
    "varie",
    "viola",
    "viole",
    "violent",
    "violer",
    "violes",
    "voila",
    "voile",
    "voilent",
    "voiler",
    "voiles",
    "vraie",
];

#[cfg(test)]
mod tests {
    #[test]
    fn twins_are_sorted() {
        assert!(super::TWINS.is_sorted());
    }
}
