import type { ErrorObject } from 'ajv';
import { validate } from '#mapping-schema';
import { nearest } from '../diagnostic/suggest.ts';
import { type MapNode, plain, pointed, under, withKey } from './node.ts';
import type { Report } from './report.ts';
import { knownKeys, reportShape } from './shape-findings.ts';

/**
 * Holds a document against `schemas/mapping.schema.json`, and gives it back with misspelled keys put right: such a key is
 * one finding, and neither its absence is another nor does what stands below it escape the stages behind this one.
 */
export function checkShape(root: MapNode, report: Report): MapNode {
  const errors = validate(plain(root)) ? [] : (validate.errors ?? []);
  const slips = slipsIn(root, errors);
  const told = slips.length > 0 ? slips.map((slip) => slip.error) : errors;
  for (const error of told) reportShape(error, errors, root, report);
  if (slips.length === 0) return root;
  const repaired = slips.reduce((map, { pointer, key, meant }) => withKey(map, pointer, key, meant), root);
  return checkShape(repaired, report);
}

/** A key that is not known, and the known one, missing beside it, that is meant. */
interface Slip {
  readonly error: ErrorObject;
  readonly pointer: string;
  readonly key: string;
  readonly meant: string;
}

function slipsIn(root: MapNode, errors: readonly ErrorObject[]): Slip[] {
  const slips = new Map<string, Slip>();
  for (const error of errors) {
    if (error.keyword !== 'additionalProperties') continue;
    const pointer = error.instancePath;
    const key = String(error.params.additionalProperty);
    const meant = nearest(key, knownKeys(error));
    if (meant === undefined || under(pointed(root, pointer).node, meant)) continue;
    // Of two slips for one key the second stays unknown.
    const place = `${pointer}/${meant}`;
    if (!slips.has(place)) slips.set(place, { error, pointer, key, meant });
  }
  return [...slips.values()];
}
