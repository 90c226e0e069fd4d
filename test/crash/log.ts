import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asLines } from '../log/log.ts';
import type { Dice } from '../postgres/dice.ts';
import { ALONE, ledgerOf, type Scene } from './ledger.ts';

/** A folder of files that grows. */
export interface GrowingLog {
  /** How many there are in all files. */
  readonly records: () => number;
  /** Adds so many transactions: to the last file, or in a new one, as the dice fall if it is not said. */
  readonly grow: (transactions: number, inNew?: boolean) => void;
}

/** Lays out `ledger.yaml` and the folder `log` that it reads, which is still empty. */
export function openLog(folder: string, dice: Dice, scene: Scene = ALONE): GrowingLog {
  writeFileSync(join(folder, 'ledger.yaml'), scene.yaml);
  if (scene.other) writeFileSync(join(folder, 'other.yaml'), scene.other);
  mkdirSync(join(folder, 'log'));
  const next = ledgerOf(dice);
  let [files, records] = [0, 0];
  return {
    records: () => records,
    grow: (transactions, inNew = dice.chance(60)) => {
      if (files === 0 || inNew) files++;
      const lines = Array.from({ length: transactions }, next).flat();
      appendFileSync(join(folder, 'log', `${String(files).padStart(3, '0')}.json`), asLines(lines));
      records += lines.length;
    },
  };
}
