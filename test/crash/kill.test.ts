import { describe, expect, test } from 'vitest';
import { seeds } from '../support/counts.ts';
import { inScratch } from '../support/scratch.ts';
import { tell } from '../support/tally.ts';
import { killAndResume, STEPS } from './chain.ts';

describe('law 4: runs that are killed and resumed leave what one run leaves', () => {
  test.for(seeds(1, 20))('ETL_SEED=%i', async (seed) => {
    const kills = await inScratch((folder) => killAndResume(folder, seed));
    for (const step of STEPS) {
      const count = kills.filter((each) => each === step).length;
      expect(count).toBeGreaterThan(0);
      tell(`kills in ${step}`, count);
    }
  });
});
