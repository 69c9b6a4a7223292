//! The words of addresses, folded, and what each may be. One word often is several things at once
//! (`st` is a street and a saint, `la` an article and a state): the grammars decide.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// A set of things a word may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::detectors) struct Classes(u64);

impl Classes {
    const fn bit(at: u32) -> Self {
        Self(1 << at)
    }

    /// Either of two.
    pub(in crate::detectors) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the word is one of `wanted`.
    pub(in crate::detectors) const fn any(self, wanted: Self) -> bool {
        self.0 & wanted.0 != 0
    }
}

/// English street words hardly used behind a number otherwise.
pub(super) const EN_STRONG: Classes = Classes::bit(0);
/// English street words that need a name or a frame to be believed.
pub(super) const EN_MEDIUM: Classes = Classes::bit(1);
/// English street words that are everyday nouns.
pub(super) const EN_WEAK: Classes = Classes::bit(2);
/// English street words that mostly are something else.
pub(super) const EN_FAINT: Classes = Classes::bit(34);
/// French street words hardly used behind a number otherwise.
pub(super) const FR_STRONG: Classes = Classes::bit(3);
/// French street words that need a name or a frame to be believed.
pub(super) const FR_MEDIUM: Classes = Classes::bit(4);
/// French street words that are everyday nouns, or abbreviations of other things.
pub(super) const FR_WEAK: Classes = Classes::bit(5);
/// Street words of neighbouring languages that come before the name: `calle`, `rua`, `ulica`.
pub(super) const OTHER_BEFORE: Classes = Classes::bit(6);
/// Compass points, which lean on a street name.
pub(super) const DIRECTION: Classes = Classes::bit(7);
/// Numbered roads: the number comes after.
pub(super) const HIGHWAY: Classes = Classes::bit(8);
/// What may stand before the word of a numbered road.
pub(super) const HIGHWAY_OF: Classes = Classes::bit(9);
/// Streets named by one word.
pub(super) const NAMED: Classes = Classes::bit(10);
/// Words that no name of a street or town holds in lower case.
pub(super) const STOP: Classes = Classes::bit(11);
/// Words that tie a French name together.
pub(super) const LINK: Classes = Classes::bit(12);
/// What numbers count or measure.
pub(super) const COUNTED: Classes = Classes::bit(13);
/// Before a street word, these make another thing: hard drive, food court, two-way street.
pub(super) const MISNAMER: Classes = Classes::bit(14);
/// After a French street word, these make another thing: place de parking, cours de maths.
pub(super) const NOT_A_NAME: Classes = Classes::bit(15);
/// Before a number, these say that it is no house number.
pub(super) const NUMBERER: Classes = Classes::bit(16);
/// Before a year, these say that it is one.
pub(super) const DATER: Classes = Classes::bit(17);
/// Words that announce an address.
pub(super) const LOCATOR: Classes = Classes::bit(18);
/// Words that may announce an address.
pub(super) const LOCATOR_WEAK: Classes = Classes::bit(19);
/// Parts of a building that carry a number or a letter.
pub(in crate::detectors) const UNIT: Classes = Classes::bit(20);
/// Storeys: the number may come first.
pub(super) const FLOOR: Classes = Classes::bit(21);
/// Months, French and English.
pub(super) const MONTH: Classes = Classes::bit(22);
/// Adjectives before a French street word: `grande rue`, `vieille route`.
pub(super) const QUALIFIER: Classes = Classes::bit(23);
/// Titles inside names: more of the name follows.
pub(super) const TITLE: Classes = Classes::bit(24);
/// Letters of US states.
pub(in crate::detectors) const STATE_CODE: Classes = Classes::bit(25);
/// US states in one word, and old abbreviations.
pub(in crate::detectors) const STATE_NAME: Classes = Classes::bit(26);
/// Letters of Canadian provinces.
pub(in crate::detectors) const PROVINCE_CODE: Classes = Classes::bit(27);
/// Canadian provinces in one word.
pub(in crate::detectors) const PROVINCE_NAME: Classes = Classes::bit(28);
/// Countries in one word.
pub(in crate::detectors) const COUNTRY: Classes = Classes::bit(29);
/// House numbers in letters.
pub(super) const NUMBER_WORD: Classes = Classes::bit(30);
/// Words that announce a postal code.
pub(in crate::detectors) const POSTAL: Classes = Classes::bit(31);
/// Words that don't change in a French plural, so a number before them proves nothing.
pub(super) const INVARIABLE: Classes = Classes::bit(32);
/// After an English street word, these make another thing: road trip, street art, court case.
pub(super) const SEQUEL: Classes = Classes::bit(35);
/// Large towns, by the first word of their name, that people write without capitals.
pub(in crate::detectors) const TOWN: Classes = Classes::bit(36);
/// Abbreviations that are a street at the end of a phrase: `st`, `dr`, `ct`.
pub(super) const EN_SHORT: Classes = Classes::bit(37);
/// Saints, which start names of streets and towns.
pub(super) const SAINT: Classes = Classes::bit(33);

