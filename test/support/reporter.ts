import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * Ends a run with what its tests have told of, with the tests that were left out and why, and with a line of counts that
 * other tools can read.
 */
class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    for (const line of toldLines(tests)) console.log(line);
    const of = (state: string) => tests.filter((test) => test.result().state === state);
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const failed = of('failed').length + broken + errors.length;
    for (const reason of new Set(of('skipped').map(reasonOf))) {
      console.log(`left out: ${of('skipped').filter((test) => reasonOf(test) === reason).length} tests: ${reason}`);
    }
    const skipped = of('skipped').length;
    console.log(`${of('passed').length} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  }
}

/** A line for each thing that any test told of, with the sum over all tests. */
function toldLines(tests: readonly TestCase[]): readonly string[] {
  const sums = new Map<string, number>();
  for (const [what, count] of tests.flatMap((test) => Object.entries(test.meta().told ?? {}))) {
    sums.set(what, (sums.get(what) ?? 0) + count);
  }
  const lines = [...sums].map(([what, sum]) => [what, sum.toLocaleString('en')] as const);
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
  const [left, right] = [widest(lines.map(([what]) => what)), widest(lines.map(([, sum]) => sum))];
  return lines.map(([what, sum]) => `${what.padEnd(left)}  ${sum.padStart(right)}`).sort();
}

/** What the test said when it was left out; of a suite that was left out whole, its name. */
function reasonOf(test: TestCase): string {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return note ?? test.fullName.split(' > ')[0] ?? test.fullName;
}

// biome-ignore lint/style/noDefaultExport: vitest asks for it
export default CountReporter;
