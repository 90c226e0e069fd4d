import { setTimeout } from 'node:timers/promises';
import { fail } from '../../diagnostic/diagnostic.ts';
import { isBusy, openLock } from './database.ts';

/** From one try to the next, in ms. */
const BEAT = 50;

/**
 * Waits until nobody else has the turn over a state; gives what ends it. It is held over awaits, as no transaction of the
 * state is: it is one of an empty database beside it, and so ends with the process, however that ends.
 *
 * Throws an EtlError where it is not had within so many ms.
 */
export async function takeTurn(database: string, patience: number): Promise<() => void> {
  const lock = openLock(`${database}-turn`);
  for (const end = Date.now() + patience; ; await setTimeout(BEAT)) {
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return () => lock.close();
    } catch (error) {
      if (isBusy(error) && Date.now() < end) continue;
      lock.close();
      if (isBusy(error)) fail('TARGET_LOCKED', { path: database, seconds: patience / 1000 });
      throw error;
    }
  }
}
