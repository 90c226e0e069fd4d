/** The compose file, with what its engines share put into each. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly restart: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly healthcheck?: unknown;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}

export const { services, volumes }: Compose = parse(readFileSync('deploy/compose.yaml', 'utf8'), { merge: true });

export const engines = Object.entries(services).filter(([, { image }]) => image === 'change-log-metrics');
