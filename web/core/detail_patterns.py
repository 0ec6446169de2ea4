"""The shapes of identifying details: wide nets, judged by web/core/details.py.

Every repetition is bounded, so that no text makes a search long.
"""

import re

_PROVIDERS = "gmail|hotmail|outlook|live|icloud|yahoo|proton|protonmail|ziggo|kpnmail|telenet|skynet|gmx|msn"
_ENDINGS = "nl|be|com|org|net|eu|uk|de|fr|me|info"
_PLATFORM = (
    r"insta(?:gram)?|ig|snap(?:chat)?|tik ?tok|facebook|fb|discord|telegram|twitter|linked ?in|steam|kik|roblox"
    r"|psn|xbox|skype|reddit|twitch|wickr"
)

# One quick look at a message; most hold nothing of this and go on at once. RE2 reads it in one pass.
GATE = (
    r"(?i)@|\d[a-z\d]?\s?\d[a-z]{2}\b|\d(?:[^a-z\d]{0,3}\d){3}|apenst|[(\[]at[)\]]|\bat [\w-]+ ?(?:\.|dot|punt)"
    r"|(?:com|me|gg|tv|app|net)/|\b(?:" + _PLATFORM + r")\b"
)

_AT = r"(?:\s?@\s?|\s?[(\[](?:at|apenstaartje)[)\]]\s?|\s(?:apenstaart(?:je)?)\s)"
_DOT = r"(?:\s?\.\s?|\s?[(\[](?:dot|punt)[)\]]\s?|\s(?:dot|punt)\s)"
_NAME = r"(?<![\w.+-])[\w+-](?:[\w.+-]{0,62}[\w+-])?"
_HOST = r"[a-z0-9](?:[\w-]{0,61}[a-z0-9])?"
EMAIL = (
    _NAME
    + r"(?:"
    + (_AT + _HOST + r"(?:\.[\w-]{1,62}){0,3}" + _DOT + r"[a-z]{2,12}\b")
    + ("|" + _AT + rf"(?:{_PROVIDERS})\b(?:{_DOT}(?:{_ENDINGS})\b)?")
    + (r"|\sat\s" + _HOST + rf"(?:\sdot\s|\spunt\s)(?:[\w-]{{1,62}}(?:\sdot\s|\spunt\s)|)(?:{_ENDINGS})\b")
    + rf"|\sat\s(?:{_PROVIDERS})\s?\.\s?(?:{_ENDINGS})\b"
    + r")"
)

_NO_PROFILE = (
    r"(?!(?:help|about|legal|explore|polic\w+|privacy|terms|login|safety|support|home|settings|business|watch|search"
    r"|hashtag|discover|blog|news|info|i|intent|share|sharer|groups|events|reel|reels|p)\b)"
)
_HANDLE = r"@?\w[\w.-]{1,60}"
PROFILE_LINK = (
    r"(?<![\w.@/-])(?:https?://)?(?:www\.|m\.|nl\.|nl-nl\.|open\.)?(?:"
    r"(?:instagram\.com|facebook\.com|fb\.com|fb\.me|x\.com|twitter\.com|t\.me|telegram\.me|twitch\.tv|vk\.com)/"
    + _NO_PROFILE
    + _HANDLE
    + r"|wa\.me/\d{6,15}|snapchat\.com/add/"
    + _HANDLE
    + r"|(?:tiktok\.com|youtube\.com|threads\.net|threads\.com)/@[\w.]{2,60}"
    + r"|linkedin\.com/in/[\w%-]{2,80}|discord\.gg/\w{2,40}|discord(?:app)?\.com/(?:users|invite)/\w{2,40}"
    + r"|steamcommunity\.com/(?:id|profiles)/[\w-]{2,60}|reddit\.com/(?:u|user)/[\w-]{2,40}"
    + r"|bsky\.app/profile/[\w.-]{2,80}|roblox\.com/users/\d{2,20})(?:[/?][\w/?=&%.@+-]{0,200})?"
)

# '@name' beside a platform's word; 'insta is name_1' where the name can be no word; 'snap: name' where a line ends.
_SIGNED = r"(?P<handle>(?<![\w@.])@[\w](?:[\w.-]{0,40}\w))(?!@)"
_OWN = r"(?P<handle>(?=[a-z._]{0,30}[\d_#]|[a-z]{2,20}\.[a-z])[a-z_][\w.-]{1,30}[\w](?:#\d{4})?)(?!@)\b"
_IS = r"(?:\s?(?:account|naam|name|username|gebruikersnaam|handle|tag|id)){0,2}\s?(?:is|heet|=|:)\s{0,2}"
HANDLES = (
    rf"\b(?:{_PLATFORM})\b[^\n.?!@]{{0,30}}?" + _SIGNED,
    _SIGNED + rf"[^\n.?!@]{{1,12}}?\b(?:{_PLATFORM})\b",
    rf"\b(?:{_PLATFORM}){_IS}" + _OWN,
    rf"\b(?:{_PLATFORM})\s?:\s{{0,2}}(?P<handle>[a-z][\w.-]{{3,30}})(?=\s{{0,3}}(?:[,;.!]?\s{{0,3}}\Z|[,;\n]))",
    rf"\b(?:mijn|my)\s(?:{_PLATFORM})\s?:\s{{0,2}}(?P<handle>[a-z][\w.-]{{3,30}}\w)\b",
)

