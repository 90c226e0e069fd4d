import type { ErrorObject } from 'ajv';
import { hints, type Kind } from '../diagnostic/messages.ts';
import { suggestion } from '../diagnostic/suggest.ts';
import { synonyms } from '../expression/functions.ts';
import { entryOf, type MapNode, type Pointed, pointed, type ScalarNode } from './node.ts';
import type { Report } from './report.ts';

/** Reports what ajv says of a document, unless it follows from another of its `errors`. */
export function reportShape(error: ErrorObject, errors: readonly ErrorObject[], root: MapNode, report: Report): void {
  const at = pointed(root, error.instancePath);
  const bound = bounds[titleOf(error)];
  if (bound) {
    report.add('BAD_BOUND', { of: at, expected: bound }, at.span);
    return;
  }
  switch (error.keyword) {
    case 'additionalProperties':
      unknownKey(error, at, report);
      break;
    case 'required':
      if (!isConsequence(error)) missingKey(String(error.params.missingProperty), at, report);
      break;
    case 'anyOf':
      missingKey('source', at, report);
      break;
    case 'not':
      report.add('SOURCE_AND_SOURCES', undefined, entryOf(root, 'sources')?.keySpan ?? at.span);
      break;
    case 'type':
      wrongType(error, at, report);
      break;
    case 'enum':
      unknownValue(error, at, report);
      break;
    case 'pattern':
      wrongText(at, report);
      break;
    case 'minItems':
    case 'minProperties':
      report.add('EMPTY_VALUE', { of: at }, at.span);
      break;
    case 'oneOf':
      if (hasUnknownKey(error, errors)) break;
      if (titleOf(error) !== 'a sink') report.add('JOIN_KIND', undefined, at.span);
      else if (at.node.kind === 'map') report.add('SINK_KIND', undefined, at.span);
  }
}

/** What a bound under `expect` takes, by what the schema calls it. */
const bounds: Readonly<Record<string, 'rows' | 'partners'>> = {
  'a bound of rows': 'rows',
  'a bound of partners': 'partners',
};

/** The keys of the map that an error is about. */
export function knownKeys(error: ErrorObject): string[] {
  return Object.keys(error.parentSchema?.properties ?? {});
}

/** What the schema calls the thing that an error is about. */
export function titleOf(error: ErrorObject): string {
  return String(error.parentSchema?.title ?? '');
}

function unknownKey(error: ErrorObject, at: Pointed, report: Report): void {
  const name = String(error.params.additionalProperty);
  const span = entryOf(at.node, name)?.keySpan ?? at.span;
  report.add('UNKNOWN_KEY', { name, of: at }, span, suggestion(name, knownKeys(error)));
}

/** A branch of `anyOf` or `oneOf` speaks by that. */
function isConsequence(error: ErrorObject): boolean {
  return /\/(anyOf|oneOf)\//.test(error.schemaPath);
}

/** Whether the map that an error is about also has a key that is not known. */
function hasUnknownKey(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  return errors.some((other) => other.keyword === 'additionalProperties' && other.instancePath === error.instancePath);
}

function missingKey(name: string, at: Pointed, report: Report): void {
  report.add('MISSING_KEY', { name, of: at }, at.span, name === 'key' ? hints.keyless : undefined);
}

const KINDS: Readonly<Record<string, Kind>> = { string: 'text', array: 'list', object: 'map' };

function wrongType(error: ErrorObject, at: Pointed, report: Report): void {
  const types = [error.schema].flat().map(String);
  // Only expressions may be numbers for YAML: `expr: 1`.
  const expected: Kind[] = types.includes('number') ? ['expression'] : types.flatMap((type) => KINDS[type] ?? []);
  const { node } = at;
  const quotable = (node.kind === 'number' || node.kind === 'boolean') && expected.includes('text');
  const hint = quotable ? hints.quoteIt(`'${node.text}'`) : undefined;
  report.add('WRONG_TYPE', { of: at, expected, actual: node.kind }, at.span, hint);
}

function unknownValue(error: ErrorObject, at: Pointed, report: Report): void {
  const { text: name, span } = at.node as ScalarNode;
  // Asked of the schema, for a column under `types` may be named `format`.
  const asked = error.schemaPath.split('/').at(-2) ?? '';
  const hint = suggestion(name, (error.schema as readonly unknown[]).map(String));
  const synonym = synonyms.get(name.toLowerCase());
  if (asked === 'format') report.add('UNKNOWN_FORMAT', { name }, span, hint);
  else if (asked === 'on_fail') report.add('UNKNOWN_ON_FAIL', { name }, span, hint);
  else if (asked === 'mode') report.add('UNKNOWN_MODE', { name }, span, hint);
  else report.add('UNKNOWN_TYPE', { name }, span, synonym === undefined ? hint : hints.called(synonym));
}

/** An empty text, a column alone where a list is asked for, or a metric that is no identifier. */
function wrongText(at: Pointed, report: Report): void {
  const { text, span } = at.node as ScalarNode;
  if (text.trim() === '' || at.key === null) report.add('EMPTY_VALUE', { of: at }, at.span);
  else if (at.key === 'keep')
    report.add('WRONG_TYPE', { of: at, expected: ['list'], actual: 'text' }, span, hints.keepList(text));
  else report.add('NOT_AN_IDENTIFIER', { name: at.key, value: text }, span);
}
