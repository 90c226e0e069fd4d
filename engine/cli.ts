#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import type { main } from './cli/main.ts';
import { openPiece } from './cli/piece.ts';

const command = openPiece<{ readonly main: typeof main }>(fileURLToPath(new URL('./command.cjs', import.meta.url)));
// A batch outlives the young generation and is garbage soon after, of which V8 would let five times as much stand as is in
// use. Not before the command is loaded: V8 takes kept code only where its flags are those that it was made with.
setFlagsFromString('--heap-growing-percent=60');
process.exitCode = await command.exports.main(process.argv.slice(2));
