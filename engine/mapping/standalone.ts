import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';

/**
 * The schema as the code of a module that exports `validate`, for the build: at run time nothing of ajv is loaded.
 *
 * Findings carry the schema around them (`verbose`), from which the near name of an unknown key is taken. Keywords that
 * ajv answers from its runtime (`format`, `uniqueItems` of objects, `minLength`) would need a `require`, and are refused.
 */
export function standaloneValidator(schema: object): string {
  const ajv = new Ajv({
    code: { source: true, esm: true },
    allErrors: true,
    verbose: true,
    strict: true,
    strictTypes: true,
    strictRequired: false,
    allowUnionTypes: true,
  });
  const code = standaloneCode.default(ajv, ajv.compile(schema));
  const needed = /require\([^)]*\)/.exec(code)?.[0];
  if (needed !== undefined) throw new Error(`the schema uses a keyword that needs ${needed}`);
  return code;
}