/// Street words of English, of any strength.
pub(super) const EN_STREET: Classes = EN_STRONG.or(EN_MEDIUM).or(EN_WEAK).or(EN_FAINT);
/// Street words of French, of any strength.
pub(super) const FR_STREET: Classes = FR_STRONG.or(FR_MEDIUM).or(FR_WEAK);

static LISTS: &[(Classes, &str)] = &[
    (
        EN_STRONG,
        "street avenue ave aven avenues avn boulevard blvd boul bvd bld road rd lane ln highway \
         hwy parkway pkwy pkway parkwy py turnpike tpke expressway expy expwy freeway fwy \
         crescent cres terrace strasse str broadway",
    ),
    (
        EN_MEDIUM,
        "st drive dr drv court ct place pl plc circle cir trail trl mews gardens gdns grove \
         close plaza plz loop alley aly crossing xing ridge rdg cove cv heights hts causeway \
         cswy pike bypass esplanade esp wharf quay ter terr av promenade lp byway cresent wynd \
         beltway boulvard driveway",
    ),
    (
        EN_WEAK,
        "way run walk pass row view vw vista park pk square sq hill hl hills green rise parade \
         pde path pointe bend trace trce landing lndg glen hollow holw knoll strip croft garth \
         brow chase prom lea leas vale stables ways mall estates manor mnr gulch grade \
         concourse",
    ),
    (
        EN_FAINT,
        "point pt line spur center centre ctr field fields meadow meadows mill ranch station \
         sta summit valley village cross market gate gates oval estate end bridge yard dale \
         fold drove island isle key lake lakes creek branch canyon common commons corner \
         corners crest farm forest fork harbor haven orchard passage ramp rest shore shores \
         spring springs terminal union viaduct wells approach link links bank side overlook \
         cutoff extension ext route rte track tower circus",
    ),
    (
        FR_STRONG,
        "rue avenue boulevard boul bd bld blvd bvd impasse allee allees chemin ruelle ruellette \
         sentier sente venelle lotissement chaussee montee faubourg fbg hameau placette \
         rondpoint traverse levee quater dreve avenus cami carriera",
    ),
    (
        FR_MEDIUM,
        "route rte av ave place pl quai cours square residence cite voie villa clos domaine \
         rang esplanade promenade passage cote parvis chalets cour chem che corniche rampe \
         degre escalier lieudit digue drailles carrefour",
    ),
    (
        FR_WEAK,
        "ch chm imp all res lot lots pass sq fg za zi zac zone mail galerie parc port pont tour \
         espace jardin jardins terrasse porte coteau immeuble ensemble cor qu mas moulin ferme \
         pla centre ham lieu enclos",
    ),
    (
        OTHER_BEFORE,
        "rua calle carrer via viale vicolo piazza strada calea bulevardul bdul splaiul soseaua \
         avenida avda aleja ulica ul travessa tv camino paseo plaza corso largo praca rambla \
         trg ulitsa calzada carretera carrera",
    ),
    (
        DIRECTION,
        "n s e w ne nw se sw no so north south east west northeast northwest southeast \
         southwest nord sud est ouest",
    ),
    (
        HIGHWAY,
        "highway hwy hiway route rte rt road rd interstate fm sr cr spur loop line sideroad \
         concession parkway ih cd rn trunk bypass business",
    ),
    (
        HIGHWAY_OF,
        "us u s state county country private old ranch farm market township twp forest federal \
         united states provincial rural city business regional range co n e w north south east \
         west route departementale nationale",
    ),
    (
        NAMED,
        "broadway bowery embarcadero esplanade piccadilly cheapside whitehall strand bway \
         rialto queensway kingsway broadwalk",
    ),
    (
        STOP,
        "i you he she it we they me him us them my your his her its our their mine yours hers \
         this that these those the a an of and or but nor so if then than as at by for from in \
         into off on onto out over to up down with without within about above across after \
         against along among around before behind below beneath beside between beyond during \
         except inside outside near since through throughout till until upon via is am are was \
         were be been being do does did done have has had having will would shall should can \
         could may might must not no yes ok okay lol lmao who whom whose which what when where \
         why how all any both each few more most other others some such only own same too very \
         just also again ever never always here there now today tonight tomorrow yesterday \
         because while though although got get gets getting go goes going gone went come comes \
         coming came say says said tell told let lets make makes made take takes took see saw \
         know knows knew think want wants wanted use uses used using like likes need needs \
         please thanks thank im ive ill id youre hes shes theyre dont doesnt didnt cant wont \
         isnt arent wasnt really still even much many lot every everyone someone anyone people \
         guy guys thing things stuff per plus minus versus vs etc aka lives live living stays \
         staying je tu il elle nous vous ils elles mon ma mes ton ta tes son sa ses notre nos \
         votre vos leur leurs ce cet cette ces cela ca qui que quoi ou quand comment pourquoi \
         est suis es sont sommes etes etait etaient sera seront serait etre ete ai avons avez \
         ont avait avaient aura avoir eu fait faire fais font pas ne jamais rien tout tous \
         toute toutes et mais donc ni car si pour par avec sans dans chez vers entre contre \
         depuis pendant avant apres jusque puis alors ainsi aussi tres trop peu bien mal oui \
         non y en au aux va vas vais vont aller allez allons viens vient venez viennent faut \
         peut peux peuvent veut veux veulent dit dire dis aujourd hui demain hier ici voila \
         voici parce comme tant lorsque chaque quelque quelques plusieurs meme c j n t m qu se \
         te lui cest jai habite habitent vit vivent dort chercher livrer",
    ),
    (
        LINK,
        "de du des la le les l d a au aux sur en sous et lez saint sainte st ste da das dos del \
         di",
    ),
    (SAINT, "saint sainte saints st ste"),
    (
        TITLE,
        "general gal gen marechal mal docteur dr professeur pr prof president pres saint sainte \
         st ste abbe capitaine cap cdt commandant colonel col lieutenant lt sergent adjudant \
         amiral maire jean marie pierre jacques paul louis charles victor emile georges henri \
         notre pere soeur frere madame monsieur mme maitre cardinal eveque monseigneur mgr \
         grand grande petit petite vieux vieille bas basse haut haute croix champ champs",
    ),
    (
        COUNTED,
        "page pages mile miles meter meters metre metres km kms kilometer kilometers kilometre \
         kilometres minute minutes min mins hour hours hr hrs day days week weeks month months \
         year years yr yrs second seconds sec secs people person persons man men women girls \
         guys kids boys time times fois percent pct points dollar dollars buck bucks euro euros \
         pound pounds lb lbs inch inches foot feet ft yard yards blocks gb mb tb kb gig gigs \
         meg megs ghz mhz hz bit bits byte bytes am pm h heure heures jour jours semaine \
         semaines mois an ans annee annees personne personnes homme hommes femme femmes m cm mm \
         kg g wheel star stars bedroom bedrooms bed beds player players story storey degree \
         degrees mph kph cent cents thousand million billion hundred dozen mille millions \
         milliard eur usd gbp cad rpm watt watts volt volts cc votes games car cars houses \
         cases users files partitions machines servers boxes computers monitors screens cores \
         processes packages lines posts comments tweets likes followers views more other \
         different",
    ),
    (
        MISNAMER,
        "hard flash usb disk test floppy external internal cd dvd thumb tape backup gb tb mb \
         gig sata ide ssd rom hdd scsi pen jump raid boot windows linux ntfs fat32 ext3 ext4 \
         food tennis basketball supreme district appeals federal circuit family high crown \
         first third parking work long half one two best only easy right wrong another better \
         new trailer car theme national amusement skate way lane dirt side sesame wall rail \
         through winning scenic next last every big small nice good bad great single each safe \
         cool full double triple dual multi master system primary secondary slave logical \
         network mapped shared gay pay all either bedroom wheel storage market",
    ),
    (
        NOT_A_NAME,
        "parking stationnement concert concerts cinema cine choix maths math anglais francais \
         allemand espagnol histoire sport yoga danse piano guitare root foot feet inch inches \
         meter meters soutien libre libres gratuite gratuites disponible disponibles assise \
         assises assis debout vip handicape theatre spectacle train avion creche travail garage \
         pieton pietons secours service traverse circulation bus entree reservee reservees \
         vendre max maximum restante restantes particuliers philo physique chimie eco droit \
         info informatique cuisine judo natation langue langues conduite chant dessin possibles \
         possible barree bloquee fermee fois jours semaine mois heures minutes nuit retour \
         aller rapide rapides express soir matin ferme fermes fermees peripherique",
    ),
    (
        NUMBERER,
        "level lvl lv v ver version chapter ch page pages p pp season episode ep vol volume \
         figure fig item line lines number top than least most over under nearly almost \
         approximately roughly only psalm verse part step phase grade class act scene track ps \
         xbox iphone windows win ubuntu kernel python php linux debian fedora mac os ios \
         android firefox error code port score age aged channel round stage article art section \
         sec chapitre niveau saison tome ligne lignes bus tram tramway metro acte etape moins \
         environ presque h heure heures departement jpg png mile km exit catch nightmare \
         chambre formula monday tuesday wednesday thursday friday saturday sunday lundi mardi \
         mercredi jeudi vendredi samedi dimanche euro league isbn route highway interstate hwy \
         kb gcc apollo boeing airbus area district ward precinct size rank week day year month \
         jour semaine an annee mois",
    ),
    (
        DATER,
        "in since en depuis until by of late early mid circa fin debut before after during year \
         annee annees january february march april may june july august september october \
         november december janvier fevrier mars avril mai juin juillet aout septembre octobre \
         novembre decembre jan feb mar apr jun jul aug sep sept oct nov dec spring summer \
         autumn fall winter",
    ),
    (
        LOCATOR,
        "address addy adress addr lives live living located resides reside residing home house \
         residence stays staying adresse habite habitent habitait vit vivent loge logent \
         resident crecher creche domicile domiciliee domicilie demeurant sis sise situe situee \
         maison dort",
    ),
    (LOCATOR_WEAK, "at on to from au aux chez is near est du des"),
    (
        UNIT,
        "apt apts apartment appt app appartement unit suite ste room rm floor fl flr flat lot \
         trailer trlr building bldg bld bat batiment esc escalier etage bte boite bus bureau \
         porte hall entree space spc dept department penthouse pmb tower condo cottage studio \
         chambre chbre logement u no slip hangar stop lockbox",
    ),
    (FLOOR, "floor fl flr etage level"),
    (
        MONTH,
        "january february march april may june july august september october november december \
         janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    ),
    (
        QUALIFIER,
        "grande grand petite petit vieille vieux ancien ancienne basse bas haute haut nouvelle \
         nouveau gde pte",
    ),
    (
        STATE_CODE,
        "al ak az ar ca co ct de dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv \
         nh nj nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy pr aa ae ap nsw vic \
         qld",
    ),
    (
        STATE_NAME,
        "alabama alaska arizona arkansas california colorado connecticut delaware florida \
         georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland \
         massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio \
         oklahoma oregon pennsylvania tennessee texas utah vermont virginia washington \
         wisconsin wyoming calif mass",
    ),
    (PROVINCE_CODE, "on qc pq bc ab sk mb ns nb nl pe nt yt nu"),
    (
        PROVINCE_NAME,
        "ontario quebec alberta saskatchewan manitoba yukon nunavut newfoundland",
    ),
    (
        COUNTRY,
        "france usa canada belgique belgium belgie suisse switzerland schweiz svizzera uk \
         england scotland wales angleterre australia luxembourg germany monaco ireland",
    ),
    (
        NUMBER_WORD,
        "one two three four five six seven eight nine ten eleven twelve twenty fifty",
    ),
    (
        POSTAL,
        "zip zips zipcode postcode postcodes codepostal postalcode npa plz",
    ),
    (
        SEQUEL,
        "trip trips rage map maps test tests art food foods fight fights fighter fighters wear \
         view views race races racing level style styles light lights cred smart smarts sign \
         signs works block blocks case cases order orders room rooms bay bays letter letters \
         space movie movies show shows song songs album series episode episodes bankers traders \
         firm firms",
    ),
    (
        TOWN,
        "paris marseille lyon toulouse nice nantes montpellier strasbourg bordeaux lille rennes \
         reims toulon grenoble dijon angers nimes villeurbanne clermont aix brest tours amiens \
         limoges annecy perpignan metz besancon orleans rouen mulhouse caen nancy argenteuil \
         montreuil roubaix tourcoing nanterre avignon poitiers creteil versailles pau \
         courbevoie colombes vitry asnieres aulnay rueil antibes cannes calais dunkerque \
         beziers bourges cergy colmar quimper valence troyes lorient chambery niort montauban \
         ajaccio bastia bruxelles brussels brussel liege gand gent anvers antwerpen charleroi \
         namur mons leuven louvain brugge bruges mechelen malines tournai verviers wavre geneve \
         lausanne zurich bern berne basel bale fribourg neuchatel sion lugano winterthur luzern \
         lucerne montreux vevey yverdon nyon",
    ),
    (EN_SHORT, "st dr ct pl cir trl ter cres gdns aly"),
    (INVARIABLE, "cours clos"),
];

/// States and provinces in two words.
static REGIONS: &[(&str, &str)] = &[
    ("british", "columbia"),
    ("colombie", "britannique"),
    ("new", "brunswick"),
    ("new", "hampshire"),
    ("new", "jersey"),
    ("new", "mexico"),
    ("new", "york"),
    ("north", "carolina"),
    ("north", "dakota"),
    ("nova", "scotia"),
    ("nouveau", "brunswick"),
    ("nouvelle", "ecosse"),
    ("puerto", "rico"),
    ("rhode", "island"),
    ("south", "carolina"),
    ("south", "dakota"),
    ("west", "virginia"),
];

static LEXICON: LazyLock<FxHashMap<&'static str, Classes>> = LazyLock::new(|| {
    let mut lexicon: FxHashMap<&'static str, Classes> = FxHashMap::default();
    for (class, words) in LISTS {
        for word in words.split_whitespace() {
            let known = lexicon.entry(word).or_default();
            *known = known.or(*class);
        }
    }
    lexicon
});

