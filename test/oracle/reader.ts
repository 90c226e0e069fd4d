import type { Token } from './token.ts';

/** Goes over the words of an expression. Symbols and keywords are asked for in lower case. */
export interface Reader {
  readonly done: () => boolean;
  readonly next: () => Token;
  /** Takes the next word if it is one of these, quoted names never. */
  readonly take: (...words: string[]) => string | null;
  readonly expect: (word: string) => void;
  readonly followedBy: (word: string) => boolean;
}

export function readerOf(list: readonly Token[]): Reader {
  let at = 0;
  const word = (index: number): string | null => {
    const token = list[index];
    return token?.kind === 'word' || token?.kind === 'symbol' ? token.text.toLowerCase() : null;
  };
  const take = (...words: string[]): string | null => {
    const found = word(at);
    if (found === null || !words.includes(found)) return null;
    at++;
    return found;
  };
  return {
    done: () => at === list.length,
    next: () => {
      const token = list[at++];
      if (!token) throw new SyntaxError('the expression ends too early');
      return token;
    },
    take,
    expect: (expected) => {
      if (take(expected) === null) throw new SyntaxError(`"${expected}" was expected, not "${list[at]?.text}"`);
    },
    followedBy: (expected) => word(at) === expected,
  };
}
