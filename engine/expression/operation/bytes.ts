import { refuse, shown } from './operation.ts';

/** As PostgreSQL prints bytea. */
export function printBytes(value: Uint8Array): string {
  return `\\x${Buffer.from(value).toString('hex')}`;
}

/** Pairs of hexadecimal digits. */
export function readHex(digits: string): Uint8Array {
  if (!/^(?:[\da-f]{2})*$/i.test(digits)) refuse('BAD_CAST', { value: shown(digits), type: 'bytes' });
  return Buffer.from(digits, 'hex');
}

/** As PostgreSQL reads bytea: `\x` and hexadecimal digits, else text in which `\\` and `\ooo` are single bytes. */
export function readBytes(text: string): Uint8Array {
  if (text.startsWith('\\x')) return readHex(text.slice(2).replaceAll(/[ \t\n\r]/g, ''));
  const parts = text.split(/(\\\\|\\[0-3][0-7]{2})/);
  return Buffer.concat(
    parts.map((part, n) => {
      if (n % 2 === 1) return part === '\\\\' ? Buffer.from('\\') : Buffer.of(Number.parseInt(part.slice(1), 8));
      return part.includes('\\') ? refuse('BAD_CAST', { value: shown(text), type: 'bytes' }) : Buffer.from(part);
    }),
  );
}
