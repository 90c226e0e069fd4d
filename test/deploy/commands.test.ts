/** What the systemd unit and the page on deployment say is to be run. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCall } from '../../engine/cli/program.ts';
import { loadMapping } from '../../engine/mapping/load.ts';
import { engines, services } from './compose.ts';

const page = readFileSync('deploy/README.md', 'utf8');
const unit = readFileSync('deploy/etl@.service', 'utf8');

/** The program under each of the names that the page has for it, and what follows. */
const CALL = /(?:(?:^|exec \w+ )etl|\/cli\.js|change-log-metrics) ([a-z].*)$/;

test.each(engines)('the engine %s of the compose file runs a command of etl', (_, { command = [] }) =>
  isSound(command),
);

test('the systemd unit runs a command of etl, whatever the metric', async () => {
  const [, command = ''] = /^ExecStart=\/usr\/bin\/node \/opt\/etl\/dist\/cli\.js (.+)$/m.exec(unit) ?? [];
  expect(command).toContain(' mappings/%i.yaml ');
  await isSound(command.replace('%i', 'dashboard_metric').split(' '));
});

test.each(commandsIn(page))('the page names a command of etl: %s', (command) => isSound(command.split(' ')));

test('the page names all ways to run it, and services and files that are there', () => {
  expect(commandsIn(page).map((command) => command.split(' ')[0])).toEqual(
    expect.arrayContaining(['run', 'status', 'verify', 'validate']),
  );
  for (const [, service = ''] of page.matchAll(/ exec (\w+) /g)) expect(services).toHaveProperty(service);
  const links = [...page.matchAll(/\]\(([^)#]+)/g)].map(([, path = '']) => path);
  const files = [...page.matchAll(/deploy\/(?:Dockerfile|compose\.yaml|etl@\.service)/g)].map(([path]) =>
    join('..', path),
  );
  expect([...links, ...files].filter((path) => !existsSync(join('deploy', path)))).toEqual([]);
});

/** Of the commands in lines of code and within the text, what follows the program's name. */
function commandsIn(text: string): readonly string[] {
  const code = [...text.replaceAll('\\\n', '').matchAll(/```.*\n([\s\S]*?)```|`([^`\n]+)`/g)];
  const lines = code.flatMap(([, block, span]) => (block ?? span ?? '').split('\n'));
  return lines.flatMap((line) => CALL.exec(line)?.[1] ?? []);
}

/** Holds that it is understood, and that the mappings that it names have no finding. */
async function isSound(argv: readonly string[]): Promise<void> {
  const [command = ''] = argv;
  expect(await readCall(argv)).toMatchObject({ command });
  for (const path of argv.filter((word) => word.endsWith('.yaml') && !word.includes('*'))) {
    expect(await loadMapping(path)).not.toHaveProperty('diagnostics');
  }
}
