/**
 * What could name somebody in a message: the browser's look, before anything is sent. The server looks again with
 * libraries (web/core/details.py); both hold to tests/details.json. No lookbehind: older Safaris do not read it,
 * so the first group of a pattern is what stands before the detail.
 */
import type { DetailKind, Noticed } from "./protocol";

export interface Found {
  readonly kind: DetailKind;
  readonly start: number;
  readonly end: number;
}

const { raw } = String;
const PLATFORM = raw`\b(?:insta(?:gram)?|ig|snap(?:chat)?|tik ?tok|facebook|fb|discord|telegram|twitter|steam|kik|roblox|psn|xbox|skype|reddit)\b`;
const PROVIDER = "(?:gmail|hotmail|outlook|live|icloud|yahoo|proton|ziggo|kpnmail|telenet|skynet)";
const AT = raw`(?:\s?(?:@|[([](?:at|apenstaartje)[)\]])\s?|\s(?:at|apenstaart(?:je)?)\s)`;
const SIGN = AT.replace("at|apenstaart(?", "apenstaart(?"); // 'at' is also a word
const DOT = raw`(?:\s?(?:\.|[([](?:dot|punt)[)\]])\s?|\s(?:dot|punt)\s)`;
const ENDING = raw`${DOT}(?:nl|be|com|org|net|eu|uk|de|fr|me|info)\b`;

const EMAIL =
  raw`(^|[^\w.+-])[\w+-](?:[\w.+-]{0,62}[\w+-])?(?:${SIGN}\w[\w-]{0,62}(?:\.[\w-]{1,62}){0,3}${DOT}[a-z]{2,12}\b` +
  raw`|${SIGN}${PROVIDER}\b|${AT}(?:${PROVIDER}|[\w-]{1,62}(?=\s[dp]))${ENDING})`;

const LINK =
  raw`(^|[^\w.@/-])(?:https?://)?(?:www\.|m\.|nl\.|nl-nl\.)?(?:` +
  raw`(?:instagram\.com|facebook\.com|fb\.com|fb\.me|x\.com|twitter\.com|t\.me|telegram\.me|twitch\.tv)/(?!(?:help|about|legal|explore|polic|privacy|terms|login|safety|support|home|settings|business|search|hashtag|share|groups|events|reel|p/|i/))\w` +
  raw`|wa\.me/\d|snapchat\.com/add/|(?:tiktok|youtube|threads)\.\w{3}/@|linkedin\.com/in/|discord\.gg/|discord(?:app)?\.com/(?:users|invite)/` +
  raw`|steamcommunity\.com/(?:id|profiles)/|reddit\.com/u(?:ser)?/|bsky\.app/profile/|roblox\.com/users/)[\w/?=&%.@+-]+`;
const PLAIN = raw`(?:\s(?:account|naam|name|username|gebruikersnaam|tag|id))?\s?(?:is|heet|=|:)\s{0,2}`;
const SIGNED = raw`@\w(?:[\w.-]{0,40}\w)(?!@)`;
const HANDLES = [
  raw`(${PLATFORM}(?:[^\n.?!@]{0,29}[^\n.?!@\w])??)${SIGNED}`,
  raw`(^|[^\w@.])${SIGNED}(?=[^\n.?!@]{1,12}?${PLATFORM})`,
  raw`(${PLATFORM}${PLAIN})(?=[a-z._]{0,30}[\d_#]|[a-z]{2,20}\.[a-z])[a-z_][\w.-]{1,30}\w(?:#\d{4})?(?!@)\b`,
  raw`(${PLATFORM}\s?:\s{0,2})[a-z][\w.-]{3,30}(?=\s{0,3}(?:[,;.!]?\s{0,3}$|[,;\n]))`,
];

const IBAN = "(^|[^a-z0-9])[a-z]{2} ?\\d{2}(?:[ .-]?[a-z0-9]){11,30}";
const IBAN_LENGTHS = "NL18BE16DE22FR27GB22IE22LU20ES24IT27PT25AT20CH21PL28DK18SE24NO15RO24TR26MA28";

