import { channel } from 'node:diagnostics_channel';

/** What a run is at: it reads, or one transaction of the database migrates or stages, derives, writes and commits; it ships. */
export type Step = 'read' | 'migrate' | 'stage' | 'derive' | 'write' | 'commit' | 'ship';

const steps = channel('etl.step');

/** Tells whoever listens to the channel `etl.step` that the run begins a step, and so has ended the one before. */
export function enter(step: Step): void {
  steps.publish(step);
}
