/** Loaded before the command (`node --require`): at its end, tells what parts of Node and what files of packages were loaded. */
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  const node = process.moduleLoadList.filter((name) => name.startsWith('NativeModule ')).map((name) => name.slice(13));
  const files = Object.keys(require.cache).flatMap((file) => /.*node_modules.(.*)/.exec(file)?.[1] ?? []);
  writeFileSync(process.env.LOADED, JSON.stringify({ node, files }));
});
