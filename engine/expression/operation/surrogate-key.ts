import { createHash } from 'node:crypto';
import { type Operation, text } from './operation.ts';

/**
 * The md5 in hex over canonical texts, each with its length in bytes before it; NULL is `n`.
 *
 * `surrogate_key('ab', NULL, '')` is the md5 of `2:abn0:`. No two lists of values give the same input.
 */
export const surrogateKey: Operation = {
  evaluate: (...args) => {
    const hash = createHash('md5');
    for (const arg of args) hash.update(arg === null ? 'n' : `${Buffer.byteLength(text(arg))}:${text(arg)}`);
    return hash.digest('hex');
  },
};
