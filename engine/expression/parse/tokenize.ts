import { hints } from '../../diagnostic/messages.ts';
import { problem, SyntaxStop } from '../problem.ts';

/** A piece of an expression's text. Offsets are those of the text it stands in. */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol' | 'end';
  /** A word, number or symbol as written; a quoted name or string without its quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Letters, digits and _, as PostgreSQL's identifiers: what needs no quotes as a name. */
export const WORD = /[\p{L}_][\p{L}\p{N}_$]*/u;

/** Comments of SQL. They are no tokens: `1 --1` would lose what stands behind. */
const COMMENTS = ['--', '/*'];

const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

// A number takes the letters behind it along, so that `12ab` is one mistake and not two tokens.
const TOKEN = new RegExp(
  [
    /(?<space>\s+)/,
    new RegExp(`(?<word>${WORD.source})`, 'u'),
    /"(?<name>[^"]*(?:""[^"]*)*)"/,
    /'(?<string>[^']*(?:''[^']*)*)'/,
    /(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[\p{L}\p{N}_$.]*)/u,
    /(?<comment>--|\/\*)/,
    /(?<symbol><>|!=|<=|>=|\|\||[-+*/%=<>().,[\]])/,
  ]
    .map((each) => each.source)
    .join('|'),
  'uy',
);

/** Cuts an expression into tokens; the last one is the end. `at` places a finding, which is thrown as a SyntaxStop. */
export function tokenize(text: string, at: (offset: number) => number): readonly Token[] {
  const tokens: Token[] = [];
  let start = 0;
  while (start < text.length) {
    TOKEN.lastIndex = start;
    const groups = TOKEN.exec(text)?.groups;
    const end = TOKEN.lastIndex;
    if (groups === undefined || groups.comment !== undefined) throw notAToken(text, start, at);
    const token = tokenOf(groups, start, end);
    if (token?.kind === 'number' && !NUMBER.test(token.text)) {
      throw new SyntaxStop(problem('BAD_NUMBER', { text: token.text }, { start: at(start), end: at(end) }));
    }
    if (token !== null) tokens.push(token);
    start = end;
  }
  tokens.push({ kind: 'end', text: '', start, end: start });
  return tokens;
}

function tokenOf(groups: Record<string, string | undefined>, start: number, end: number): Token | null {
  const { word, name, string, number, symbol } = groups;
  if (word !== undefined) return { kind: 'word', text: word, start, end };
  if (name !== undefined) return { kind: 'name', text: name.replaceAll('""', '"'), start, end };
  if (string !== undefined) return { kind: 'string', text: string.replaceAll("''", "'"), start, end };
  if (number !== undefined) return { kind: 'number', text: number, start, end };
  if (symbol !== undefined) return { kind: 'symbol', text: symbol, start, end };
  return null;
}

function notAToken(text: string, start: number, at: (offset: number) => number): SyntaxStop {
  const comment = COMMENTS.find((each) => text.startsWith(each, start));
  const found = comment ?? String.fromCodePoint(text.codePointAt(start) ?? 0);
  const span = { start: at(start), end: at(start + found.length) };
  if (found === "'" || found === '"') return new SyntaxStop(problem('OPEN_QUOTE', { quote: found }, span));
  const hint = comment ? hints.noComment : found === ':' ? hints.castInstead : undefined;
  return new SyntaxStop(problem('EXPRESSION_SYNTAX', { found, expected: 'an operator' }, span, hint));
}
