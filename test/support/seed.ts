/** A gate that was green stays green: random tests draw the same cases each time. `ETL_SEED=7` draws others. */
import fc from 'fast-check';
import { SEED } from './counts.ts';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: SEED });
