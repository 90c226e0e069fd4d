#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import type { main } from './cli/main.ts';
import { openPiece } from './cli/piece.ts';

const command = fileURLToPath(new URL('./command.cjs', import.meta.url));
process.exitCode = await openPiece<{ readonly main: typeof main }>(command).exports.main(process.argv.slice(2));
