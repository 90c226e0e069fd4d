import { TestRunner } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** What the test has told of, and how many. */
    told?: Readonly<Record<string, number>>;
  }
}

/** The test that runs has done so many more of these. A run ends with the sums over all tests. */
export function tell(what: string, count = 1): void {
  const test = TestRunner.getCurrentTest();
  if (!test) throw new Error(`"${what}" is told outside of a test`);
  test.meta.told = { ...test.meta.told, [what]: (test.meta.told?.[what] ?? 0) + count };
}
