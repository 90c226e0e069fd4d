/** The text with the passwords of URLs in it as stars, as many as they have characters: carets below still fit. */
export function withoutPasswords(text: string): string {
  return text.replace(PASSWORD, (_, before: string, password: string) => before + '*'.repeat(password.length));
}

/** Of a URL that lacks a slash or has one too many, too. */
const PASSWORD = /(:\/*[^\s:/@]*:(?!\/\/)|[?&]password=)([^\s'"&]+(?=@)|(?<==)[^\s'"&]+)/g;