const STREET = raw`[\w'’-]{0,40}(?:straat|laan|weg|plein|gracht|kade|dijk|hof|singel|pad|steeg|dreef|markt|park|lei)`;
const CALLED = raw`(?:(?:huis|house )?num(?:m|b)er|huisnr|nr|no)`;
const HOUSE = raw`(?:${CALLED}?[.:]?\s{0,2}\d{1,5}(?:\s?-?\s?[a-h]\b|\s?-\s?\d{1,4}|\s?bis)?)`;
const COUNTED = raw`(?![\d:%]|[.,]\d|\s{0,2}(?:jaar|jr|uur|euro|year|dagen|days|maand|month|keer|times|kinderen|x\b))`;
const POSTCODE = raw`(?<digits>[1-9]\d{3})(?<gap>\s?)(?<letters>[a-z]{2})\b`;
const ADDRESSES = [
  raw`(^|[^\w.,-])${POSTCODE}(?:[,;]?\s{1,2}${HOUSE}|[^\n.?!\d]{0,30}?\b${CALLED}[.:]?\s{0,2}\d{1,5})\b${COUNTED}`,
  raw`(^|[^\w.,'’-])(?:(?<street>${STREET})\s{1,2})?${HOUSE}(?:\s?[,;/-]\s{0,2}|\s{1,2})(?:(?:te|in|en|and)\s)?(?:postcode)?:?\s{0,2}${POSTCODE}`,
  raw`(^|[^\w'’-])${STREET}\s{1,2}(?:nr\.?\s?)?\d{1,4}[a-z]?(?:\s?bus\s?\w{1,4})?,?\s{1,2}[1-9]\d{3}\s(?<town>[a-z])[\w'-]{2,40}`,
  raw`(^|\W)\d{1,4}[a-z]?,?\s(?:[a-z'’-]{2,30}\s){1,3}(?:street|st|road|rd|lane|avenue|close|drive|way|court)\b[^\n?!]{0,40}?\b[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}\b`,
];
const SHORT_WORDS = /^(?:en|of|is|in|op|te|de|ik|je|we|ze|zo|om|al|na|nu|er|[kcm]?m|[km]g|ml|[snrt][tdh]|[ap]m|to|at|on|by|my|he|it|or|so|x|px|[mgk]b)$/i;

const DATE = /\b(?:\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d|(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2})\b/g;
const NUMBER = raw`(^|[^\d.,])(?:\+\s?|\()?\(?\d(?:[ \t\u00a0.\-/()_–]{0,3}\+?\d){7,60}(?!\d)`;
const PUBLIC = /^(?:20261527|88076700|137284716|800|90\d)/; // the beginnings of helplines, without zero and country
const NO_MORE = raw`(?!\w|[.,-]\d)`;
const CITIZEN = raw`(^|[^\w.,-])(?:\d{8,9}|\d{3}[ .]\d{3}[ .]\d{3}|\d{4}[ .-]\d{2}[ .-]\d{3})${NO_MORE}`;
const REGISTER = raw`(^|[^\w.,-])\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[-. ]?\d{2}${NO_MORE}`;

type Match = RegExpMatchArray & { readonly index: number };

function* matches(pattern: string, text: string): Generator<{ found: Match; start: number; end: number }> {
  for (const found of text.matchAll(new RegExp(pattern, "gi")) as Iterable<Match>) {
    yield { found, start: found.index + (found[1] ?? "").length, end: found.index + found[0].length };
  }
}

type Spans = Iterable<readonly [number, number]>;

function* whole(text: string, ...patterns: string[]): Spans {
  for (const pattern of patterns) for (const { start, end } of matches(pattern, text)) yield [start, end];
}

function* profiles(text: string): Spans {
  for (const [start, end] of whole(text, LINK, ...HANDLES)) {
    yield [start, start + text.slice(start, end).replace(/[.,\-?!/&]+$/, "").length];
  }
}

function* ibans(text: string): Spans {
  for (const { start, end } of matches(IBAN, text)) {
    const characters = Array.from({ length: end - start }, (_, at) => start + at).filter((at) => /\w/.test(text.charAt(at)));
    const at = IBAN_LENGTHS.indexOf(text.slice(start, start + 2).toUpperCase());
    const length = at % 4 === 0 ? Number(IBAN_LENGTHS.slice(at + 2, at + 4)) : 0;
    const last = characters[length - 1];
    if (length === 0 || last === undefined || /\w/.test(text.charAt(last + 1))) continue;
    const account = characters.slice(0, length).map((which) => text.charAt(which));
    const turned = [...account.slice(4), ...account.slice(0, 4)].map((one) => parseInt(one, 36)).join("");
    if (BigInt(turned) % 97n === 1n) yield [start, last + 1];
  }
}

function* addresses(text: string): Spans {
  for (const pattern of ADDRESSES) {
    for (const { found, start, end } of matches(pattern, text)) {
      const { digits = "", gap = "", letters, street, town } = found.groups ?? {};
      if (town !== undefined && town === town.toLowerCase()) continue;
      if (letters !== undefined) {
        const written = letters.toUpperCase();
        if (["SA", "SD", "SS"].includes(written)) continue;
        const year = /^(?:19|20)/.test(digits) && gap !== "";
        const word = SHORT_WORDS.test(letters);
        if (letters !== written && street === undefined && (year || word)) continue;
      }
      yield [start, end];
    }
  }
}

