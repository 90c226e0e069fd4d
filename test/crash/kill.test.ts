import { describe, expect, test } from 'vitest';
import { seeds } from '../support/counts.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import { killAndResume, STEPS } from './chain.ts';
import { ALONE, BESIDE, type Scene, TOGETHER } from './ledger.ts';

describe('law 4: runs that are killed and resumed leave what one run leaves', () => {
  test.for(seeds(1, 20))('ETL_SEED=%i', (seed) => survive(seed, ALONE));

  test.for(seeds(0, 2))('beside rows of others, which stay as they are: ETL_SEED=%i', (seed) => survive(seed, BESIDE));

  test.for(seeds(1, 6))('of two mappings that share what they read: ETL_SEED=%i', (seed) => survive(seed, TOGETHER));
});

async function survive(seed: number, scene: Scene): Promise<void> {
  const kills = await inScratch((folder) => killAndResume(folder, seed, scene));
  for (const step of STEPS) {
    const count = kills.filter((each) => each === step).length;
    expect(count).toBeGreaterThan(0);
    tell(`kills in ${step}`, count);
  }
}
