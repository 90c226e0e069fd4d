/** What stands between operators: literals, paths, parentheses, case, cast and calls. */
import { hints } from '../../diagnostic/messages.ts';
import { suggestion } from '../../diagnostic/suggest.ts';
import type { ParsedExpression, PathLeaf, Segment } from '../expression.ts';
import { type Arity, aggregates, functions, synonyms, windowFunctions } from '../functions.ts';
import { jsonPathProblem } from '../jsonpath.ts';
import { problem, SyntaxStop } from '../problem.ts';
import { isType, types } from '../types.ts';
import { parseAggregate } from './aggregate.ts';
import { type Cursor, says } from './cursor.ts';
import type { Token } from './tokenize.ts';

const KEYWORDS = new Set('and or not is in between like when then else end as'.split(' '));

const OPERAND = 'a path, a literal or a function';

export function parseOperand(cursor: Cursor): ParsedExpression {
  const start = cursor.peek();
  switch (start.kind) {
    case 'number':
      return { kind: 'number', digits: cursor.next().text, span: cursor.spanOf(start) };
    case 'string':
      return { kind: 'string', value: cursor.next().text, span: cursor.spanOf(start) };
    case 'name':
      return parsePath(cursor);
    case 'word':
      return says(cursor.peek(1), '.') ? parsePath(cursor) : parseWord(cursor, start);
    default:
      return parseParentheses(cursor);
  }
}

/** Expressions with commas between them, up to the closing parenthesis; at least one. */
export function parseList(cursor: Cursor): readonly ParsedExpression[] {
  const list: ParsedExpression[] = [];
  do list.push(cursor.expression());
  while (cursor.take(','));
  if (!cursor.take(')')) throw cursor.stop('"," or ")"');
  return list;
}

function parseParentheses(cursor: Cursor): ParsedExpression {
  const start = cursor.peek();
  if (!cursor.take('(')) throw cursor.stop(OPERAND);
  const inner = cursor.expression();
  if (!cursor.take(')')) throw cursor.stop('an operator or ")"');
  // The parentheses belong to the span, so that a caret stands below all of it.
  return { ...inner, span: cursor.spanFrom(start) };
}

function parseWord(cursor: Cursor, start: Token): ParsedExpression {
  const word = start.text.toLowerCase();
  const span = cursor.spanOf(start);
  if (KEYWORDS.has(word)) throw cursor.stop(OPERAND);
  if (word === 'case') return parseCase(cursor);
  if (says(cursor.peek(1), '(')) return parseCall(cursor, word);
  if (word !== 'null' && word !== 'true' && word !== 'false') return parsePath(cursor);
  cursor.next();
  return word === 'null' ? { kind: 'null', span } : { kind: 'boolean', value: word === 'true', span };
}

function parseCase(cursor: Cursor): ParsedExpression {
  const start = cursor.next();
  const operand = says(cursor.peek(), 'when') && !says(cursor.peek(1), '.') ? null : cursor.expression();
  const whens: { when: ParsedExpression; then: ParsedExpression }[] = [];
  do {
    cursor.expect('when');
    const when = cursor.expression();
    cursor.expect('then');
    // biome-ignore lint/suspicious/noThenProperty: what SQL calls it, and never awaited
    whens.push({ when, then: cursor.expression() });
  } while (says(cursor.peek(), 'when'));
  const otherwise = cursor.take('else') ? cursor.expression() : null;
  if (!cursor.take('end')) throw cursor.stop(otherwise ? '"end"' : '"when", "else" or "end"');
  return { kind: 'case', operand, whens, otherwise, span: cursor.spanFrom(start) };
}

function parseCall(cursor: Cursor, name: string): ParsedExpression {
  const start = cursor.next();
  if (windowFunctions.has(name)) throw new SyntaxStop(problem('WINDOW_FUNCTION', { name }, cursor.spanOf(start)));
  const aggregate = aggregates.find((each) => each === name);
  if (aggregate) return parseAggregate(cursor, start, aggregate);
  cursor.expect('(');
  if (name === 'cast') return parseCast(cursor, start);
  const args = cursor.take(')') ? [] : parseList(cursor);
  const span = cursor.spanFrom(start);
  if (name === 'jsonpath') return jsonPathOf(cursor, args, span);
  const arity = functions.get(name);
  if (arity === undefined) {
    const hint = hintFor(name, [...functions.keys()]);
    cursor.problems.push(problem('UNKNOWN_FUNCTION', { name: start.text }, cursor.spanOf(start), hint));
  } else if (args.length < arity.least || args.length > arity.most) {
    const facts = { name, expected: countOf(arity), actual: args.length };
    cursor.problems.push(problem('ARGUMENT_COUNT', facts, span));
  }
  return { kind: 'call', name, args, span };
}

function countOf({ least, most }: Arity): string {
  if (least === most) return least === 1 ? 'one argument' : `${least} arguments`;
  return `${least} to ${most} arguments`;
}

function parseCast(cursor: Cursor, start: Token): ParsedExpression {
  const operand = cursor.expression();
  cursor.expect('as');
  const named = cursor.peek();
  if (named.kind !== 'word') throw cursor.stop('a type');
  cursor.next();
  if (!cursor.take(')')) throw cursor.stop('")"');
  const type = named.text.toLowerCase();
  const span = cursor.spanFrom(start);
  if (isType(type)) return { kind: 'cast', operand, type, span };
  cursor.problems.push(problem('UNKNOWN_TYPE', { name: named.text }, cursor.spanOf(named), hintFor(type, types)));
  return { kind: 'null', span };
}

function hintFor(name: string, known: readonly string[]): string | undefined {
  const synonym = synonyms.get(name);
  return synonym !== undefined && known.includes(synonym) ? hints.called(synonym) : suggestion(name, known);
}

function jsonPathOf(
  cursor: Cursor,
  args: readonly ParsedExpression[],
  span: ParsedExpression['span'],
): ParsedExpression {
  const [of, query] = args;
  if (args.length !== 2 || of?.kind !== 'path' || of.segments.length !== 2 || query?.kind !== 'string') {
    cursor.problems.push(problem('JSONPATH_ARGUMENTS', undefined, span));
    return { kind: 'null', span };
  }
  const found = jsonPathProblem(query.value);
  if (found) cursor.problems.push({ ...found, span: query.span });
  return { kind: 'jsonpath', of, query: query.value, span };
}

function parsePath(cursor: Cursor): PathLeaf {
  const start = cursor.peek();
  const segments: Segment[] = [parseName(cursor)];
  for (;;) {
    if (cursor.take('.')) segments.push(parseName(cursor));
    else if (says(cursor.peek(), '[')) segments.push(parseIndex(cursor));
    else return { kind: 'path', segments, span: cursor.spanFrom(start) };
  }
}

function parseName(cursor: Cursor): Segment {
  const token = cursor.peek();
  if (token.kind !== 'word' && token.kind !== 'name') throw cursor.stop('a name');
  return { name: cursor.next().text, span: cursor.spanOf(token) };
}

function parseIndex(cursor: Cursor): Segment {
  const start = cursor.next();
  const negative = cursor.take('-');
  const token = cursor.next();
  const place = Number(token.text);
  if (token.kind !== 'number' || !/^\d+$/.test(token.text) || !Number.isSafeInteger(place)) {
    throw new SyntaxStop(problem('BAD_INDEX', { text: token.text }, cursor.spanOf(token)));
  }
  cursor.expect(']');
  // There is no place -0: it is the first.
  return { name: negative && place > 0 ? -place : place, span: cursor.spanFrom(start) };
}
