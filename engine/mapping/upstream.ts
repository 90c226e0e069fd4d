import { resolve } from 'node:path';
import { type Diagnostic, diagnose } from '../diagnostic/diagnostic.ts';
import { hints } from '../diagnostic/messages.ts';
import { suggestion } from '../diagnostic/suggest.ts';
import type { Loaded } from './loaded.ts';
import { type Mapping, placeIn, type SourceDeclaration, statePlace } from './mapping.ts';
import { usedColumns } from './used.ts';

/** Loads a mapping that others read; the last of these is read by those before it. */
type Load = (file: string, readers: readonly Mapping[]) => Promise<Loaded>;

/** The mapping with the metrics that it reads; all that is wrong with it, with these, and between them. */
export async function withMetrics(mapping: Mapping, readers: readonly Mapping[], load: Load): Promise<Loaded> {
  const [sources, found]: [SourceDeclaration[], Diagnostic[]] = [[], []];
  for (const source of mapping.sources) {
    const loaded = await metricOf(source, [...readers, mapping], load);
    sources.push({ ...source, metric: 'mapping' in loaded ? loaded.mapping : null });
    if ('diagnostics' in loaded) found.push(...loaded.diagnostics);
  }
  return found.length > 0 ? { diagnostics: found } : { mapping: { ...mapping, sources }, warnings: [] };
}

/** All metrics that a mapping reads, and that are read for these. */
export function metricsRead(mapping: Mapping): readonly Mapping[] {
  return mapping.sources.flatMap(({ metric }) => (metric ? [metric, ...metricsRead(metric)] : []));
}

async function metricOf(
  { format, path }: SourceDeclaration,
  chain: readonly Mapping[],
  load: Load,
): Promise<Loaded | { readonly mapping: null }> {
  const reader = chain.at(-1);
  if (format.kind !== 'metric' || reader === undefined) return { mapping: null };
  const { template: file, span } = path;
  const mapping = placeIn(reader, span);
  if (file.includes('${'))
    return refused(
      diagnose('VARIABLE_NOT_HERE', { text: file, name: 'metric' }, { mapping, hint: hints.variablePlaces }),
    );
  const circle = chain.findIndex((each) => resolve(each.file) === resolve(file));
  if (circle >= 0) return refused(inCircle(chain.slice(circle), chain[circle]?.metric ?? '', reader, span));
  const loaded = await load(file, chain);
  if ('diagnostics' in loaded) return { diagnostics: loaded.diagnostics.map((each) => ({ mapping, ...each })) };
  const same = chain.findIndex(({ metric }) => metric === loaded.mapping.metric);
  if (same >= 0) return refused(inCircle(chain.slice(same), loaded.mapping.metric, reader, span));
  const wrong = [...elsewhere(loaded.mapping, reader, span), ...unknownColumns(loaded.mapping, reader, path.template)];
  return wrong.length > 0 ? { diagnostics: wrong } : loaded;
}

function refused(diagnostic: Diagnostic): Loaded {
  return { diagnostics: [diagnostic] };
}

function inCircle(
  chain: readonly Mapping[],
  again: string,
  reader: Mapping,
  span: SourceDeclaration['span'],
): Diagnostic {
  const metrics = [...chain.map(({ metric }) => metric), again];
  return diagnose('METRIC_CIRCLE', { metrics }, { mapping: placeIn(reader, span) });
}

/** Where a variable says the place, it is known when the mapping is run. */
function elsewhere(read: Mapping, reader: Mapping, span: SourceDeclaration['span']): readonly Diagnostic[] {
  const [path, own] = [statePlace(read).template, statePlace(reader).template];
  if (path.includes('$') || own.includes('$') || resolve(path) === resolve(own)) return [];
  const where = { mapping: placeIn(reader, span), hint: besideHint(reader, path) };
  return [diagnose('METRIC_ELSEWHERE', { metric: read.metric, path, own }, where)];
}

/** How a metric comes to be kept where the one that it reads is. */
export function besideHint({ sink }: Mapping, path: string): string {
  return sink.kind === 'sqlite' ? hints.sinkBeside(path) : hints.stateBeside(path);
}

/** Columns that are read and that the metric does not have. */
function unknownColumns(read: Mapping, reader: Mapping, file: string): readonly Diagnostic[] {
  const known = read.columns.map(({ name }) => name);
  const relations = reader.relations.filter(
    ({ source }) => source.format.kind === 'metric' && source.path.template === file,
  );
  const used = usedColumns(reader).flatMap(({ alias, path, span }) =>
    path.kind === 'fact' ? [] : [{ alias, name: path.column, span }],
  );
  return relations.flatMap(({ alias, key, span }) =>
    [...key.map((name) => ({ alias, name, span })), ...used]
      .filter((each) => each.alias === alias && !known.includes(each.name))
      .map(({ name, span: at }) =>
        diagnose(
          'NO_SUCH_COLUMN',
          { name, metric: read.metric },
          { mapping: placeIn(reader, at), hint: suggestion(name, known) },
        ),
      ),
  );
}
