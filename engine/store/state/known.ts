import { existsSync } from 'node:fs';
import type { Plan } from '../../plan/plan.ts';
import type { Names } from '../../sql/names.ts';
import { readDatabase } from '../database/database.ts';
import { namesInState } from './names.ts';
import { findState } from './state.ts';

/** What the state in a file knows of the types of the plan's columns; null where there is none of this plan. */
export function knownTypes(path: string, plan: Plan): Names['type'] | null {
  if (!existsSync(path)) return null;
  const db = readDatabase(path);
  try {
    const state = findState(db, plan);
    return state && state.relations.length > 0 ? namesInState(plan, state.relations).type : null;
  } finally {
    db.close();
  }
}
