import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { engines, services, volumes } from './compose.ts';

test('every service is started again, whatever ends it', () => {
  for (const { restart } of Object.values(services)) expect(restart).toBe('always');
});

test('what services mount is there, and volumes are those that they name', () => {
  const mounts = Object.values(services).flatMap((service) => service.volumes);
  const from = [...new Set(mounts.map((mount) => mount.split(':')[0] ?? ''))];
  const files = from.filter((place) => place.startsWith('.'));
  expect(files.filter((file) => !existsSync(join('deploy', file)))).toEqual([]);
  expect(from.filter((place) => !files.includes(place)).sort()).toEqual(Object.keys(volumes).sort());
});

test('engines wait for what can tell when it is ready', () => {
  const awaited = engines.flatMap(([, engine]) => Object.keys(engine.depends_on ?? {}));
  expect(new Set(awaited)).toEqual(new Set(['mariadb', 'postgres']));
  for (const name of awaited) expect(services[name]).toHaveProperty('healthcheck');
});

test('one of the engines builds the image, of the Dockerfile', () => {
  const builds = engines.flatMap(([, { build }]) => build ?? []);
  expect(builds.map(({ context, dockerfile }) => join('deploy', context, dockerfile))).toEqual(['deploy/Dockerfile']);
});

test.each(engines)('%s has no password in its command, which everybody on the machine may see', (_, { command }) => {
  expect(command?.join(' ')).not.toMatch(/\$|:[^/@ ]+@/);
});
