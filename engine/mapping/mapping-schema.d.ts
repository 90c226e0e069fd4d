import type { ErrorObject } from 'ajv';

/** The validator that the build makes of `schemas/mapping.schema.json`; `errors` are those of the last call. */
export const validate: {
  (value: unknown): boolean;
  errors?: ErrorObject[] | null;
};
