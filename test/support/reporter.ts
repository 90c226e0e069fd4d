import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Ends a run with the tests that were left out and why, and with a line of counts that other tools can read. */
class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
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

/** What the test said when it was left out; of a suite that was left out whole, its name. */
function reasonOf(test: TestCase): string {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return note ?? test.fullName.split(' > ')[0] ?? test.fullName;
}

// biome-ignore lint/style/noDefaultExport: vitest asks for it
export default CountReporter;
