import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Jest reporter: leaves the counts of one run in <project>/.tally/<tier>.json, for the closing line of the whole. */
export default class Tally {
  constructor(globalConfig, options) {
    this.rootDir = globalConfig.rootDir;
    this.tier = options.tier;
  }
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = results;
    const broken = results.testResults.filter((suite) => suite.testExecError).length;
    mkdirSync(join(this.rootDir, '.tally'), { recursive: true });
    writeFileSync(
      join(this.rootDir, '.tally', `${this.tier}.json`),
      JSON.stringify({
        passed: numPassedTests,
        failed: numFailedTests + broken,
        skipped: numPendingTests,
        suites: numFailedTestSuites,
      }),
    );
  }
}