/// What a folded word may be.
pub(super) fn classes(word: &str) -> Classes {
    LEXICON.get(word).copied().unwrap_or_default()
}

/// Whether two words in a row name a state or a province.
pub(super) fn is_region(first: &str, second: &str) -> bool {
    REGIONS.contains(&(first, second))
}

/// Endings of compound street names: Dutch and German first, then the northern languages.
static ENDINGS: &[&str] = &[
    "straat", "laan", "steenweg", "dreef", "plein", "kaai", "dijk", "gracht", "singel", "strasse",
    "str", "gasse", "platz", "allee", "damm", "ufer", "weg", "gatan", "gata", "vagen", "vegen",
    "veien", "vej", "vei", "plassen", "plass", "katu", "brucke", "brucken", "gate",
];

/// Whether this word is a street by its ending, as in Dutch, German and the northern languages.
pub(super) fn ends_like_a_street(word: &str) -> bool {
    word.len() <= 40
        && ENDINGS.iter().any(|ending| {
            word.strip_suffix(ending)
                .is_some_and(|name| name.len() >= 3)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_the_plain_view_gives_them() {
        for word in LISTS.iter().flat_map(|(_, words)| words.split_whitespace()) {
            let plain = word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            assert!(plain, "`{word}` can never be met");
        }
    }
}
