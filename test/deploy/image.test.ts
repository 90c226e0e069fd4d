/** The image, as far as it can be made without a container engine: of the files that it copies, by the commands that it runs. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Copy, commandsOf, copiesOf, readStages } from './dockerfile.ts';

const [BUILDING = [], RUNNING = []] = readStages('deploy/Dockerfile');
const IN_IMAGE = '/opt/etl/';

test('the image copies what is part of the project, and is sent nothing else', () => {
  const copied = copiesOf(BUILDING).flatMap(({ sources }) => sources);
  expect(copied.filter((path) => !existsSync(path))).toEqual([]);
  const [first, ...sent] = readFileSync('deploy/Dockerfile.dockerignore', 'utf8').trim().split('\n');
  expect(first).toBe('*');
  expect(sent.map((line) => line.slice(1)).sort()).toEqual([...copied].sort());
});

test('the clients that it keeps are those that the project is tested with', () => {
  const { peerDependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const embedded = 'chdb';
  const clients = Object.keys(peerDependencies).filter((name) => name !== embedded);
  expect([...keptClients()].sort()).toEqual(clients.sort());
  for (const name of clients) expect(devDependencies).toHaveProperty(name);
});

describe('what is built of the files that it copies', () => {
  const folder = mkdtempSync(join(tmpdir(), 'etl-test-'));
  const [building, image] = [join(folder, 'building'), join(folder, 'image')];

  beforeAll(() => {
    link(readdirSync('node_modules').flatMap(packagesIn), building);
    for (const copy of copiesOf(BUILDING)) copyInto(building, copy, '.');
    const build = commandsOf(BUILDING).find((command) => command.startsWith('npm run'));
    execFileSync('npm', build?.split(' ').slice(1) ?? [], { cwd: building, stdio: 'pipe' });
    const packages = [...productionPackages(), ...keptClients()];
    for (const copy of copiesOf(RUNNING)) {
      if (!copy.target.endsWith('node_modules')) copyInto(image, copy, building);
    }
    link(packages, image);
    symlinkSync(join(image, 'dist', 'cli.js'), join(folder, 'etl'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  // As the image does it: by a link, which the system runs.
  const etl = (...args: string[]) => {
    try {
      return execFileSync(join(folder, 'etl'), args, { cwd: folder, stdio: 'pipe' }).toString();
    } catch (error) {
      return String(error);
    }
  };

  test('runs a mapping, with nothing beside it of what built it', () => {
    const mapping = resolve('mappings/dashboard_metric.yaml');
    expect(existsSync(join(image, 'node_modules', 'esbuild'))).toBe(false);
    expect(etl('run', mapping, '--input', resolve('data/wal.json'))).toContain('529 rows   +529 ~0 -0');
    expect(etl('verify', mapping, '--input', resolve('data/wal.json'))).toContain('529 rows');
  });

  test.each([
    ['ewallet_dim_users', '--input', 'mysql://reader@127.0.0.1:1/wallet'],
    ['ewallet_dim_users', '--input', 'postgres://reader@127.0.0.1:1/wallet'],
    ['ewallet_cdc_transactions', '--output', 'clickhouse:http://127.0.0.1:1/wallet'],
  ])('has the client that %s takes with %s %s', (metric, flag, url) => {
    mkdirSync(join(folder, 'data'), { recursive: true });
    cpSync('data/wallet', join(folder, 'data/wallet'), { recursive: true });
    const told = etl('run', resolve(`mappings/${metric}.yaml`), '--output', 'here.db', flag, url);
    expect(told).toContain('SERVER_NOT_REACHED');
  });
});

/** The packages that stay beside those of production. */
function keptClients(): readonly string[] {
  const install = commandsOf(BUILDING).find((command) => command.startsWith('npm install --save-prod --omit=dev'));
  return (install ?? '').split(' ').filter((word, n) => n > 1 && !word.startsWith('--'));
}

function productionPackages(): readonly string[] {
  return Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).dependencies);
}

function packagesIn(name: string): readonly string[] {
  if (name.startsWith('.')) return [];
  return name.startsWith('@') ? readdirSync(join('node_modules', name)).map((each) => `${name}/${each}`) : [name];
}

function link(packages: readonly string[], folder: string): void {
  for (const name of packages) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(resolve('node_modules', name), place);
  }
}

/** As COPY does it: into a folder that ends with a slash, else to that name; of a folder what is in it. */
function copyInto(folder: string, { sources, target }: Copy, root: string): void {
  for (const source of sources) {
    const [from, to] = [inImage(source), inImage(target)];
    const isFolder = target.endsWith('/');
    cpSync(join(root, from), join(folder, to, isFolder ? basename(from) : ''), { recursive: true });
  }
}

function inImage(path: string): string {
  return path.startsWith(IN_IMAGE) ? path.slice(IN_IMAGE.length) : path;
}
