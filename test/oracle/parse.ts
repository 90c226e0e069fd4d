import { isAggregate, parseAggregate } from './aggregate.ts';
import { numberOfText, type OracleType } from './datum.ts';
import type { Node } from './node.ts';
import { type Reader, readerOf } from './reader.ts';
import { type Token, tokens } from './token.ts';

const NULL: Node = { kind: 'value', value: null };
const COMPARISONS = ['=', '<>', '!=', '<', '<=', '>', '>='];

/** Parses with PostgreSQL's precedence: or, and, not, is, comparison, in/between/like, ||, + -, * / %, sign. */
export function parseExpression(source: string): Node {
  const reader = readerOf(tokens(source));
  const node = parseOr(reader);
  if (!reader.done()) throw new SyntaxError(`"${source}" goes on after its end`);
  return node;
}

function parseOr(reader: Reader): Node {
  return leftward(reader, ['or'], () => leftward(reader, ['and'], () => parseNot(reader)));
}

function leftward(reader: Reader, operators: readonly string[], operand: () => Node): Node {
  let left = operand();
  for (let op = reader.take(...operators); op; op = reader.take(...operators)) {
    left = { kind: 'binary', op, left, right: operand() };
  }
  return left;
}

function parseNot(reader: Reader): Node {
  return reader.take('not') ? not(parseNot(reader)) : parseIs(reader);
}

function parseIs(reader: Reader): Node {
  let operand = parseComparison(reader);
  while (reader.take('is')) {
    const negated = reader.take('not') !== null;
    reader.expect('null');
    operand = unless(negated, { kind: 'is null', operand });
  }
  return operand;
}

function parseComparison(reader: Reader): Node {
  const left = parseRange(reader);
  const op = reader.take(...COMPARISONS);
  return op ? { kind: 'binary', op: op === '!=' ? '<>' : op, left, right: parseRange(reader) } : left;
}

function parseRange(reader: Reader): Node {
  const operand = parseText(reader);
  const negated = reader.take('not') !== null;
  if (reader.take('in')) return unless(negated, { kind: 'in', operand, list: parseArguments(reader) });
  if (reader.take('like'))
    return unless(negated, { kind: 'binary', op: 'like', left: operand, right: parseText(reader) });
  if (!reader.take('between')) return operand;
  const low = parseText(reader);
  reader.expect('and');
  return unless(negated, both(compare('>=', operand, low), compare('<=', operand, parseText(reader))));
}

function parseText(reader: Reader): Node {
  return leftward(reader, ['||'], () =>
    leftward(reader, ['+', '-'], () => leftward(reader, ['*', '/', '%'], () => parseSign(reader))),
  );
}

function parseSign(reader: Reader): Node {
  const op = reader.take('-', '+');
  return op ? { kind: 'unary', op, operand: parseSign(reader) } : parsePrimary(reader);
}

function parsePrimary(reader: Reader): Node {
  if (reader.take('(')) {
    const inner = parseOr(reader);
    reader.expect(')');
    return inner;
  }
  if (reader.take('case')) return parseCase(reader);
  if (reader.take('null')) return NULL;
  const truth = reader.take('true', 'false');
  if (truth) return { kind: 'value', value: { type: 'boolean', value: truth === 'true' } };
  const token = reader.next();
  if (token.kind === 'string') return { kind: 'value', value: { type: 'literal', value: token.text } };
  if (token.kind === 'number') return { kind: 'value', value: numberOfText(token.text) };
  if (token.kind === 'word' && reader.followedBy('(')) return parseCall(reader, token.text.toLowerCase());
  return parsePath(reader, token);
}

function parsePath(reader: Reader, first: Token): Node {
  const segments: (string | number)[] = [nameOf(first)];
  for (;;) {
    if (reader.take('.')) segments.push(nameOf(reader.next()));
    else if (reader.take('[')) {
      segments.push(Number(reader.next().text));
      reader.expect(']');
    } else return { kind: 'path', segments };
  }
}

function nameOf(token: Token): string {
  if (token.kind !== 'word' && token.kind !== 'quoted') throw new SyntaxError(`"${token.text}" is no name`);
  return token.text;
}

function parseCall(reader: Reader, name: string): Node {
  if (isAggregate(name)) return parseAggregate(reader, name, parseOr);
  if (name !== 'cast') return { kind: 'call', name, args: parseArguments(reader) };
  reader.expect('(');
  const operand = parseOr(reader);
  reader.expect('as');
  const type = reader.next().text.toLowerCase() as OracleType;
  reader.expect(')');
  return { kind: 'cast', operand, type };
}

function parseArguments(reader: Reader): Node[] {
  reader.expect('(');
  const args = [parseOr(reader)];
  while (reader.take(',')) args.push(parseOr(reader));
  reader.expect(')');
  return args;
}

function parseCase(reader: Reader): Node {
  const operand = reader.followedBy('when') ? null : parseOr(reader);
  const whens: [Node, Node][] = [];
  while (reader.take('when')) {
    const when = parseOr(reader);
    reader.expect('then');
    whens.push([operand ? compare('=', operand, when) : when, parseOr(reader)]);
  }
  const otherwise = reader.take('else') ? parseOr(reader) : NULL;
  reader.expect('end');
  return { kind: 'case', whens, otherwise };
}

function compare(op: string, left: Node, right: Node): Node {
  return { kind: 'binary', op, left, right };
}

function both(left: Node, right: Node): Node {
  return { kind: 'binary', op: 'and', left, right };
}

function not(operand: Node): Node {
  return { kind: 'unary', op: 'not', operand };
}

function unless(negated: boolean, node: Node): Node {
  return negated ? not(node) : node;
}
