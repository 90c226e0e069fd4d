/** Loaded before the command (`node --import`): a database has room for `ROOM` pages more than it holds when opened. */
import { replaceDriver } from './driver.mjs';

replaceDriver(
  (Native) =>
    class extends Native {
      constructor(...given) {
        super(...given);
        const held = this.prepare('PRAGMA page_count', this, true).pluck().get();
        this.exec(`PRAGMA max_page_count = ${1 + Number(held) + Number(process.env.ROOM)}`);
      }
    },
);
