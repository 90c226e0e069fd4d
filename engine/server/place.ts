/** Passwords that a URL holds, and the URL without them. */
export interface DatabasePlace {
  readonly url: string;
  readonly shown: string;
  readonly secrets: readonly string[];
}

/** Takes the place of a database apart: null for what is none. */
export function placeOf(url: string): DatabasePlace | null {
  if (url.startsWith('sqlite:')) return { url, shown: url.slice('sqlite:'.length), secrets: [] };
  // Without a folder, what is written is gone when it is closed.
  if (url === 'chdb:') return null;
  if (url.startsWith('chdb:')) return { url, shown: url, secrets: [] };
  if (!URL.canParse(url)) return null;
  const { protocol, username, password, host, pathname, searchParams, hash } = new URL(url);
  // What stands before an @ is a login: here it would be taken for a name, and shown.
  if (`${pathname}${hash}`.includes('@')) return null;
  const secrets = [password, decoded(password), ...searchParams.getAll('password')].filter((each) => each !== '');
  const user = username === '' ? '' : `${decoded(username)}@`;
  return { url, shown: `${protocol}//${user}${host}${pathname}`, secrets };
}

/** A text without the passwords of a place, whoever wrote them into it. */
export function withoutSecrets(text: string, { secrets }: DatabasePlace): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
