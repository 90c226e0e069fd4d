import { printColumn } from '../expression/print.ts';

/** Words that mean something where an expression begins. Before a dot they are names, but who reads them wonders. */
const KEYWORDS = /^(?:and|as|between|case|cast|else|end|false|filter|in|is|like|not|null|or|over|then|true|when)$/i;

/** A path as a mapping has it. */
export function pathText(alias: string, column: string, steps: readonly string[] = []): string {
  const path = printColumn({ alias, path: { kind: 'nested', column, steps } });
  return KEYWORDS.test(alias) ? `"${alias}"${path.slice(alias.length)}` : path;
}
