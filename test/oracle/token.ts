export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol';
  /** Quotes and doubled quotes taken away. */
  readonly text: string;
}

const TOKEN =
  /\s+|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|"(?<quoted>(?:[^"]|"")*)"|'(?<string>(?:[^']|'')*)'|(?<symbol><>|!=|<=|>=|\|\||[=<>+\-*/%(),.[\]])/uy;

/** The words of an expression. Throws a SyntaxError where a character belongs to none. */
export function tokens(source: string): Token[] {
  const list: Token[] = [];
  for (let at = 0; at < source.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(source)?.groups;
    if (!groups) throw new SyntaxError(`no word of the language at ${at} of "${source}"`);
    const token = tokenOf(groups);
    if (token) list.push(token);
  }
  return list;
}

function tokenOf(groups: Record<string, string | undefined>): Token | null {
  if (groups.quoted !== undefined) return { kind: 'quoted', text: groups.quoted.replaceAll('""', '"') };
  if (groups.string !== undefined) return { kind: 'string', text: groups.string.replaceAll("''", "'") };
  for (const kind of ['number', 'word', 'symbol'] as const) {
    const text = groups[kind];
    if (text !== undefined) return { kind, text };
  }
  return null;
}
