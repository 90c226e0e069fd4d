/** Loaded before the command (`node --import`): a database has room for `ROOM` pages more than it holds when opened. */
import { replaceDriver } from './driver.mjs';

replaceDriver(
  (Sqlite) =>
    class extends Sqlite {
      constructor(path, options) {
        super(path, options);
        this.pragma(`max_page_count = ${1 + this.pragma('page_count', { simple: true }) + Number(process.env.ROOM)}`);
      }
    },
);
