import type { Type, Value } from '../../change.ts';
import { printTime, readTime } from './instant.ts';
import { OperationError } from './operation.ts';

/**
 * The one spelling of a value in a target elsewhere: there a time has its own way of being written, and what has no known
 * type is a text. What is no time stays as it is, and is the target's to refuse.
 */
export function spelled(value: Value, type: Type | null): Value {
  if (type === null && value !== null && !(value instanceof Uint8Array)) return String(value);
  if (typeof value !== 'string' || !isRespelled(type)) return value;
  try {
    return printTime(readTime(value, type), type);
  } catch (error) {
    if (error instanceof OperationError) return value;
    throw error;
  }
}

function isRespelled(type: Type | null): type is 'date' | 'timestamp' | 'timestamptz' {
  return type === 'date' || type === 'timestamp' || type === 'timestamptz';
}
