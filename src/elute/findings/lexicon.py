"""Words that texts are compared by: small ones, negations, numbers, opposites, and words that are a letter from another."""

from __future__ import annotations

SMALL = frozenset(
    "a an the this that these those my our i we im ive id is was are were be been am do does did would will can could should may might "
    "want need get got have has had and so to for at in on of about as please kindly pls plz thanks thank hi hello hey ok okay "
    "um uh uhm oh well just really very also some any which what there it its too now then like".split()
)
"""Words of which one more, one less or one for another leaves a text what it is, as one edit."""
NEGATIONS = frozenset(
    "no not none never nothing nobody nowhere neither nor without cannot hardly barely cant dont doesnt didnt wont wouldnt couldnt "
    "shouldnt isnt arent wasnt werent havent hasnt hadnt mustnt mightnt neednt shant aint unable unless except instead stop "
    "nicht kein keine keinen nie niemals ohne ne pas jamais sans non nunca sin nada niente mai senza".split()
)
"""Two texts that differ in one of these say different things. ``n't`` ends in one of them once its apostrophe is gone."""
NUMBERS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion first second third fourth fifth sixth "
    "seventh eighth ninth tenth once twice half double".split()
)
_OPPOSED = (
    "from out off up down over under before after more less most least all only he she him her his hers your you me pm left "
    "right new old high low buy sell send receive increase decrease best worst open close opened closed true false yes with "
    "today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday january february march april june "
    "july august september october november december how why when where who whose"
)
OPPOSED = frozenset(_OPPOSED.split()) - SMALL
"""Words that are often all that differs between two texts that ask for different things."""
_WORDS = (
    "addiction addictions addictive addition additions additive alteration alterations altercation altercations angels angles barely "
    "barley caning canning cannons canons casual casually causal causally complaint complaints compliant continent contingent creation "
    "cremation desert deserts dessert desserts dining dinning filing filling gaping gapping griped griping gripped gripping hating "
    "hatting hoping hopping immorality immortality infection infections inflection inflections interment internment interstate "
    "intestate lightening lightning marital martial mating matting mediation medication medications meditation meditations minuets "
    "minutes moping mopping morality mortality ordinance ordnance perfect perform phosphorous phosphorus pining pinning planed planer "
    "planing planned planner planning predication prediction prefect preform raping rapping rating ratting reaction reactions redaction "
    "redactions ridding riding robbing robing rogues rouges sacred scared scarred scraped scraper scraping scrapped scrapper scrapping "
    "shining shinning signed signing silver singed singing sliver slivers sloped sloping slopped slopping sniped sniping snipped "
    "snipping soldier solider sparing sparring staining standing staring starring straining stranding striped striper striping stripped "
    "stripper stripping taping tapping tiling tilling tortuous torturous trailed trails trialed trials twined twinned united unites "
    "untied unties wining winning"
)
WORDS = frozenset(_WORDS.split())
"""Words that are a slip of a letter from another one of these: however seldom a set has one of them, it is not the other, misspelt."""
