import { type ExpressionProblem, problem } from './problem.ts';

/** Names in brackets that jsonpath-plus takes as names: it splits at commas and treats `*`, `..`, `1:3`, `^`, `~`, `@` in its own way. */
const NAME = String.raw`[\p{L}_][\p{L}\p{N}_\-]*`;
const QUOTED = String.raw`[\p{L}\p{N}_](?:[\p{L}\p{N}_ .\/\-]*[\p{L}\p{N}_\/\-])?`;

const STEP = new RegExp(
  [
    String.raw`\.\.?(?:\*|${NAME})`,
    String.raw`(?:\.\.)?\[(?:\*|\d+(?:,\d+)*|-?\d*:-?\d*(?::[1-9]\d*)?|'${QUOTED}'|"${QUOTED}")\]`,
  ].join('|'),
  'uy',
);

/** What is wrong with a JSON path, the same for every data; null where nothing is. The span is of the path itself. */
export function jsonPathProblem(query: string): ExpressionProblem | null {
  const span = { start: 0, end: query.length };
  if (/\(/.test(query.replaceAll(/'[^']*'|"[^"]*"/g, ''))) return problem('JSONPATH_SCRIPT', { query }, span);
  if (!query.startsWith('$')) return problem('JSONPATH_SYNTAX', { rest: query }, span);
  for (let at = 1; at < query.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    if (!STEP.test(query))
      return problem('JSONPATH_SYNTAX', { rest: query.slice(at) }, { start: at, end: query.length });
  }
  return null;
}
