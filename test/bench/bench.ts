import { rmSync, writeFileSync } from 'node:fs';
import { type Bed, onBed } from './bed.ts';
import { surroundings } from './machine.ts';
import { HELP, readOptions, type Trial } from './options.ts';
import { reportOf } from './report.ts';
import { install, RIVALS } from './rivals.ts';
import type { Section } from './section.ts';
import { fanout } from './trials/fanout.ts';
import { growth } from './trials/growth.ts';
import { increments } from './trials/increments.ts';
import { load } from './trials/load.ts';
import { mappings } from './trials/mappings.ts';

/** Measures what the flags say and writes it to a file. Gives what is to be printed; `say` is told how far it is. */
export async function bench(args: readonly string[], say: (text: string) => void): Promise<string> {
  const options = readOptions(args);
  if (!options) return HELP;
  if (options.clean) {
    rmSync(options.folder, { recursive: true, force: true });
    return `${options.folder} is removed\n`;
  }
  const failure = options.rivals.some((name) => RIVALS[name]?.package) ? install() : undefined;
  if (failure !== undefined) say(failure);
  const sections = await onBed(options, say, (bed) => run(bed, say));
  const report = reportOf(sections, surroundings(options), options);
  if (options.out !== '-') writeFileSync(options.out, report);
  return report;
}

async function run(bed: Bed, say: (text: string) => void): Promise<readonly Section[]> {
  const sections: Section[] = [];
  for (const [title, section] of bed.options.trials.flatMap((trial) => runsOf(trial, bed))) {
    say(title);
    sections.push(await section());
  }
  return sections;
}

type Planned = readonly [title: string, section: () => Promise<Section>];

function runsOf(trial: Trial, bed: Bed): readonly Planned[] {
  const { sizes } = bed.options;
  const largest = Math.max(...sizes);
  switch (trial) {
    case 'load':
      return sizes.map((size): Planned => [`load ${size}`, () => load(bed, size)]);
    case 'growth':
      return [[`growth ${largest}`, () => growth(bed, largest)]];
    case 'mappings':
      return [[`mappings ${largest}`, () => mappings(bed, largest)]];
    case 'increments':
      return [['increments', () => increments(bed, sizes)]];
    case 'fanout':
      return [['fanout', () => fanout(bed, largest)]];
  }
}
