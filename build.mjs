// Builds what `npx etl` runs: the schema's validator, then the engine in one piece for each entry.
import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const bundle = { bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning' };

/** The mapping's JSON Schema compiled to code: at run time nothing of ajv is loaded. */
async function buildValidator() {
  const compiler = 'dist/standalone.js';
  await build({ ...bundle, entryPoints: ['engine/mapping/standalone.ts'], outfile: compiler, packages: 'external' });
  const { standaloneValidator } = await import(`./${compiler}`);
  const schema = JSON.parse(await readFile('schemas/mapping.schema.json', 'utf8'));
  await writeFile('dist/mapping-schema.js', standaloneValidator(schema));
  await rm(compiler);
}

/** Packages of plain JavaScript go into the pieces, so that a start reads few files; a native one can't. */
async function buildEngine() {
  await build({
    ...bundle,
    entryPoints: [
      { in: 'engine/cli.ts', out: 'cli' },
      { in: 'engine/stages.ts', out: 'stages' },
      { in: 'engine/source/scout-thread.ts', out: 'scout-thread' },
    ],
    outdir: 'dist',
    splitting: true,
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'linked',
    external: ['better-sqlite3'],
    // Bundled CommonJS packages ask for Node's own modules by `require`. Other packages import `createRequire` themselves.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
  });
}

/**
 * Puts the command among those of the packages, where npx looks first. Otherwise npx installs the clone into its cache
 * at the first call, which is slow and stays broken if that is interrupted. Windows has no links to programs.
 */
async function linkCommand() {
  await chmod('dist/cli.js', 0o755);
  if (process.platform === 'win32') return;
  await mkdir('node_modules/.bin', { recursive: true });
  await rm('node_modules/.bin/etl', { force: true });
  await symlink('../../dist/cli.js', 'node_modules/.bin/etl');
}

await rm('dist', { recursive: true, force: true });
await mkdir('dist');
await buildValidator();
await buildEngine();
await linkCommand();
