import { createRequire } from 'node:module';

/**
 * Has the command open its databases by another class than the native one of the SQLite driver, which `derive` makes of
 * that one. The driver's own JavaScript is a part of the command, and can't be got at.
 */
export function replaceDriver(derive) {
  const driver = createRequire(import.meta.url)('better-sqlite3/build/Release/better_sqlite3.node');
  driver.Database = derive(driver.Database);
}
