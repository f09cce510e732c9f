// Reads {"names": [...], "typed": [...]} on standard input and prints, as JSON, the key of each name
// and what is suggested for each text typed.
import { readFileSync } from "node:fs";
import { indexed, key, matching, parted } from "../../assets/matching.mjs";

const { names, typed } = JSON.parse(readFileSync(0, "utf8"));
const index = indexed(names);
const suggested = Object.fromEntries(typed.map((text) => [text, matching(text, index)]));
const parts = Object.fromEntries(
  typed.map((text) => [text, suggested[text].map((name) => parted(name, text))]),
);
process.stdout.write(JSON.stringify({ keys: names.map(key), suggested, parts }));