# From the registry of ISO 13616; the countries that people here are likely to have an account in.
_LENGTHS = """NL18 BE16 DE22 FR27 GB22 IE22 LU20 ES24 IT27 PT25 AT20 CH21 PL28 DK18 SE24 NO15 FI18 CZ24 SK24 HU28 RO24
    BG22 GR27 HR21 SI19 EE20 LV21 LT20 MT31 CY28 TR26 LI21 IS26 MC27 MA28 UA29"""
IBAN_LENGTHS = {pair[:2]: int(pair[2:]) for pair in _LENGTHS.split()}
IBAN = r"(?<![a-z0-9])[a-z]{2}[ ]?\d{2}(?:[ .-]?[a-z0-9]){11,30}"

NO_POSTCODE_LETTERS = frozenset({"SA", "SD", "SS"})  # never given out
_SHORT_WORDS = """en of is in op te de ik je we ze zo om al na nu uw er ja km kg cm mm ml eu st nd rd th am pm to at on
    by my me he it us or so no do go if an as be mb gb kb tb px xp"""
SHORT_WORDS = frozenset(_SHORT_WORDS.split())
_STREET = (
    r"(?<![\w'’-])[\w'’-]{0,40}(?:straat|laan|weg|plein|gracht|kade|dijk|hof|singel|pad|steeg|dreef|plantsoen|markt|baan|wal"
    r"|burg|veld|kamp|akker|erf|oord|park|lei)"
)
_NUMBER = (
    r"(?:(?:huis)?nummer|huisnr|nr|no|number)?[.:]?\s{0,2}\d{1,5}(?:\s?-?\s?[a-h]\b|\s?-\s?\d{1,4}|\s?(?:bis|hs))?"
)
_NOT_COUNTED = (
    r"(?![\d:%]|[.,]\d|\s{0,2}(?:jaar|jr|uur|euro|years?|yrs|dagen|days|maanden|months|keer|times|kinderen|x\b))"
)
_POSTCODE = r"(?<![\w.,-])(?P<digits>[1-9]\d{3})(?P<gap>\s?)(?P<letters>[a-z]{2})\b"
_UK_STREET = r"(?:street|st|road|rd|lane|avenue|ave|close|drive|way|court|crescent|gardens|terrace|place|grove|hill)"
ADDRESSES = (
    # 1234 AB 12; 1234AB, nr. 12-2; 1234 AB Plaats, huisnummer 12
    _POSTCODE + r"[,;]?\s{1,2}" + _NUMBER + r"\b" + _NOT_COUNTED,
    _POSTCODE
    + r"[^\n.?!\d]{0,30}?\b(?:(?:huis)?nummer|huisnr|nr|house number|number)[.:]?\s{0,2}\d{1,5}\b"
    + _NOT_COUNTED,
    # Voorbeeldstraat 12, 1234 AB; 12 1234AB
    rf"(?:(?P<street>{_STREET})\s{{1,2}})?(?<![\w.,-])"
    + _NUMBER
    + r"(?:\s?[,;/-]\s{0,2}|\s{1,2})(?:(?:te|in|met|en|and)\s)?(?:postcode|zip)?:?\s{0,2}"
    + _POSTCODE,
    # Belgium: Voorbeeldstraat 12, 9999 Plaats
    rf"{_STREET}\s{{1,2}}(?:nr\.?\s?)?\d{{1,4}}[a-z]?(?:\s?bus\s?\w{{1,4}})?,?\s{{1,2}}(?:te\s|in\s)?(?:B-)?[1-9]\d{{3}}"
    r"\s(?-i:[A-Z])[\w'-]{2,40}",
    # United Kingdom: 12 Example Street, Town AB1 2CD
    rf"\b\d{{1,4}}[a-z]?,?\s(?:[a-z'’-]{{2,30}}\s){{1,3}}{_UK_STREET}\b[^\n?!]{{0,40}}?\b[a-z]{{1,2}}\d[a-z\d]?\s?\d[a-z]{{2}}\b",
)

DATE = r"(?<!\d)(?:\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d|(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2})(?!\d)"
FEWEST_DIGITS, MOST_DIGITS = 9, 17  # of a number that somebody can be called on; '00' and a country in front
NUMBER = r"(?<![\d.,])(?:\+\s?|\()?\(?\d(?:[ \t\u00a0.\-/()_–]{0,3}[+]?\d){7,60}(?!\d)"
BARE_COUNTRIES = ("31", "32", "44")  # '31612345678': without the plus only a mobile number is one
NATIONAL_ZERO = re.compile(r"^(31|32|44|49|33)0")  # +31 (0)6 …

_NO_MORE = r"(?![\w]|[.,-]\d)"
CITIZEN = r"(?<![\w.,-])(?:\d{8,9}|\d{3}[ .]\d{3}[ .]\d{3}|\d{4}[ .-]\d{2}[ .-]\d{3})" + _NO_MORE
REGISTER = r"(?<![\w.,-])\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[-. ]?\d{2}" + _NO_MORE  # Belgium: begins with a birthday
CALLED_CITIZEN = r"\b(?:bsn|burger\s?service\s?nummer|sofi|citizen service)"
MONEY_BEFORE = r"(?:€|\$|£|euro|eur|bedrag|amount)\s{0,2}$"
HELPLINES = ("0800", "0900", "0909")  # some pass the eleven test
