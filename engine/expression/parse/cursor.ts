import type { Span } from '../../diagnostic/diagnostic.ts';
import type { ParsedExpression } from '../expression.ts';
import { type ExpressionProblem, problem, SyntaxStop } from '../problem.ts';
import type { Token } from './tokenize.ts';

/** The parser's place in the tokens. What it takes is gone; what it expects and does not find, it throws as a SyntaxStop. */
export interface Cursor {
  /** The token `ahead` places on, without taking it. */
  peek(ahead?: number): Token;
  next(): Token;
  /** Takes a keyword (in lower case) or a symbol if it stands here. */
  take(text: string): boolean;
  expect(text: string): void;
  /** What is wrong here: another token, or the end, stands where `expected` belongs. */
  stop(expected: string): SyntaxStop;
  spanOf(token: Token): Span;
  /** From the token's start to the end of what was taken last. */
  spanFrom(token: Token): Span;
  /** Counts one call of the parser inside another, and says how many there are; `shallower` takes it back. */
  deeper(): number;
  shallower(): void;
  /** Parses a whole expression, as inside parentheses. */
  expression(): ParsedExpression;
  /** Mistakes after which parsing can go on. */
  readonly problems: ExpressionProblem[];
}

/** Opens a cursor on tokens that end with the end. `parse` is what `expression` does. */
export function openCursor(
  tokens: readonly Token[],
  at: (offset: number) => number,
  parse: (cursor: Cursor) => ParsedExpression,
): Cursor {
  let place = 0;
  let depth = 0;
  const last = tokens.length - 1;
  const token = (index: number): Token => tokens[Math.min(index, last)] as Token;
  const cursor: Cursor = {
    problems: [],
    peek: (ahead = 0) => token(place + ahead),
    next: () => token(place++),
    take: (text) => {
      const taken = says(token(place), text);
      if (taken) place++;
      return taken;
    },
    expect: (text) => {
      if (!cursor.take(text)) throw cursor.stop(`"${text}"`);
    },
    stop: (expected) => {
      const here = token(place);
      const span = cursor.spanOf(here);
      if (here.kind === 'end') return new SyntaxStop(problem('EXPRESSION_ENDS', { expected }, span));
      return new SyntaxStop(problem('EXPRESSION_SYNTAX', { found: here.text, expected }, span));
    },
    spanOf: ({ start, end }) => ({ start: at(start), end: at(end) }),
    spanFrom: ({ start }) => ({ start: at(start), end: at(token(place - 1).end) }),
    deeper: () => ++depth,
    shallower: () => {
      depth--;
    },
    expression: () => parse(cursor),
  };
  return cursor;
}

/** Whether a token is this keyword (which has no case) or symbol. */
export function says(token: Token, text: string): boolean {
  return token.kind === 'symbol' ? token.text === text : token.kind === 'word' && token.text.toLowerCase() === text;
}
