import { createRequire } from 'node:module';

/**
 * Has the command open its databases by another class than the SQLite driver's own, which `derive` makes of that one.
 *
 * To be called before the driver is loaded: who imports it gets what it was then. Its main file only hands on this one.
 */
export function replaceDriver(derive) {
  const require = createRequire(import.meta.url);
  const file = 'better-sqlite3/lib/database.js';
  const Sqlite = require(file);
  require.cache[require.resolve(file)].exports = derive(Sqlite);
}
