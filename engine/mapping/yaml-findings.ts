import type { YAMLError } from 'yaml';
import { hints, yamlReasons as reasons } from '../diagnostic/messages.ts';
import type { Report } from './report.ts';

/** Why a text is not YAML, and what might have led there. */
interface Explained {
  readonly reason: string;
  readonly hint?: string;
}

/** Reports a mistake that the YAML parser found. */
export function reportYaml(error: YAMLError, report: Report): void {
  const [start, end] = error.pos.map((offset) => Math.min(offset, report.text.length)) as [number, number];
  const { reason, hint } = explained(error, report.text);
  if (error.code === 'MULTIPLE_DOCS') report.add('SEVERAL_DOCUMENTS', undefined, { start, end });
  else report.add('NOT_YAML', { reason }, { start, end }, hint);
}

function explained(error: YAMLError, text: string): Explained {
  const [start, end] = error.pos;
  const words = text.slice(start, end);
  const first = words.slice(0, 1);
  switch (error.code) {
    case 'BAD_SCALAR_START':
      return { reason: reasons.start(first), hint: hints.leadingSign(first) };
    case 'TAG_RESOLVE_FAILED':
      return { reason: reasons.tag(words), hint: hints.leadingSign('!') };
    case 'TAB_AS_INDENT':
      return { reason: reasons.tab, hint: hints.tabs };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return { reason: reasons.secondColon, hint: hints.innerColon };
    case 'MULTILINE_IMPLICIT_KEY':
      return { reason: reasons.keyLines, hint: hints.colonBlank };
    case 'BAD_DQ_ESCAPE':
      return { reason: reasons.escape };
    case 'RESOURCE_EXHAUSTION':
      return { reason: reasons.deep };
    case 'BAD_INDENT':
      return notIndented(error);
    case 'MISSING_CHAR':
      return missing(error);
    case 'UNEXPECTED_TOKEN':
      return unexpected(text, start);
    default:
      return { reason: inOwnWords(error) };
  }
}

/** The parser has one code for a line out of place and for a bracket that never closes. */
function notIndented(error: YAMLError): Explained {
  const bracket = /end with a (.)/.exec(error.message)?.[1];
  return { reason: bracket === undefined ? reasons.indentation : reasons.bracket(bracket) };
}

function missing(error: YAMLError): Explained {
  if (error.message.includes('quote')) return { reason: reasons.quote };
  if (error.message.includes('Missing ,')) return { reason: reasons.comma, hint: hints.flowComma };
  if (error.message.includes('Implicit map keys')) return { reason: reasons.colon };
  return { reason: inOwnWords(error) };
}

/** Something stands behind a value that YAML takes for ended: by a quote, or by a bracket inside `{ }`. */
function unexpected(text: string, at: number): Explained {
  const before = text.slice(0, at).trimEnd().slice(-1);
  if (text[at] === '{' && text[at - 1] === '$') return { reason: reasons.rest, hint: hints.flowVariable };
  if (text[at] === '{' || text[at] === '[') return { reason: reasons.rest, hint: hints.flowBrackets };
  if (before === '"' || before === "'") return { reason: reasons.rest, hint: hints.leadingQuote };
  return { reason: reasons.rest };
}

/** The parser's own sentence, as a part of ours. */
function inOwnWords(error: YAMLError): string {
  return error.message.slice(0, 1).toLowerCase() + error.message.slice(1);
}