/** By the numbering plans of the Netherlands, Belgium and Britain; of other countries by their length. */
function isPhone(lead: string, digits: string): boolean {
  const foreign = lead.startsWith("+") || digits.startsWith("00");
  const bare = (lead.startsWith("+") ? digits : digits.slice(2)).replace(/^(31|32|44|49|33)0/, "$1");
  const national = foreign ? bare.replace(/^(31|32|44)/, "") : digits.slice(1);
  if (PUBLIC.test(national)) return false;
  if (!foreign) {
    const own = /^0(?:6[1-58]\d{7}|(?:[1-357]\d|4[03-68])\d{7}|8[2-8]\d{7}|4[5-9]\d{7}|[12]\d{9}|3\d{9}|7[1-9]\d{8}|(?:[2-49][2-9]|[15-8][1-9])\d{6})$/;
    return own.test(digits) || /^(?:316[1-58]\d{7}|324[5-9]\d{7}|447\d{9})$/.test(digits);
  }
  if (bare.startsWith("31")) return /^31[1-9]\d{8}$/.test(bare);
  if (bare.startsWith("32")) return /^32[1-9]\d{7,8}$/.test(bare);
  if (bare.startsWith("44")) return /^44[1-9]\d{8,9}$/.test(bare);
  return /^[1-9]\d{8,14}$/.test(bare);
}

function* phones(text: string): Spans {
  const undated = text.replace(DATE, (date) => "\n".repeat(date.length));
  for (const { start, end } of matches(NUMBER, undated)) {
    const piece = undated.slice(start, end);
    const groups = [...(piece.matchAll(/\+\s?\d+|\d+/g) as Iterable<Match>)];
    for (let first = 0; first < groups.length; first += 1) {
      const lead = groups[first];
      if (lead === undefined || !/^(?:[0+]|31|32|44)/.test(lead[0])) continue;
      for (let last = Math.min(groups.length, first + 17) - 1; last >= first; last -= 1) {
        const group = groups[last] ?? lead;
        const stop = group.index + group[0].length;
        const digits = piece.slice(lead.index, stop).replace(/\D/g, "");
        if (lead[0] === "0" && !/^0[0467]/.test(digits)) break; // '0 10 20 30' counts, '0 6 1 2' dials
        if (!isPhone(lead[0], digits)) continue;
        const opened = piece.charAt(lead.index - 1) === "(" ? 1 : 0;
        yield [start + lead.index - opened, start + stop];
        first = last;
        break;
      }
    }
  }
}

function* registers(text: string): Spans {
  for (const [start, end] of whole(text, REGISTER)) {
    const digits = text.slice(start, end).replace(/\D/g, "");
    const valid = ["", "2"].some((century) => 97 - (Number(century + digits.slice(0, 9)) % 97) === Number(digits.slice(9)));
    if (valid && /^..(?:0\d|1[0-2])(?:[0-2]\d|3[01])/.test(digits)) yield [start, end];
  }
}

function* citizens(text: string): Spans {
  for (const [start, end] of whole(text, CITIZEN)) {
    const before = text.slice(Math.max(0, start - 40), start);
    const digits = text.slice(start, end).replace(/\D/g, "");
    const called = /\b(?:bsn|burger\s?service\s?nummer|sofi|citizen service)/i.test(before);
    if (/(?:€|\$|£|euro|eur|bedrag|amount)\s{0,2}$/i.test(before)) continue;
    if (!called && (digits.length === 8 || /^0(?:800|90)/.test(digits))) continue;
    const weights = digits.padStart(9, "0").replace(/\d/g, (digit, at: number) => `${Number(digit) * (at === 8 ? -1 : 9 - at)} `);
    const sum = weights.trim().split(" ").reduce((total, one) => total + Number(one), 0);
    if (Number(digits) > 0 && sum % 11 === 0) yield [start, end];
  }
}

/** The surest first: what is taken is not looked at again. */
const FINDERS: readonly (readonly [DetailKind, (text: string) => Spans])[] = [
  ["email", (text) => whole(text, EMAIL)],
  ["profile", profiles],
  ["iban", ibans],
  ["address", addresses],
  ["citizen_number", registers],
  ["phone", phones],
  ["citizen_number", citizens],
];

/** The details in the text, in their order; none lies over another. */
export function find(text: string): readonly Found[] {
  const found: Found[] = [];
  let left = text;
  for (const [kind, spans] of FINDERS) {
    let taken = 0;
    for (const [start, end] of [...spans(left)].sort((one, other) => one[0] - other[0])) {
      if (start < taken) continue;
      found.push({ kind, start, end });
      left = left.slice(0, start) + "\n".repeat(end - start) + left.slice(end);
      taken = end;
    }
  }
  return found.sort((one, other) => one.start - other.start);
}

/** Where in the words the server saw its details; it names them in their order. */
export function located(words: string, seen: readonly Noticed[]): readonly Found[] {
  const found: Found[] = [];
  let from = 0;
  for (const { kind, text } of seen) {
    const start = words.indexOf(text, from);
    if (start < 0) continue;
    from = start + text.length;
    found.push({ kind, start, end: from });
  }
  return found;
}
