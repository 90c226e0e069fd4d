import { type Diagnostic, diagnose, EtlError, type Span } from '../diagnostic/diagnostic.ts';
import { type Mapping, placeIn, type Template } from './mapping.ts';

/** The variables of a process, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The text of a template, with its variables: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`, and `$$` for a dollar
 * sign. As in a shell, a default also stands in for an empty variable, and a message also complains of one.
 *
 * Throws MISSING_VARIABLE for all that are not set. The value is text and nothing else: it is expanded after the mapping
 * is parsed, and never looked at again.
 */
export function expand(template: Template, env: Environment, mapping: Pick<Mapping, 'file' | 'text'>): string {
  const missing: Diagnostic[] = [];
  const text = piecesOf(template.template).map((piece) => {
    if (piece.kind !== 'variable') return piece.text;
    const value = lookedUp(piece, env);
    if (value !== null) return value;
    const place = placeIn(mapping, spanOf(piece, template, mapping.text));
    missing.push(diagnose('MISSING_VARIABLE', { name: piece.name, message: piece.message }, { mapping: place }));
    return '';
  });
  if (missing.length > 0) throw new EtlError(missing);
  return text.join('');
}

/** A `$` that begins no variable, and where it stands in the template. */
export interface BadVariable {
  readonly text: string;
  readonly start: number;
}

/** What is no variable although it begins like one. No variable needs to be set for that. */
export function badVariables(template: string): BadVariable[] {
  return piecesOf(template).filter((piece) => piece.kind === 'bad');
}

type Piece = TextPiece | VariablePiece;

interface TextPiece extends BadVariable {
  readonly kind: 'text' | 'bad';
}

interface VariablePiece extends BadVariable {
  readonly kind: 'variable';
  readonly name: string;
  readonly fallback: string | null;
  readonly message: string | null;
}

/** Each alternative is one kind of piece; what begins with `$` and fits none before the last is bad. */
const PIECE =
  /(?<plain>[^$]+)|(?<dollar>\$\$)|\$\{(?<name>[A-Za-z_]\w*)(?::-(?<fallback>[^}]*)|:\?(?<message>[^}]*))?\}|\$(?:\{[^}]*\}?|\w*)/g;

function piecesOf(template: string): Piece[] {
  return Array.from(template.matchAll(PIECE), (match) => {
    const { plain, dollar, name, fallback = null, message = null } = match.groups ?? {};
    const [text, start] = [match[0], match.index];
    if (name !== undefined) return { kind: 'variable', text, start, name, fallback, message };
    if (plain !== undefined) return { kind: 'text', text, start };
    return dollar === undefined ? { kind: 'bad', text, start } : { kind: 'text', text: '$', start };
  });
}

function lookedUp({ name, fallback, message }: VariablePiece, env: Environment): string | null {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  const lacks = value === undefined || (value === '' && (fallback !== null || message !== null));
  return lacks ? fallback : value;
}

/** The variable's own place where the template stands in the file as it is, without folds and escapes; else the template's. */
function spanOf(piece: VariablePiece, { span }: Template, text: string): Span {
  const start = text.slice(span.start, span.end).indexOf(piece.text);
  if (start === -1) return span;
  return { start: span.start + start, end: span.start + start + piece.text.length };
}
