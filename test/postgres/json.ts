/** Literals of jsonb: objects with the members that a mapping looks for, and much that they have to stand. */
import type { Dice } from './dice.ts';
import { quoted } from './value.ts';

/** Draws the JSON text of a member's value. */
export type Member = (dice: Dice) => string;

const SCALARS = [
  'null',
  'true',
  '1.10',
  '-0.0',
  '12345678901234567890.123',
  '1e3',
  '""',
  '"x"',
  '"it\'s \\"é\\" \\\\ \\n"',
];
const ANY = [...SCALARS, '[]', '{}', '[1, {"b": 2.50, "a": null}]', '{"b": {"c": "\\ud83e\\udd8a"}, "a": [null]}'];

/** Any JSON, mostly small. */
export function anyJson(dice: Dice): string {
  return dice.pick(ANY);
}

/** A number without a fraction, as a number or as a text of it. */
export function wholeJson(dice: Dice): string {
  return dice.pick(['0', '-7', '42', '"42"', '9007199254740993', 'null']);
}

export function wordJson(...words: readonly string[]): Member {
  return (dice) => (dice.chance(25) ? anyJson(dice) : JSON.stringify(dice.pick(words)));
}

export function objectJson(members: Readonly<Record<string, Member>>): Member {
  return (dice) => (dice.chance(10) ? anyJson(dice) : objectOf(dice, members));
}

/** A list of objects, and never anything else: PostgreSQL takes a lone scalar of jsonb for a list of one. */
export function listJson(member: Member): Member {
  return (dice) => `[${Array.from({ length: dice.below(3) }, () => member(dice)).join(', ')}]`;
}

/** Draws a literal of jsonb. One in four is so large that it is stored apart, and then left out of updates. */
export function jsonb(members: Readonly<Record<string, Member>>): (dice: Dice) => string {
  return (dice) => {
    if (dice.chance(15)) return quoted(anyJson(dice));
    return quoted(objectOf(dice, dice.chance(30) ? { ...members, pad: largeText } : members));
  };
}

function objectOf(dice: Dice, members: Readonly<Record<string, Member>>): string {
  const present = Object.entries(members).filter(([name]) => name === 'pad' || dice.chance(80));
  return `{${present.map(([name, draw]) => `${JSON.stringify(name)}: ${draw(dice)}`).join(', ')}}`;
}

/** More than 8 kB that do not compress. */
function largeText(dice: Dice): string {
  const words = Array.from({ length: 1_600 + dice.below(400) }, () => dice.below(2 ** 31).toString(36));
  return `"${words.join('')}"`;
}
