/**
 * Which names go on from what was typed? Compared as the finder compares them (`regions/names.py`).
 */
const MOST = 8;
const FEWEST_LETTERS = 2;

/** Returns a name as compared: small letters without accents, apostrophes and punctuation. */
export function key(name) {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\p{Mn}\p{Cf}'`\u00b4\u02bc\u2018\u2019\u201b\u2032]/gu, "")
    .replace(/&/g, " and ")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .replace(/^the /, "")
    .replace(/\bsaint\b/g, "st");
}

/** Returns names with their keys, to be compared many times. */
export function indexed(names) {
  return names.map((name) => ({ name, key: ` ${key(name)} ` }));
}

/**
 * Returns the names that begin with what was typed, then those of which a later word does, each in
 * the order of the index. None for a single letter, and none for what is no name: a postcode or a
 * number, even half of one.
 */
export function matching(typed, index) {
  // A word that is ended by a space is a whole one.
  const wanted = ` ${key(typed)}${/\s$/.test(typed) ? " " : ""}`;
  if (/\d/.test(wanted) || wanted.trim().length < FEWEST_LETTERS) return [];
  const begin = index.filter((entry) => entry.key.startsWith(wanted));
  const later = index.filter((entry) => entry.key.indexOf(wanted) > 0);
  return [...begin, ...later].slice(0, MOST).map((entry) => entry.name);
}

/** Returns a name in three parts: before what was typed, that itself, and after it. */
export function parted(name, typed) {
  const wanted = key(typed);
  for (let start = 0; start < name.length; start += 1) {
    const follows = start === 0 || /[^\p{L}\p{N}]/u.test(name[start - 1]);
    for (let end = start + 1; follows && end <= name.length; end += 1) {
      if (key(name.slice(start, end)) === wanted) {
        return [name.slice(0, start), name.slice(start, end), name.slice(end)];
      }
    }
  }
  return [name, "", ""];
}
