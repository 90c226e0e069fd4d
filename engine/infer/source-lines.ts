import { defaultMode, type Format, type OperationFormat } from '../mapping/format.ts';
import type { Source } from '../source/read.ts';
import { lineScalar, list, scalar } from './scalar.ts';

/** What stands under `source`. */
export function sourceLines({ path, format, mode }: Source): readonly string[] {
  return [
    `  format: ${format.kind}`,
    // A dollar sign begins a variable there.
    `  path: ${lineScalar(path.replaceAll('$', () => '$$'))}`,
    ...formatLines(format),
    ...(mode === defaultMode(format) ? [] : [`  mode: ${mode}`]),
  ];
}

function formatLines(format: Format): readonly string[] {
  switch (format.kind) {
    case 'csv':
      return [
        ...(format.delimiter === ',' ? [] : [`  delimiter: ${JSON.stringify(format.delimiter)}`]),
        ...(format.encoding.unit === null ? [] : [`  encoding: ${format.encoding.name}`]),
      ];
    case 'json':
      return [
        ...(format.row.length > 0 ? [`  row: ${format.row.join('.')}`] : []),
        ...(format.before ? [`  before: ${format.before.join('.')}`] : []),
        ...(format.operation ? [operationLine(format.operation)] : []),
        ...(format.jsonStrings.length > 0 ? [`  json_strings: ${list(format.jsonStrings)}`] : []),
      ];
    default:
      return [];
  }
}

function operationLine({ field, meanings }: OperationFormat): string {
  const kinds = [...new Set(meanings.map(([, meaning]) => meaning))];
  const said = kinds.map((kind) => {
    const words = meanings.flatMap(([word, meaning]) => (meaning === kind ? [word] : []));
    return `${kind}: ${words.length === 1 ? scalar(words[0] ?? '') : list(words)}`;
  });
  return `  operation: { field: ${field.join('.')}, ${said.join(', ')} }`;
}
