/** What is used of the package, which brings 550 MB and is installed by those who write to it. */
declare module 'chdb' {
  export class Session {
    constructor(folder: string);
    query(statement: string, format: string): string;
    close(): void;
  }
}
