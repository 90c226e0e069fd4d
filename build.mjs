// Builds what `npx etl` runs: the schema's validator, what is WebAssembly, then the engine in one piece for each entry.
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import asc from 'assemblyscript/asc';
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

/** What looks for patterns sixteen bytes at a time, as a module that brings its WebAssembly along. */
async function buildWideMatch() {
  const compiled = 'dist/wide-match.wasm';
  const options = [
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--optimizeLevel',
    '3',
    '--noAssert',
    '--use',
    'abort=',
    '--outFile',
    compiled,
  ];
  const { error, stderr } = await asc.main(['engine/source/format/wal2json/wide/match.ts', ...options]);
  if (error) throw new Error(stderr.toString());
  const code = (await readFile(compiled)).toString('base64');
  await writeFile(
    'dist/wide-match.js',
    `const code = Buffer.from('${code}', 'base64');
export function openWideMatch() {
  if (!WebAssembly.validate(code)) return null;
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(code)).exports;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
`,
  );
  await rm(compiled);
}

/** Packages go into the pieces, so that a start reads few files; but for what is native, which can't. */
const engine = {
  ...bundle,
  outdir: 'dist',
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'linked',
  external: ['better-sqlite3', 'pg', 'mysql2', '@clickhouse/client', 'chdb'],
};

/** What is used from code, and what runs in a thread of its own. */
async function buildModules() {
  await build({
    ...engine,
    entryPoints: [
      { in: 'engine/stages.ts', out: 'stages' },
      { in: 'engine/source/decode/thread.ts', out: 'decode-thread' },
    ],
    splitting: true,
    // Bundled CommonJS packages ask for Node's own modules by `require`. Other packages import `createRequire` themselves.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
  });
}

/** What draws reports is larger than the rest of the command: it is a piece of its own, which one call in many loads. */
const PAGE = 'engine/report/page/page.ts';
const pageApart = {
  name: 'page apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/page\/page\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './page.cjs', external: true } : null,
    ),
};

async function buildPage() {
  const { outdir, ...rest } = engine;
  await build({ ...rest, format: 'cjs', entryPoints: [PAGE], outfile: `${outdir}/page.cjs` });
}

/** What starts the command; and the command in one piece (`engine/cli/piece.ts`), a function of what CommonJS gives. */
async function buildCommand() {
  await build({ ...engine, entryPoints: ['engine/cli.ts'] });
  await build({
    ...engine,
    format: 'cjs',
    entryPoints: [{ in: 'engine/cli/main.ts', out: 'command' }],
    outExtension: { '.js': '.cjs' },
    define: { 'import.meta.url': 'pieceUrl' },
    supported: { 'dynamic-import': false },
    plugins: [pageApart],
    // The driver is told where its native part is (`store/database/database.ts`), and has no use for what looks for it.
    external: ['bindings', 'pg', 'mysql2', '@clickhouse/client', 'chdb'],
    // Commander runs programs for commands that are not its own. There are none, and that part of Node is a large one.
    alias: { 'node:child_process': 'node:process' },
    banner: {
      js: "(function (module, require, __filename) { const pieceUrl = require('node:url').pathToFileURL(__filename).href;",
    },
    footer: { js: '})' },
  });
}

/** Has the command do what it does most, and keeps the code that V8 made of it, so that no start makes it again. */
async function keepCode() {
  const opener = 'dist/piece.js';
  await build({ ...bundle, entryPoints: ['engine/cli/piece.ts'], outfile: opener });
  const { codeFileOf, openPiece } = await import(`./${opener}`);
  const command = openPiece(resolve('dist/command.cjs'));
  await rehearse(command.exports.main);
  await writeFile(codeFileOf('dist/command.cjs'), command.code());
  await rm(opener);
}

/** Loads a metric, finds nothing new, takes in what has come. */
async function rehearse(main) {
  const folder = await mkdtemp(join(tmpdir(), 'etl-'));
  const [log, output] = [join(folder, 'wal.json'), join(folder, 'metrics.db')];
  const records = (await readFile('data/wal.json', 'utf8')).replace(/,$/gm, '').split('\n').slice(1, -2);
  for (const count of [900, 900, 920]) {
    await writeFile(log, records.slice(0, count).join('\n'));
    const exit = await main(['run', 'mappings/dashboard_metric.yaml', '--input', log, '--output', output, '--quiet']);
    if (exit !== 0) throw new Error(`the command ends with ${exit}`);
  }
  await rm(folder, { recursive: true });
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
await buildWideMatch();
await buildModules();
await buildPage();
await buildCommand();
await keepCode();
await linkCommand();
